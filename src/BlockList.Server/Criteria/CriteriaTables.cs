using BlockList.Server.Criteria;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Data;

internal sealed partial class BlockListDb
{
    public DbSet<ListParameters> Lists => Set<ListParameters>();

    public DbSet<CriteriaVersion> CriteriaVersions => Set<CriteriaVersion>();

    static partial void MapCriteria(ModelBuilder model)
    {
        model.Entity<ListParameters>().ToTable("list", "criteria");
        model.Entity<CriteriaVersion>(version =>
        {
            version.ToTable("version", "criteria");
            version.HasKey(v => new { v.List, v.Version });
            version.HasOne<ListParameters>().WithMany().HasForeignKey(v => v.List);
        });
    }
}
