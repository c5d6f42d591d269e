using BlockList.Format.Tuf;
using BlockList.Server.Data;
using BlockList.Server.Publishing.Ledger;
using BlockList.Server.Signing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Publishing.Alarms;

/// <summary>Sees that each list is published, and pages somebody where it is not.</summary>
internal sealed partial class WatchLists(NpgsqlDataSource database, IDbContextFactory<BlockListDb> contexts, TimeProvider clock, ILogger<WatchLists> logger)
{
    public const string Publishing = "published";
    public const string Renewing = "renewed";
    public const string Removing = "freed of what is to be removed at once";

    /// <summary>Half of what each lives: long before a client refuses it, and long after it should have been signed anew.</summary>
    private static readonly TimeSpan OldTimestamp = SignMetadata.TimestampLifetime / 2, OldSnapshot = SignMetadata.SnapshotLifetime / 2, OldTargets = SignMetadata.TargetsLifetime / 2;

    private static readonly TimeSpan OldRoot = RootCeremony.RootLifetime / 2;

    /// <summary>One list that cannot be published, whatever the reason, must not keep another from being published.</summary>
    public async Task TryAsync(string list, string what, Func<Task> work, CancellationToken cancellationToken)
    {
        var cause = $"stopped:{what}:{list}";
        try
        {
            await work();
            await SettleAsync(cause, list, AlarmStore.Stopped, null, cancellationToken);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            var isForeseen = problem is SigningException or LedgerBrokenException or NotCountersignedException;
            Log.Stopped(logger, list, what, problem.Message, isForeseen ? null : problem);
            var kind = problem switch
            {
                NotCountersignedException => AlarmStore.Verifier,
                LedgerBrokenException => AlarmStore.Ledger,
                _ => AlarmStore.Stopped,
            };
            await SettleAsync(cause, list, kind, $"List {list} cannot be {what}: {(isForeseen ? problem.Message : "something nobody foresaw; the publisher's log has it.")} What is published stays in force until its metadata expires.", cancellationToken);
        }
    }

    /// <summary>Raises an alarm for metadata that outlived half of its life, and for a root whose holders should meet.</summary>
    public async Task LookAtAgeAsync(string list, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var head = await db.Heads.AsNoTracking().Where(h => h.List == list).Select(h => new { h.TargetsSignedAt, h.SnapshotSignedAt, h.TimestampSignedAt, h.RootVersion }).SingleOrDefaultAsync(cancellationToken);
        if (head is null) return;
        var now = clock.GetUtcNow();
        var old = new List<string>();
        if (now - head.TimestampSignedAt > OldTimestamp) old.Add("timestamp");
        if (now - head.SnapshotSignedAt > OldSnapshot) old.Add("snapshot");
        if (now - head.TargetsSignedAt > OldTargets) old.Add("targets");
        await SettleAsync($"expiry:{list}", list, AlarmStore.Expiry, old.Count == 0 ? null
            : $"Of list {list} {string.Join(", ", old)} passed half of {(old.Count == 1 ? "its life" : "their lives")} without being signed anew. Agents warn when it expires and go on with what they have; find out why nothing signs (the publisher's log, its keys, the verifier).", cancellationToken);
        var root = await CurrentState.FileAsync(db, list, $"tuf/{head.RootVersion}.root.json", cancellationToken);
        var expires = RootDocument.Parse(Format.Signatures.SignedDocument.Parse(root).Signed).Expires;
        await SettleAsync($"root-expiry:{list}", list, AlarmStore.Expiry, expires - now > OldRoot ? null
            : $"Root {head.RootVersion} of list {list} expires on {expires.UtcDateTime:yyyy-MM-dd}. Its holders sign the next one at a ceremony; without it every agent refuses what is signed after that day.", cancellationToken);
    }

    private async Task SettleAsync(string cause, string list, string kind, string? message, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            if (message is null) await AlarmStore.ClearAsync(connection, cause, cancellationToken);
            else await AlarmStore.RaiseAsync(connection, Guid.CreateVersion7(clock.GetUtcNow()), cause, list, kind, message, cancellationToken);
        }
        catch (NpgsqlException problem)
        {
            // The database is away: the log has said what there was to say, and the next sweep raises it.
            Log.NotRaised(logger, list, problem.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "List {List} cannot be {What}: {Problem} What is published stays in force until its metadata expires.")]
        public static partial void Stopped(ILogger logger, string list, string what, string problem, Exception? unforeseen);

        [LoggerMessage(LogLevel.Error, "The alarm of list {List} cannot be stored: {Problem}")]
        public static partial void NotRaised(ILogger logger, string list, string problem);
    }
}
