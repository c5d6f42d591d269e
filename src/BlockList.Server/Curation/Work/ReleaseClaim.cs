using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Curation.Work;

/// <summary>Gives an entry back to the queue.</summary>
internal sealed class ReleaseClaim(NpgsqlDataSource database)
{
    /// <returns>Null where it is free now; otherwise why not.</returns>
    public async Task<string?> RunAsync(string list, Guid handle, Viewer person, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await EntryWork.FindOpenAsync(connection, list, handle, cancellationToken) is not { } episode) return EntryWork.NotOpen;
        var released = await EntryWork.ExecuteAsync(connection, "delete from curation.claim where episode_id = $1 and agency = $2 and person = $3", cancellationToken, episode, person.Agency ?? "", person.Person);
        if (released == 0) return "You do not hold this entry any more; there is nothing to give back.";
        await EntryWork.RecordAsync(connection, person, "claim.release", handle, list, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}
