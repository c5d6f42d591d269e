using System.Text.Json.Nodes;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Format.Tuf;
using BlockList.Server.Data;
using BlockList.Server.Oversight;
using BlockList.Server.Names;
using BlockList.Server.Publishing.Ledger;
using BlockList.Server.Signing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Publishing;

/// <summary>
/// Publishes one list. Its steps are named below; whatever dies between two of them, the next run is the recovery.
/// </summary>
internal sealed partial class PublishVersion(
    NpgsqlDataSource database, IDbContextFactory<BlockListDb> contexts, PinnedRegister pinned, LedgerReplay replay,
    TakeDecisions takeDecisions, TakeNeverBlock takeNeverBlock, OpenGuard openGuard, PublicSuffixes suffixes, OnlineKeys keys, AskVerifier verifier, SignVersion signVersion,
    IOptions<PublishingOptions> options, TimeProvider clock, ILogger<PublishVersion> logger)
{
    /// <summary>Signing targets anew although nothing changed, so that <c>evaluated_at</c> stays young.</summary>
    private static readonly TimeSpan TargetsRenewal = TimeSpan.FromDays(3);

    /// <param name="listId">The list.</param>
    /// <param name="slot">The scheduled slot this run is for, or null where a person asked for it.</param>
    /// <param name="cancellationToken">Stops before the commit or not at all.</param>
    /// <exception cref="SigningException">A key, a root or the register cannot be used.</exception>
    /// <exception cref="LedgerBrokenException">The ledger is not intact.</exception>
    /// <exception cref="NotCountersignedException">The verifier refuses its signature, or does not answer.</exception>
    public async Task<PublishOutcome> RunAsync(string listId, DateTimeOffset? slot, CancellationToken cancellationToken)
    {
        var register = await pinned.TakeAsync(cancellationToken);
        var list = register.Lists.GetValueOrDefault(listId) ?? throw new SigningException($"The agency register has no list {listId}.");
        return await replay.UseAsync(register, state => RunAsync(list, register, state, slot, cancellationToken), cancellationToken);
    }

    private async Task<PublishOutcome> RunAsync(RegisteredList list, AgencyRegister register, LedgerState state, DateTimeOffset? slot, CancellationToken cancellationToken)
    {
        // Take new decisions, and what is new about the never-block register, into the ledger: a transaction of its own each.
        await takeNeverBlock.RunAsync(state, register, cancellationToken);
        await takeDecisions.RunAsync(state, register, cancellationToken);
        FaultPoint.Reach(PublishFaults.Taken);
        // A crash here leaves decisions in the ledger that no version shows yet; the next run starts from them.

        var now = Timestamp.Truncate(clock.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var current = await CurrentState.ReadAsync(db, list.Id, pinned.Roots, cancellationToken);
        if (current.Root.Deployment != register.Deployment) throw new SigningException($"The root of list {list.Id} belongs to another deployment than the register.");

        // Assemble the list for this instant; the guard is asked of every entry.
        var guard = await openGuard.RunAsync(state, register, cancellationToken);
        if (guard.Register.HasNoSites) Log.NoSites(logger);
        var assembled = AssembleList.Run(state, register, list, guard, now, current.NextSerial);
        var at = (state.Position, state.NeverBlock.Revision);
        FaultPoint.Reach(PublishFaults.Assembled);
        // From here to the commit everything is in memory; a crash leaves nothing.

        if (current.Head is not null && assembled.List.HasEntriesOf(current.List))
            return await KeepAsync(list, register, current, assembled, at.Position, slot, now, cancellationToken);

        // Compose the files of the version, with the serial after the last that anybody signed.
        var highest = await verifier.HighestAsync(current.Root, cancellationToken);
        var serial = highest.NextFor(current.Serial, Hashes.Sha256(assembled.List.Bytes));
        if (list.TestDomain is not null && serial != current.NextSerial) assembled = AssembleList.Run(state, register, list, guard, now, serial);
        var listKeys = keys.Of(list.Id, current.Root);
        var serverCa = await File.ReadAllBytesAsync(options.Value.ServerCa, cancellationToken);
        var files = VersionFiles.Compose(current, list, serial, assembled.List, now, serverCa, listKeys);
        FaultPoint.Reach(PublishFaults.Composed);

        // Sign targets, together with the verifier, which derives the same by itself; then snapshot and timestamp.
        var candidate = CandidateOf(list, register, current, CandidateForm.Full, serial, at.Position, now) with { ListSha256 = files.Targets[CurrentState.ListPath].Sha256, Content = files.Step ?? files.New[CurrentState.ListPath] };
        if (await signVersion.RunAsync(current, new SignMetadata(current.Root, listKeys, now), candidate, files.Targets, highest, now, cancellationToken) is not { } signed) return Overtaken(list.Id);
        FaultPoint.Reach(PublishFaults.Signed);

        // Read it all back as a client would: what a client would refuse is never exposed.
        VerifyAsClient(current, signed, files, now);
        FaultPoint.Reach(PublishFaults.Verified);

        // Commit: files, entries, first publications, slot and head become visible together, or not at all.
        if (!await CommitAsync(list, register, current, assembled, files, signed, at, slot, state, cancellationToken))
            return Overtaken(list.Id);
        FaultPoint.Reach(PublishFaults.Committed);
        // A crash here loses the answer, not the version: the next run finds it published and nothing changed.

        Log.Published(logger, list.Id, files.Facts.Version, files.Facts.Count, files.Facts.Added, files.Facts.Removed);
        return new PublishOutcome.Published(files.Facts.Version, files.Facts.Count, files.Facts.Added, files.Facts.Removed, assembled.LeftOut.Count);
    }

    private PublishOutcome.Overtaken Overtaken(string list)
    {
        Log.Overtaken(logger, list);
        return new PublishOutcome.Overtaken();
    }

    /// <summary>What the verifier is asked for, the list being the one before unless said otherwise.</summary>
    private Candidate CandidateOf(RegisteredList list, AgencyRegister register, CurrentState current, string form, Serial serial, long position, DateTimeOffset now) =>
        new(list.Id, serial, form, position, now, register.Version, suffixes.Sha256, current.Before, current.ListSha256, null);

    private static void VerifyAsClient(CurrentState current, SignedSet signed, VersionFiles files, DateTimeOffset now)
    {
        var client = new TrustedMetadata(current.RootBytes, now);
        client.UpdateTimestamp(signed.Timestamp);
        client.UpdateSnapshot(signed.Snapshot);
        client.UpdateTargets(signed.Targets);
        var list = files.New[CurrentState.ListPath];
        if (!client.Targets!.Files[CurrentState.ListPath].Matches(list) || ListFile.Parse(list).Count != files.Facts.Count)
            throw new InvalidOperationException("the composed list does not verify");
    }

    /// <summary>Nothing changed: no version, but the slot is done and the evaluation is signed anew where it grows old.</summary>
    private async Task<PublishOutcome> KeepAsync(RegisteredList list, AgencyRegister register, CurrentState current, AssembledList assembled, long position, DateTimeOffset? slot, DateTimeOffset now, CancellationToken cancellationToken)
    {
        SignedSet? signed = null;
        if (now - current.Head!.TargetsSignedAt >= TargetsRenewal || current.Root.Version != current.Head.RootVersion)
        {
            var files = new Dictionary<string, TargetFile>(current.Targets!.Files, StringComparer.Ordinal);
            files[CurrentState.ListPath] = files[CurrentState.ListPath] with { Custom = (current.Facts! with { EvaluatedAt = now }).ToJson() };
            var candidate = CandidateOf(list, register, current, CandidateForm.Unchanged, current.Serial!.Value, position, now);
            signed = await signVersion.RunAsync(current, new SignMetadata(current.Root, keys.Of(list.Id, current.Root), now), candidate, files, await verifier.HighestAsync(current.Root, cancellationToken), now, cancellationToken);
            if (signed is null) return Overtaken(list.Id);
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (slot is { } at && !await RecordSlotAsync(connection, list.Id, at, null, cancellationToken)) return new PublishOutcome.Overtaken();
        if (signed is not null)
        {
            if (!await CommitMetadata.MoveHeadAsync(connection, list.Id, current.Head, signed, cancellationToken)) return new PublishOutcome.Overtaken();
            await AuditLog.AppendAsync(connection, "publisher", "metadata.sign", list.Id, new() { ["targets_version"] = signed.Numbers.TargetsVersion }, cancellationToken);
        }
        var fresh = await StoreFindings.RunAsync(connection, list.Id, assembled.Findings, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        LogFindings(list.Id, fresh);
        return new PublishOutcome.Unchanged(current.Serial!.Value);
    }

    private async Task<bool> CommitAsync(RegisteredList list, AgencyRegister register, CurrentState current, AssembledList assembled, VersionFiles files,
        SignedSet signed, (long Position, long NeverBlock) at, DateTimeOffset? slot, LedgerState state, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (slot is { } slotAt && !await RecordSlotAsync(connection, list.Id, slotAt, files.Facts.Version.Value, cancellationToken)) return false;
        if (!await CommitMetadata.MoveHeadAsync(connection, list.Id, current.Head, signed, cancellationToken)) return false;
        foreach (var (path, content) in files.New)
            await CommitMetadata.StoreAsync(connection, list.Id, "targets/" + files.Targets[path].LocationOf(path), content, cancellationToken);
        await CommitVersion.StoreAsync(connection, VersionRow(list, register, files, at), current, assembled, state, list, register, cancellationToken);
        await CommitVersion.RecordFirstPublicationsAsync(connection, list.Id, files.Facts, assembled, state, register, cancellationToken);
        await AuditLog.AppendAsync(connection, "publisher", "version.publish", $"{list.Id} {files.Facts.Version}",
            new() { ["count"] = files.Facts.Count, ["added"] = files.Facts.Added, ["removed"] = files.Facts.Removed, ["left_out"] = assembled.LeftOut.Count }, cancellationToken);
        var fresh = await StoreFindings.RunAsync(connection, list.Id, assembled.Findings, files.Facts.EvaluatedAt, cancellationToken);
        FaultPoint.Reach(PublishFaults.Staged);
        await transaction.CommitAsync(cancellationToken);
        LogFindings(list.Id, fresh);
        return true;
    }

    /// <summary>Once for each, when it is found; the queue keeps it before people's eyes after that.</summary>
    private void LogFindings(string list, IReadOnlyList<GuardFinding> fresh)
    {
        foreach (var finding in fresh)
        {
            if (finding.IsLeftOut) Log.LeftOut(logger, list, finding.Episode, finding.Rule);
            else Log.Touched(logger, list, finding.Episode, finding.Rule);
        }
    }

    private PublishedVersion VersionRow(RegisteredList list, AgencyRegister register, VersionFiles files, (long Position, long NeverBlock) at) => new()
    {
        List = list.Id,
        Serial = files.Facts.Version.Value,
        LedgerPosition = at.Position,
        EvaluatedAt = files.Facts.EvaluatedAt,
        PublishedAt = files.Facts.PublishedAt,
        RegisterVersion = register.Version,
        SuffixesSha256 = suffixes.Sha256,
        Parameters = new JsonObject
        {
            ["agencies_needed"] = list.AgenciesNeeded,
            ["countries_needed"] = list.CountriesNeeded,
            ["lease_months"] = list.LeaseMonths,
            ["country"] = list.Country,
            ["test_domain"] = list.TestDomain?.Ascii,
            ["never_block_revision"] = at.NeverBlock,
            ["own_hosts"] = new JsonArray([.. openGuard.OwnHosts(register).Select(host => (JsonNode)host.Ascii)]),
        }.ToJsonString(),
        ListSha256 = files.Targets[CurrentState.ListPath].Sha256,
        PreviousSha256 = files.Facts.PreviousSha256,
        Count = files.Facts.Count,
        Added = files.Facts.Added,
        Removed = files.Facts.Removed,
        Salt = files.Facts.Salt,
    };

    /// <summary>One outcome for each slot, whoever comes first.</summary>
    private static async Task<bool> RecordSlotAsync(NpgsqlConnection connection, string list, DateTimeOffset slot, int? serial, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "insert into publishing.slot (list, slot_at, outcome, serial) values ($1, $2, $3, $4) on conflict do nothing", connection);
        command.Parameters.AddWithValue(list);
        command.Parameters.AddWithValue(slot);
        command.Parameters.AddWithValue(serial is null ? "unchanged" : "published");
        command.Parameters.AddWithValue(NpgsqlTypes.NpgsqlDbType.Integer, (object?)serial ?? DBNull.Value);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Published {List} version {Serial}: {Count} entries, {Added} added, {Removed} removed.")]
        public static partial void Published(ILogger logger, string list, Serial serial, int count, int added, int removed);

        [LoggerMessage(LogLevel.Information, "Another publisher was first with {List}; this run's work was dropped.")]
        public static partial void Overtaken(ILogger logger, string list);

        [LoggerMessage(LogLevel.Warning, "The entry of {List} with episode {Episode} was decided, but the never-block guard has something against its name ({Rule}): it is left out until a release officer overrides that, where it can be overridden, or ends it with a removal. It stands in the queue Guard.")]
        public static partial void LeftOut(ILogger logger, string list, Guid episode, string rule);

        [LoggerMessage(LogLevel.Critical, "A new rule of the never-block guard ({Rule}) touches the entry of {List} with episode {Episode}, which is published: look today whether innocent names are stopped. It stays until two release officers enforce the rule or one removes it. It stands in the queue Guard.")]
        public static partial void Touched(ILogger logger, string list, Guid episode, string rule);

        [LoggerMessage(LogLevel.Warning, "The never-block register has no list of sites: names that millions visit are guarded by nothing but the people who assess them. A release officer imports one under Register.")]
        public static partial void NoSites(ILogger logger);
    }
}
