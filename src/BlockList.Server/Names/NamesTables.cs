using BlockList.Server.Names.Register;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Data;

internal sealed partial class BlockListDb
{
    public DbSet<RegisterDecision> RegisterDecisions => Set<RegisterDecision>();

    static partial void MapNames(ModelBuilder model) => model.Entity<RegisterDecision>(decision =>
    {
        decision.ToTable("decision", "names");
        decision.Property(d => d.Position).ValueGeneratedOnAdd();
        decision.Property(d => d.StatementSha256).ValueGeneratedOnAddOrUpdate();
    });
}
