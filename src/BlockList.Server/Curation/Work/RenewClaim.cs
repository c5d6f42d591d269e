using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Curation.Work;

/// <summary>Lengthens one's own claim to half an hour from now, also one that ended and that nobody took since.</summary>
internal sealed class RenewClaim(NpgsqlDataSource database)
{
    public async Task<ClaimOutcome> RunAsync(EntryAddress entry, Viewer viewer, CancellationToken cancellationToken)
    {
        if (!Claims.MayWork(viewer)) return new ClaimOutcome.Refused(Claims.OnlyCurators);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await Claims.OpenEpisodeAsync(connection, entry, cancellationToken) is not { } episode) return new ClaimOutcome.Refused(Claims.NotOpen);
        await using var command = new NpgsqlCommand("""
            update curation.claim set taken_at = clock_timestamp(), expires_at = clock_timestamp() + interval '30 minutes' where episode_id = $1 and agency = $2 and person = $3 returning expires_at
            """, connection);
        command.Parameters.AddWithValue(episode);
        command.Parameters.AddWithValue(viewer.Agency!);
        command.Parameters.AddWithValue(viewer.Person);
        if (await command.ExecuteScalarAsync(cancellationToken) is not DateTime until)
        {
            return await Claims.HolderAsync(connection, episode, viewer, cancellationToken) is { } holder
                ? new ClaimOutcome.HeldByColleague(holder.Name, holder.Until)
                : new ClaimOutcome.Refused("Your claim ended. Claim the entry again; what you typed is kept.");
        }
        await Claims.AuditAsync(connection, viewer, "claim.renew", entry, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ClaimOutcome.Held(new DateTimeOffset(until, TimeSpan.Zero));
    }
}
