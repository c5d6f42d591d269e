using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Curation.Work;

/// <summary>Adds where to look in another system: an identifier, seen by blind reviewers too.</summary>
internal sealed class AddReference(NpgsqlDataSource database, TimeProvider clock)
{
    /// <returns>Null where it is there now; otherwise why not.</returns>
    public async Task<string?> RunAsync(string list, Guid handle, string type, string number, Viewer person, CancellationToken cancellationToken)
    {
        if (EntryWork.FindObjection(person) is { } objection) return objection;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await EntryWork.FindOpenAsync(connection, list, handle, cancellationToken) is not { } episode) return EntryWork.NotOpen;
        var added = await EntryWork.ExecuteAsync(connection, "insert into curation.reference (id, episode_id, type, number, agency, person) values ($1, $2, $3, $4, $5, $6) on conflict on constraint reference_once do nothing",
            cancellationToken, Guid.CreateVersion7(clock.GetUtcNow()), episode, type, number, person.Agency, person.Person);
        if (added > 0) await EntryWork.RecordAsync(connection, person, "reference.add", handle, list, cancellationToken, ("type", type));
        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}
