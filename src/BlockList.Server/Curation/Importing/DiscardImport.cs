using BlockList.Server.Access;
using BlockList.Server.Oversight;
using Npgsql;

namespace BlockList.Server.Curation.Importing;

/// <summary>Ends an import that was not submitted: its rows are deleted, its own row stays.</summary>
internal sealed class DiscardImport(NpgsqlDataSource database)
{
    /// <returns>Whether it was there to discard.</returns>
    public async Task<bool> RunAsync(Guid id, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var command = new NpgsqlCommand("""
            update curation.import set state = 'discarded', heartbeat_at = null, step = null, problem = null
            where id = $1 and agency = $2 and (state in ('staged', 'refused', 'failed') or state in ('checking', 'committing') and heartbeat_at < clock_timestamp() - $3)
            """, connection))
        {
            foreach (var value in new object[] { id, viewer.Agency ?? "", ImportRunner.SilentFor }) command.Parameters.AddWithValue(value);
            if (await command.ExecuteNonQueryAsync(cancellationToken) == 0) return false;
        }
        await using (var command = new NpgsqlCommand("with findings as (delete from curation.import_finding where import_id = $1) delete from curation.draft where import_id = $1", connection))
        {
            command.Parameters.AddWithValue(id);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await AuditLog.AppendAsync(connection, viewer.Person, "import.discard", id.ToString(), null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
