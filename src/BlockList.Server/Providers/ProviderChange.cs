using System.Text.Json.Nodes;
using BlockList.Server.Data;
using BlockList.Server.Oversight;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace BlockList.Server.Providers;

/// <summary>The end of every change here: its audit row, then the commit of both.</summary>
internal static class ProviderChange
{
    public static async Task CommitWithAuditAsync(this BlockListDb db, IDbContextTransaction transaction, string actor, string action, string subject, JsonObject? detail, CancellationToken cancellationToken)
    {
        await AuditLog.AppendAsync((NpgsqlConnection)db.Database.GetDbConnection(), actor, action, subject, detail, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public static bool IsDuplicate(DbUpdateException problem) =>
        problem.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    public static bool IsDangling(DbUpdateException problem) =>
        problem.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation };
}
