using BlockList.Server.Distribution;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Data;

internal sealed partial class BlockListDb
{
    public DbSet<Download> Downloads => Set<Download>();

    public DbSet<Receipt> Receipts => Set<Receipt>();

    static partial void MapDistribution(ModelBuilder model)
    {
        model.Entity<Download>().ToTable("download", "distribution");
        model.Entity<Receipt>(receipt =>
        {
            receipt.ToTable("receipt", "distribution");
            receipt.Property(r => r.Probes).HasColumnType("jsonb");
        });
    }
}
