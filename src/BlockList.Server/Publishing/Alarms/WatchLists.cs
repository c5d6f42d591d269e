using System.Collections.Concurrent;
using BlockList.Format.Signatures;
using BlockList.Format.Statements;
using BlockList.Format.Tuf;
using BlockList.Server.Data;
using BlockList.Server.Publishing.Ledger;
using BlockList.Server.Signing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Publishing.Alarms;

/// <summary>Sees that each list is published, and pages somebody where it is not.</summary>
internal sealed partial class WatchLists(NpgsqlDataSource database, IDbContextFactory<BlockListDb> contexts, IOptions<PublishingOptions> options, TimeProvider clock, ILogger<WatchLists> logger)
{
    /// <summary>Where it is not about one list.</summary>
    public const string All = "";

    public const string Watching = "watched";
    private const string Known = "known";

    public const string Publishing = "published";
    public const string Renewing = "renewed";
    public const string Removing = "freed of what is to be removed at once";

    /// <summary>In a row; somebody may be first a few times.</summary>
    private const int ManyTimes = 5;

    private static readonly string[] Reasons = ["stopped", "silent", "refused", "overtaken"];

    private readonly ConcurrentDictionary<string, int> overtaken = new(StringComparer.Ordinal);

    /// <summary>Half of what each lives: long before a client refuses it, and long after it should have been signed anew.</summary>
    private static readonly TimeSpan OldTimestamp = SignMetadata.TimestampLifetime / 2, OldSnapshot = SignMetadata.SnapshotLifetime / 2, OldTargets = SignMetadata.TargetsLifetime / 2;

    /// <summary>Lists are evaluated in their slots, several times a week; after this it is time to find out why not.</summary>
    public static readonly TimeSpan OldEvaluation = TimeSpan.FromDays(14);

    private static readonly TimeSpan OldRoot = RootCeremony.RootLifetime / 2;

    /// <summary>One list that cannot be published, whatever the reason, must not keep another from being published.</summary>
    /// <returns>Whether it went well.</returns>
    public async Task<bool> TryAsync(string list, string what, Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
            overtaken.TryRemove($"{what}:{list}", out _);
            await EndAsync(what, list, cancellationToken);
            return true;
        }
        catch (OvertakenException problem)
        {
            // Neither well nor known to be wrong, unless it goes on: whoever has the verifier's login can say so for ever.
            if (overtaken.AddOrUpdate($"{what}:{list}", 1, (_, times) => times + 1) >= ManyTimes) await FailAsync("overtaken", AlarmStore.Verifier, list, what, $"{problem.Message}, {ManyTimes} times or more in a row. Look whether another publisher works, and at verifying.answer.", null, cancellationToken);
            return false;
        }
        catch (LedgerBrokenException broken)
        {
            // All was done that can be; its alarm was raised where it was found, and stands until the ledger holds again.
            Log.Broken(logger, list, broken.Message);
            await EndAsync(what, list, cancellationToken);
            return true;
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            var foreseen = problem is SigningException or NotCountersignedException ? problem.Message : DatabaseTrouble.Describe(problem);
            // Each in an alarm of its own: who looks after a verifier that is silent does not know yet that it refuses.
            var (reason, kind) = problem switch
            {
                NotCountersignedException { IsSilence: true } => ("silent", AlarmStore.Verifier),
                NotCountersignedException => ("refused", AlarmStore.Verifier),
                _ => ("stopped", AlarmStore.Stopped),
            };
            await FailAsync(reason, kind, list, what, foreseen ?? "something nobody foresaw; the publisher's log has it.", foreseen is null ? problem : null, cancellationToken, isTold: problem is NotCountersignedException { IsRepeated: true });
            return false;
        }
    }

    /// <summary>The register; null, with an alarm, where it cannot be taken.</summary>
    public async Task<AgencyRegister?> TakeRegisterAsync(PinnedRegister pinned, CancellationToken cancellationToken)
    {
        AgencyRegister? register = null;
        await TryAsync(All, Known, async () => register = await pinned.TakeAsync(cancellationToken), cancellationToken);
        return register;
    }

    /// <summary>The lists that were published once, whatever the register says.</summary>
    public async Task<IReadOnlyCollection<string>> PublishedAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Heads.AsNoTracking().Select(h => h.List).Order().ToListAsync(cancellationToken);
    }

    private async Task FailAsync(string reason, string kind, string list, string what, string problem, Exception? unforeseen, CancellationToken cancellationToken, bool isTold = false)
    {
        var stopped = list == All ? "No list can be published" : $"List {list} cannot be {what}";
        if (!isTold) Log.Stopped(logger, stopped, unforeseen?.Message ?? problem, unforeseen);
        await SettleAsync(MatterOf(reason, what, list) + options.Value.Name, list, kind, $"{stopped}: {problem} What is published stays in force until its metadata expires. (Publisher {options.Value.Name}.)", cancellationToken);
    }

    /// <summary>By publisher: one that cannot, beside one that can, is an alarm that stands.</summary>
    private static string MatterOf(string reason, string what, string list) => $"{reason}:{what}:{list}@";

    private async Task EndAsync(string what, string list, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await AlarmStore.ClearAsync(connection, [.. Reasons.Select(reason => MatterOf(reason, what, list))], options.Value.Name, cancellationToken);
        }
        catch (NpgsqlException problem)
        {
            Log.NotRaised(logger, list, problem.Message);
        }
    }

    /// <summary>Raises an alarm for metadata that outlived half of its life, and for a root whose holders should meet.</summary>
    public async Task LookAtAgeAsync(string list, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var head = await db.Heads.AsNoTracking().SingleOrDefaultAsync(h => h.List == list, cancellationToken);
        if (head is null) return;
        var now = clock.GetUtcNow();
        // By their own dates: what the row says of them anybody with this login can write.
        var timestamp = TimestampDocument.Parse(SignedDocument.Parse(head.TimestampContent).Signed);
        var snapshot = SnapshotDocument.Parse(SignedDocument.Parse(await CurrentState.FileAsync(db, list, $"tuf/{head.SnapshotVersion}.snapshot.json", cancellationToken)).Signed);
        var targets = TargetsDocument.Parse(SignedDocument.Parse(await CurrentState.FileAsync(db, list, $"tuf/{head.TargetsVersion}.targets.json", cancellationToken)).Signed);
        var old = new List<string>();
        if (timestamp.Expires - now < OldTimestamp) old.Add("timestamp");
        if (snapshot.Expires - now < OldSnapshot) old.Add("snapshot");
        if (targets.Expires - now < OldTargets) old.Add("targets");
        await SettleAsync($"expiry:{list}", list, AlarmStore.Expiry, old.Count == 0 ? null
            : $"Of list {list} {string.Join(", ", old)} passed half of {(old.Count == 1 ? "its life" : "their lives")} without being signed anew. Agents warn when it expires and go on with what they have; find out why nothing signs (the publisher's log, its keys, the verifier).", cancellationToken);
        var facts = ListFacts.Parse(targets.Files[CurrentState.ListPath].Custom!.Value);
        await SettleAsync($"evaluation:{list}", list, AlarmStore.Expiry, now - facts.EvaluatedAt <= OldEvaluation ? null
            : $"List {list} was last evaluated on {facts.EvaluatedAt.UtcDateTime:yyyy-MM-dd}: it is signed anew, but what should have left it stays. {(facts.LeaseMonths == 0 ? "" : $"On {facts.EvaluatedAt.AddMonths(facts.LeaseMonths).UtcDateTime:yyyy-MM-dd} agents stop blocking all of it. ")}Most likely removals wait for a person: see Held versions. Otherwise the publisher's log says why nothing is published.", cancellationToken);
        var root = await CurrentState.FileAsync(db, list, $"tuf/{head.RootVersion}.root.json", cancellationToken);
        var expires = RootDocument.Parse(SignedDocument.Parse(root).Signed).Expires;
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
            Log.NotRaised(logger, list, DatabaseTrouble.Describe(problem) ?? problem.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "{Stopped}: {Problem} What is published stays in force until its metadata expires.")]
        public static partial void Stopped(ILogger logger, string stopped, string problem, Exception? unforeseen);

        [LoggerMessage(LogLevel.Critical, "List {List}: {Problem} The alarm says what to restore.")]
        public static partial void Broken(ILogger logger, string list, string problem);

        [LoggerMessage(LogLevel.Error, "The alarm of list {List} cannot be stored: {Problem}")]
        public static partial void NotRaised(ILogger logger, string list, string problem);
    }
}
