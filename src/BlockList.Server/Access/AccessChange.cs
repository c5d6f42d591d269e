using System.Text.Json.Nodes;
using BlockList.Server.Data;
using BlockList.Server.Oversight;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace BlockList.Server.Access;

/// <summary>What the changes of this module have in common: the audit row before the commit, and the names of constraints.</summary>
internal static class AccessChange
{
    public static NpgsqlConnection Connection(this BlockListDb db) => (NpgsqlConnection)db.Database.GetDbConnection();

    public static async Task CommitAsync(this BlockListDb db, IDbContextTransaction transaction, string actor, string action, string subject, JsonObject? detail, CancellationToken cancellationToken)
    {
        await AuditLog.AppendAsync(db.Connection(), actor, action, subject, detail, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The constraint that refused, or null where something else went wrong.</summary>
    public static string? ConstraintOf(Exception problem) => (problem as PostgresException ?? problem.InnerException as PostgresException)?.ConstraintName;

    /// <summary>Ends sessions of a person inside the caller's transaction, and says how many.</summary>
    public static Task<int> EndSessionsAsync(this BlockListDb db, string person, string because, DateTimeOffset now, CancellationToken cancellationToken, Guid? except = null) =>
        db.BrowserSessions.Where(s => s.Person == person && s.EndedAt == null && s.Id != except)
            .ExecuteUpdateAsync(change => change.SetProperty(s => s.EndedAt, now).SetProperty(s => s.EndedBecause, because), cancellationToken);
}
