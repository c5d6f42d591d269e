using BlockList.Server.Oversight;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Data;

internal sealed partial class BlockListDb
{
    static partial void MapOversight(ModelBuilder model) => model.Entity<AuditRow>(row =>
    {
        row.ToTable("audit", "oversight");
        row.Property(r => r.Detail).HasColumnType("jsonb");
    });
}
