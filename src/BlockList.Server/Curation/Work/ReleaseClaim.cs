using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Curation.Work;

/// <summary>Gives a claimed entry back to one's colleagues. It is released as well where it was not claimed any more.</summary>
internal sealed class ReleaseClaim(NpgsqlDataSource database)
{
    public async Task<ClaimOutcome> RunAsync(EntryAddress entry, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await Claims.OpenEpisodeAsync(connection, entry, cancellationToken) is not { } episode) return new ClaimOutcome.Released();
        await using var command = new NpgsqlCommand("delete from curation.claim where episode_id = $1 and person = $2", connection);
        command.Parameters.AddWithValue(episode);
        command.Parameters.AddWithValue(viewer.Person);
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0) return new ClaimOutcome.Released();
        await Claims.AuditAsync(connection, viewer, "claim.release", entry, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ClaimOutcome.Released();
    }
}
