using System.Collections.Concurrent;
using Npgsql;

namespace BlockList.Server.Publishing.Alarms;

/// <summary>Pages somebody while a credential is stopped: none of its decisions counts then, the removals among them too.</summary>
internal sealed class StoppedCredentials(NpgsqlDataSource database, TimeProvider clock)
{
    public const string Decisions = "curation.decision";
    public const string NeverBlock = "names.decision";
    public const string Versions = "publishing.version_decision";

    /// <summary>What was said of each table last, so that a look that changes nothing writes nothing.</summary>
    private readonly ConcurrentDictionary<string, string> said = new(StringComparer.Ordinal);

    /// <param name="table">Where their statements stand.</param>
    /// <param name="stopped">All that are stopped there.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public async Task SettleAsync(string table, IReadOnlyCollection<string> stopped, CancellationToken cancellationToken)
    {
        var now = string.Join(' ', stopped.Order(StringComparer.Ordinal));
        if (said.TryGetValue(table, out var before) && before == now) return;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        foreach (var credential in stopped)
        {
            await AlarmStore.RaiseAsync(connection, Guid.CreateVersion7(clock.GetUtcNow()), CauseOf(table, credential), WatchLists.All, AlarmStore.Ledger,
                $"Credential {credential} is stopped: what stands of it in {table} is not what it signed, or is missing. None of its decisions is taken any more, removals and withdrawals included. The publisher's log says at which statement; look there first.", cancellationToken);
        }
        await using var clear = new NpgsqlCommand("update publishing.alarm set cleared_at = clock_timestamp() where cleared_at is null and starts_with(cause, $1) and not cause = any ($2)", connection);
        clear.Parameters.AddWithValue(CauseOf(table, ""));
        clear.Parameters.AddWithValue(stopped.Select(credential => CauseOf(table, credential)).ToArray());
        await clear.ExecuteNonQueryAsync(cancellationToken);
        said[table] = now;
    }

    private static string CauseOf(string table, string credential) => $"credential:{table}:{credential[..Math.Min(credential.Length, 150)]}";
}
