using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Curation.Work;

/// <summary>Says that one cannot judge a name, on any list and for good: the entry goes back to the queue for a colleague.</summary>
internal sealed class DeclareConflict(NpgsqlDataSource database)
{
    /// <returns>Null where it is recorded; otherwise why not.</returns>
    public async Task<string?> RunAsync(string list, Guid handle, Viewer person, CancellationToken cancellationToken)
    {
        if (EntryWork.FindObjection(person) is { } objection) return objection;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var declared = await EntryWork.ExecuteAsync(connection, "insert into curation.conflict (person, subject_id) select $1, id from curation.subject where id = $2 on conflict do nothing", cancellationToken, person.Person, handle);
        await EntryWork.ExecuteAsync(connection, "delete from curation.claim c using curation.episode e where e.id = c.episode_id and e.subject_id = $2 and c.person = $1", cancellationToken, person.Person, handle);
        if (declared > 0) await EntryWork.RecordAsync(connection, person, "conflict.declare", handle, list, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}
