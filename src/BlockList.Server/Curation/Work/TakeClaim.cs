using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Curation.Work;

/// <summary>Takes an entry to work on for half an hour; taking it again while it is one's own starts that anew.</summary>
internal sealed class TakeClaim(NpgsqlDataSource database)
{
    public async Task<ClaimOutcome> RunAsync(EntryAddress entry, Viewer viewer, CancellationToken cancellationToken)
    {
        if (!Claims.MayWork(viewer)) return new ClaimOutcome.Refused(Claims.OnlyCurators);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await Claims.OpenEpisodeAsync(connection, entry, cancellationToken) is not { } episode) return new ClaimOutcome.Refused(Claims.NotOpen);
        if (await HasConflictAsync(connection, entry, viewer, cancellationToken)) return new ClaimOutcome.Refused("You declared a conflict of interest for this entry. Leave it to a colleague.");
        await using var command = new NpgsqlCommand($"""
            insert into curation.claim as held (episode_id, agency, person, expires_at)
            select $1, $2, $3, clock_timestamp() + interval '30 minutes'
            where (select count(*) from curation.claim where person = $3 and expires_at > clock_timestamp() and episode_id <> $1) < {Claims.Most}
            on conflict (episode_id, agency) do update set person = excluded.person, taken_at = clock_timestamp(), expires_at = excluded.expires_at
            where held.person = excluded.person or held.expires_at <= clock_timestamp()
            returning expires_at
            """, connection);
        command.Parameters.AddWithValue(episode);
        command.Parameters.AddWithValue(viewer.Agency!);
        command.Parameters.AddWithValue(viewer.Person);
        if (await command.ExecuteScalarAsync(cancellationToken) is not DateTime until)
        {
            return await Claims.HolderAsync(connection, episode, viewer, cancellationToken) is { } holder && holder.Person != viewer.Person
                ? new ClaimOutcome.HeldByColleague(holder.Name, holder.Until)
                : new ClaimOutcome.Refused($"You have claimed {Claims.Most} entries. Decide or release some of them first.");
        }
        await Claims.AuditAsync(connection, viewer, "claim.take", entry, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ClaimOutcome.Held(new DateTimeOffset(until, TimeSpan.Zero));
    }

    private static async Task<bool> HasConflictAsync(NpgsqlConnection connection, EntryAddress entry, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select exists (select from curation.conflict where person = $1 and subject_id = $2)", connection);
        command.Parameters.AddWithValue(viewer.Person);
        command.Parameters.AddWithValue(entry.Handle);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
