using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Criteria;
using BlockList.Server.Data;
using BlockList.Server.Oversight;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Curation;

/// <summary>Copies agencies, people, credentials, lists and criteria of a register into tables, for display and for the
/// constraints of received decisions. Nothing is published by these copies.</summary>
internal sealed class LoadRegisterCopy(IDbContextFactory<BlockListDb> contexts)
{
    /// <param name="register">The register, its signatures checked by the caller.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public async Task RunAsync(AgencyRegister register, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await CopyPeople.RunAsync(db, register, cancellationToken);
        await CopyLists.RunAsync(db, register, cancellationToken);
        await AuditLog.AppendAsync((NpgsqlConnection)db.Database.GetDbConnection(), "operator", "register.copy", $"register {register.Version}", null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
