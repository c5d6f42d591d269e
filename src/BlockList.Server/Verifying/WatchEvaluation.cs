using BlockList.Format.Tuf;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Alarms;
using Npgsql;

namespace BlockList.Server.Verifying;

/// <summary>
/// Says of each list that it was not evaluated for long. Whoever took the publisher over clears its alarms; this one comes
/// from what this role signed itself, and does not wait to be asked.
/// </summary>
internal sealed partial class WatchEvaluation(VerifierRegisters registers, VerifyingRecord record, TimeProvider clock, ILogger<WatchEvaluation> logger)
{
    private static readonly TimeSpan Look = TimeSpan.FromHours(1), Again = TimeSpan.FromDays(1);

    private readonly Dictionary<string, DateTimeOffset> said = new(StringComparer.Ordinal);
    private DateTimeOffset lookedAt;

    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if ((now - lookedAt).Duration() < Look) return;
        lookedAt = now;
        foreach (var list in (await registers.OwnAsync(cancellationToken)).Lists.Keys)
        {
            if (await EvaluatedAtAsync(connection, list, cancellationToken) is not { } at || now - at <= WatchLists.OldEvaluation) said.Remove(list);
            else if (!said.TryGetValue(list, out var before) || (now - before).Duration() >= Again)
            {
                said[list] = now;
                Log.NotEvaluated(logger, list, at.UtcDateTime);
            }
        }
    }

    /// <summary>Of the newest version that was signed and is served; null before the first.</summary>
    private async Task<DateTimeOffset?> EvaluatedAtAsync(NpgsqlConnection connection, string list, CancellationToken cancellationToken)
    {
        foreach (var serial in (await record.SerialsAsync(connection, list, cancellationToken)).Keys.Reverse())
        {
            if (!await VerifyingRecord.IsExposedAsync(connection, list, serial, cancellationToken)) continue;
            return await record.NewestSignedAsync(connection, list, serial, cancellationToken) is { } signed
                ? ListFacts.Parse(TargetsRules.Read(signed).Files[CurrentState.ListPath].Custom!.Value).EvaluatedAt : null;
        }
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "{List} was last evaluated at {At:yyyy-MM-dd HH:mm} UTC. Either removals wait for a person (page Held versions), or the publisher does not look after the list: compare what it says with the ledger. Agents withdraw all of it one lease after that day.")]
        public static partial void NotEvaluated(ILogger logger, string list, DateTime at);
    }
}
