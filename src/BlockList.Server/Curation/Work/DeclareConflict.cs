using BlockList.Server.Access;
using BlockList.Server.Oversight;
using Npgsql;

namespace BlockList.Server.Curation.Work;

/// <summary>A person declares that they cannot judge an entry: from then on the database refuses their votes on it, on every
/// list. It is not taken back. Their claims on it end.</summary>
internal sealed class DeclareConflict(NpgsqlDataSource database)
{
    public async Task<WorkOutcome> RunAsync(Guid handle, Viewer viewer, CancellationToken cancellationToken)
    {
        if (viewer.Agency is null) return new WorkOutcome.Refused("", "Only people of an agency judge entries, so only they can have a conflict of interest.");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var command = new NpgsqlCommand("insert into curation.conflict (person, subject_id) select $1, id from curation.subject where id = $2 on conflict do nothing", connection))
        {
            command.Parameters.AddWithValue(viewer.Person);
            command.Parameters.AddWithValue(handle);
            if (await command.ExecuteNonQueryAsync(cancellationToken) == 0) return new WorkOutcome.Unchanged();
        }
        await using (var command = new NpgsqlCommand("delete from curation.claim c using curation.episode e where e.id = c.episode_id and e.subject_id = $2 and c.person = $1", connection))
        {
            command.Parameters.AddWithValue(viewer.Person);
            command.Parameters.AddWithValue(handle);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await AuditLog.AppendAsync(connection, viewer.Person, "conflict.declare", handle.ToString(), new() { ["agency"] = viewer.Agency }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new WorkOutcome.Done();
    }
}
