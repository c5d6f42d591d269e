using Npgsql;

namespace BlockList.Server.Publishing.Alarms;

/// <summary>What somebody must look at. Raised once while its cause stands, cleared when it is gone; people acknowledge it on a
/// page, and the worker tells it to whoever the operator named. Never with a listed name in it.</summary>
internal static class AlarmStore
{
    public const string Held = "held";
    public const string Expiry = "expiry";
    public const string Stopped = "stopped";
    public const string Ledger = "ledger";
    public const string Verifier = "verifier";
    public const string Log = "log";
    public const string Mail = "mail";
    public const string Complaint = "complaint";
    public const string Coverage = "coverage";

    /// <returns>Whether it is new.</returns>
    public static async Task<bool> RaiseAsync(NpgsqlConnection connection, Guid id, string cause, string list, string kind, string message, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            insert into publishing.alarm (id, cause, list, kind, message) values ($1, $2, $3, $4, left($5, 2000))
            on conflict (cause) where cleared_at is null do update set message = excluded.message, seen_at = clock_timestamp()
              where publishing.alarm.message <> excluded.message or publishing.alarm.seen_at < clock_timestamp() - interval '10 minutes'
            returning id
            """, connection);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(cause);
        command.Parameters.AddWithValue(list);
        command.Parameters.AddWithValue(kind);
        command.Parameters.AddWithValue(message);
        return await command.ExecuteScalarAsync(cancellationToken) is Guid raised && raised == id;
    }

    /// <summary>Clears what a publisher raised of some matters, and what others raised of them and have not seen for an hour: they may be gone.</summary>
    /// <param name="connection">The publisher's.</param>
    /// <param name="matters">The beginnings of the causes, up to the publisher's name.</param>
    /// <param name="publisher">Its name.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    public static async Task ClearAsync(NpgsqlConnection connection, string[] matters, string publisher, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            update publishing.alarm set cleared_at = clock_timestamp() where cleared_at is null and exists (
              select from unnest($1) as of (matter) where cause = matter || $2 or (starts_with(cause, matter) and seen_at < clock_timestamp() - interval '1 hour'))
            """, connection);
        command.Parameters.AddWithValue(matters);
        command.Parameters.AddWithValue(publisher);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task ClearAsync(NpgsqlConnection connection, string cause, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("update publishing.alarm set cleared_at = clock_timestamp() where cause = $1 and cleared_at is null", connection);
        command.Parameters.AddWithValue(cause);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
