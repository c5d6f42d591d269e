using BlockList.Server.Providers;
using BlockList.Server.Providers.Applications;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Data;

internal sealed partial class BlockListDb
{
    public DbSet<Provider> Providers => Set<Provider>();

    public DbSet<ProviderList> ProviderLists => Set<ProviderList>();

    public DbSet<ProviderCertificate> ProviderCertificates => Set<ProviderCertificate>();

    public DbSet<ProviderApplication> ProviderApplications => Set<ProviderApplication>();

    static partial void MapProviders(ModelBuilder model)
    {
        model.Entity<ProviderApplication>().ToTable("application", "providers");
        model.Entity<Provider>().ToTable("provider", "providers");
        model.Entity<ProviderList>(list =>
        {
            list.ToTable("provider_list", "providers");
            list.HasKey(l => new { l.ProviderId, l.List });
        });
        model.Entity<ProviderCertificate>(certificate =>
        {
            certificate.ToTable("certificate", "providers");
            certificate.HasKey(c => c.Sha256);
        });
    }
}
