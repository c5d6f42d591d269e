using BlockList.Server.Names.Register;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Data;

internal sealed partial class BlockListDb
{
    public DbSet<RegisterDecision> RegisterDecisions => Set<RegisterDecision>();

    static partial void MapNames(ModelBuilder model) => model.Entity<RegisterDecision>(decision =>
    {
        decision.ToTable("decision", "names");
        // The trigger gives it.
        decision.Property(d => d.Position).ValueGeneratedOnAddOrUpdate();
        decision.Property(d => d.StatementSha256).ValueGeneratedOnAddOrUpdate();
    });
}
