using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Server.Data;
using BlockList.Server.Oversight;
using BlockList.Server.Names;
using BlockList.Server.Publishing.Alarms;
using BlockList.Server.Publishing.Gates;
using BlockList.Server.Publishing.Ledger;
using BlockList.Server.Signing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Publishing;

/// <summary>
/// What goes on for a list while the ledger does not hold: somebody is paged; what release officers removed, and what is off it for a complaint, leaves the list, as far as a
/// day's ceiling goes and never the last entry; and targets are signed anew before they grow old, not evaluated. Nothing is written to
/// the ledger, and no version made here says to rest on it.
/// </summary>
internal sealed partial class PublishFromBroken(NpgsqlDataSource database, IDbContextFactory<BlockListDb> contexts, PinnedRegister pinned, PublicSuffixes suffixes, OnlineKeys keys,
    AskVerifier verifier, SignVersion signVersion, IOptions<PublishingOptions> options, TimeProvider clock, ILogger<PublishFromBroken> logger)
{
    /// <summary>By publisher: beside one that has the wrong secret another may be well.</summary>
    private static string MatterOf(string list) => $"ledger:broken:{list}@";

    /// <exception cref="SigningException">What is published is not what was signed, or a key cannot be used.</exception>
    /// <exception cref="NotCountersignedException">The verifier refuses its signature, or does not answer.</exception>
    public async Task RunAsync(RegisteredList list, AgencyRegister register, LedgerBrokenException broken, CancellationToken cancellationToken)
    {
        var now = Timestamp.Truncate(clock.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var current = await CurrentState.ReadAsync(db, list.Id, pinned.Roots, cancellationToken);
        if (current.Root.Deployment != register.Deployment) throw new SigningException($"The root of list {list.Id} belongs to another deployment than the register.");
        var (going, waiting) = current.Head is null ? ([], 0) : await ChooseAsync(list, register, current, now, cancellationToken);
        await PageAsync(list.Id, broken, waiting, cancellationToken);
        if (going.Count > 0) await PublishAsync(db, list, register, current, going, now, cancellationToken);
        else if (current.Head is not null && now - current.Head.TargetsSignedAt >= PublishVersion.TargetsRenewal) await SignAnewAsync(list, register, current, now, cancellationToken);
    }

    /// <summary>The ledger holds, again or still.</summary>
    public async Task ClearAsync(string list, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await AlarmStore.ClearAsync(connection, [MatterOf(list)], options.Value.Name, cancellationToken);
    }

    /// <returns>What leaves the list now, and how many more wait until the day is over. Nobody can confirm these: their word would be a row of the ledger.</returns>
    private async Task<(IReadOnlyList<DecisionStatement> Going, int Waiting)> ChooseAsync(RegisteredList list, AgencyRegister register, CurrentState current, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var removals = await ReceivedRemovals.ReadAsync(connection, current.List, current.Facts!, list, register, cancellationToken);
        if (removals.Count == 0) return ([], 0);
        var left = StepLimits.UrgentCeiling(current.List.Count) - await GateList.FreedAsync(connection, list.Id, now, cancellationToken);
        // The last entry goes with the word of the list's owner alone.
        var going = removals.Take(Math.Max(0, Math.Min(left, current.List.Count - 1))).ToArray();
        return (going, removals.Count - going.Length);
    }

    private async Task PageAsync(string list, LedgerBrokenException broken, int waiting, CancellationToken cancellationToken)
    {
        var message = $"List {list}: {broken.Message} Restore publishing.ledger and publishing.ledger_assertion from the newest backup in which \"blocklist ledger verify\" finds nothing; treat the logins of the database's owner and of the publisher as stolen.";
        if (waiting > 0) message += $" {waiting} more removals wait: a few may leave the list within a day, and never its last entry.";
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await AlarmStore.RaiseAsync(connection, Guid.CreateVersion7(clock.GetUtcNow()), MatterOf(list) + options.Value.Name, list, AlarmStore.Ledger, message, cancellationToken);
    }

    private async Task PublishAsync(BlockListDb db, RegisteredList list, AgencyRegister register, CurrentState current, IReadOnlyList<DecisionStatement> going, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = await db.Versions.AsNoTracking().SingleAsync(v => v.List == list.Id && v.Serial == current.Head!.Serial, cancellationToken);
        var next = current.List.Except(ListFile.Of(going.Select(removal => removal.Name)));
        var highest = current.Floor.Raise(await verifier.HighestAsync(current.Root, cancellationToken));
        var serial = highest.NextFor(current.Serial, next.Sha256);
        var listKeys = keys.Of(list.Id, current.Root).RequireAll();
        var serverCa = await ServerCaFile.ReadAsync(options.Value, cancellationToken);
        // As old as it was: nobody looked after leases, and agents withdraw the list by that age.
        var files = VersionFiles.Compose(current, list, serial, next, new StepFacts(IsUrgent: true, current.Facts!.EvaluatedAt, []), now, serverCa, listKeys);
        var candidate = new Candidate(list.Id, serial, CandidateForm.Broken, before.LedgerPosition, now, register.Version, suffixes.Sha256, current.Before,
            files.Targets[CurrentState.ListPath].Sha256, files.Step ?? files.New[CurrentState.ListPath]);
        if (await signVersion.RunAsync(current, new SignMetadata(current.Root, listKeys, now), candidate, files.Targets, highest, now, cancellationToken) is not { } signed) return;
        PublishVersion.VerifyAsClient(current, signed, files, now);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await CommitMetadata.MoveHeadAsync(connection, list.Id, current.Head, signed, cancellationToken)) return;
        foreach (var (path, content) in files.New)
            await CommitMetadata.StoreAsync(connection, list.Id, "targets/" + files.Targets[path].LocationOf(path), content, cancellationToken);
        await CommitVersion.InsertAsync(connection, VersionRow(before, register, files, going), cancellationToken);
        await EndAsync(connection, list.Id, serial, going, cancellationToken);
        await AuditLog.AppendAsync(connection, "publisher", "version.publish", $"{list.Id} {serial}", new() { ["count"] = files.Facts.Count, ["added"] = 0, ["removed"] = going.Count, ["ledger_holds"] = false }, cancellationToken);
        FaultPoint.Reach(PublishFaults.Staged);
        await transaction.CommitAsync(cancellationToken);
        Log.Published(logger, list.Id, serial, files.Facts.Count, going.Count);
    }

    private PublishedVersion VersionRow(PublishedVersion before, AgencyRegister register, VersionFiles files, IReadOnlyList<DecisionStatement> going) => new()
    {
        List = before.List,
        Serial = files.Facts.Version.Value,
        LedgerPosition = before.LedgerPosition,
        EvaluatedAt = files.Facts.EvaluatedAt,
        PublishedAt = files.Facts.PublishedAt,
        RegisterVersion = register.Version,
        SuffixesSha256 = suffixes.Sha256,
        Parameters = before.Parameters,
        ListSha256 = files.Targets[CurrentState.ListPath].Sha256,
        PreviousSha256 = files.Facts.PreviousSha256,
        Count = files.Facts.Count,
        Added = 0,
        Removed = files.Facts.Removed,
        Salt = files.Facts.Salt,
        Urgent = true,
        Freed = files.Facts.Removed,
        Waiting = null,
        RemovedBy = [.. going.Select(removal => removal.Id)],
    };

    private static async Task EndAsync(NpgsqlConnection connection, string list, Serial serial, IReadOnlyList<DecisionStatement> going, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            update publishing.entry e set removed_serial = $2, removed_episode_id = gone.episode_id, removed_because = gone.because
            from unnest($3::text[], $4::uuid[], $5::text[]) as gone (line, episode_id, because) where e.list = $1 and e.line = gone.line and e.removed_serial is null
            """, connection);
        command.Parameters.AddWithValue(list);
        command.Parameters.AddWithValue(serial.Value);
        command.Parameters.AddWithValue(going.Select(removal => removal.Name.ToString()).ToArray());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Uuid, going.Select(removal => removal.Episode).ToArray());
        command.Parameters.AddWithValue(going.Select(RemovalReason.Of).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The same document with a later end, so that agents can go on enforcing what is published.</summary>
    private async Task SignAnewAsync(RegisteredList list, AgencyRegister register, CurrentState current, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var candidate = new Candidate(list.Id, current.Serial!.Value, CandidateForm.Resigned, 0, current.Facts!.EvaluatedAt, register.Version, suffixes.Sha256, current.Before, current.ListSha256, null);
        var sign = new SignMetadata(current.Root, keys.Of(list.Id, current.Root).RequireAll(), now);
        if (await signVersion.RunAsync(current, sign, candidate, current.Targets!.Files, current.Floor.Raise(await verifier.HighestAsync(current.Root, cancellationToken)), now, cancellationToken) is not { } signed) return;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await CommitMetadata.MoveHeadAsync(connection, list.Id, current.Head, signed, cancellationToken)) return;
        await AuditLog.AppendAsync(connection, "publisher", "metadata.sign", list.Id, new() { ["targets_version"] = signed.Numbers.TargetsVersion, ["ledger_holds"] = false }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Published {List} version {Serial}: {Count} entries, {Removed} removed by release officers or for complaints. The ledger does not hold, and nothing else of it is published.")]
        public static partial void Published(ILogger logger, string list, Serial serial, int count, int removed);
    }
}
