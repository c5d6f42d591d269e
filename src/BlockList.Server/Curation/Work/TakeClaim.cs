using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Curation.Work;

/// <summary>Takes an entry to work on, or keeps it for another half an hour. Nobody of another agency sees that.</summary>
internal sealed class TakeClaim(NpgsqlDataSource database, TimeProvider clock)
{
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(30);

    /// <summary>One person has only so many hands.</summary>
    public const int Most = 20;

    /// <returns>Null where the claim is the person's now; otherwise why not.</returns>
    public async Task<string?> RunAsync(string list, Guid handle, Viewer person, CancellationToken cancellationToken)
    {
        if (EntryWork.FindObjection(person) is { } objection) return objection;
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await EntryWork.FindOpenAsync(connection, list, handle, cancellationToken) is not { } episode) return EntryWork.NotOpen;
        if (await HoldsTooManyAsync(connection, person, episode, now, cancellationToken)) return $"You hold {Most} claims already. Finish one or give one back; they stand under “Mine” in the queue.";
        var taken = await EntryWork.ExecuteAsync(connection, """
            insert into curation.claim (episode_id, agency, person, taken_at, expires_at) values ($1, $2, $3, $4, $5)
            on conflict (episode_id, agency) do update set person = $3, taken_at = $4, expires_at = $5 where claim.person = $3 or claim.expires_at <= $4
            """, cancellationToken, episode, person.Agency, person.Person, now, now + Lasts);
        if (taken == 0) return await DescribeHolderAsync(connection, episode, person, cancellationToken);
        await EntryWork.RecordAsync(connection, person, "claim.take", handle, list, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    private static async Task<bool> HoldsTooManyAsync(NpgsqlConnection connection, Viewer person, Guid episode, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Locked, so that two windows of one person cannot both take the last one.
        await EntryWork.ExecuteAsync(connection, "select from access.person where id = $1 for no key update", cancellationToken, person.Person);
        await using var command = new NpgsqlCommand("select count(*) from curation.claim where person = $1 and expires_at > $2 and episode_id <> $3", connection);
        command.Parameters.AddWithValue(person.Person);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(episode);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))! >= Most;
    }

    private static async Task<string> DescribeHolderAsync(NpgsqlConnection connection, Guid episode, Viewer person, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select p.name from curation.claim c join access.person p on p.id = c.person where c.episode_id = $1 and c.agency = $2", connection);
        command.Parameters.AddWithValue(episode);
        command.Parameters.AddWithValue(person.Agency!);
        var holder = await command.ExecuteScalarAsync(cancellationToken) as string ?? "A colleague";
        return $"{holder} is assessing this entry. Take another one, or ask them to hand it over; the claim ends by itself half an hour after it was taken.";
    }
}
