using System.Collections.Concurrent;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Format.Tuf;
using BlockList.Server.Data;
using BlockList.Server.Oversight;
using BlockList.Server.Names;
using BlockList.Server.Publishing.Gates;
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
    TakeDecisions takeDecisions, TakeNeverBlock takeNeverBlock, TakeVersionDecisions takeVersionDecisions, GateList gates, HoldVersion hold, OpenGuard openGuard, PublicSuffixes suffixes, OnlineKeys keys, AskVerifier verifier, SignVersion signVersion, PublishFromBroken broken,
    IOptions<PublishingOptions> options, TimeProvider clock, ILogger<PublishVersion> logger)
{
    /// <summary>Signing targets anew although nothing changed, so that <c>evaluated_at</c> stays young.</summary>
    public static readonly TimeSpan TargetsRenewal = TimeSpan.FromDays(3);

    /// <summary>The newest of each list, as this process last read or wrote it.</summary>
    private readonly ConcurrentDictionary<string, ListFile> newest = new(StringComparer.Ordinal);

    /// <param name="listId">The list.</param>
    /// <param name="cause">Why now.</param>
    /// <param name="cancellationToken">Stops before the commit or not at all.</param>
    /// <exception cref="SigningException">A key, a root or the register cannot be used.</exception>
    /// <exception cref="LedgerBrokenException">The ledger is not intact.</exception>
    /// <exception cref="NotCountersignedException">The verifier refuses its signature, or does not answer.</exception>
    public async Task<PublishOutcome> RunAsync(string listId, PublishCause? cause, CancellationToken cancellationToken)
    {
        var register = await pinned.TakeAsync(cancellationToken);
        var list = register.Lists.GetValueOrDefault(listId) ?? throw new SigningException($"The agency register has no list {listId}.");
        return await replay.UseAsync(register, state => TryAsync(list, register, state, cause, cancellationToken), cancellationToken);
    }

    private async Task<PublishOutcome> TryAsync(RegisteredList list, AgencyRegister register, LedgerState state, PublishCause? cause, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(list, register, state, cause, cancellationToken);
        }
        catch (LedgerBrokenException problem)
        {
            // The run is over: its slot is not done, and what it would add waits. What needs no ledger still goes out.
            await broken.RunAsync(list, register, problem, cancellationToken);
            throw;
        }
    }

    /// <summary>Takes what was received into the ledger, and publishes nothing.</summary>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        var register = await pinned.TakeAsync(cancellationToken);
        await replay.UseAsync(register, async state => await TakeAsync(register, state, cancellationToken), cancellationToken);
    }

    /// <summary>Take what is new into the ledger: of the never-block register, decisions, and people's words on held versions. A transaction of its own each.</summary>
    private async Task<int> TakeAsync(AgencyRegister register, LedgerState state, CancellationToken cancellationToken) =>
        await takeNeverBlock.RunAsync(state, register, cancellationToken)
        + await takeDecisions.RunAsync(state, register, cancellationToken)
        + await takeVersionDecisions.RunAsync(state, register, cancellationToken);

    private async Task<PublishOutcome> RunAsync(RegisteredList list, AgencyRegister register, LedgerState state, PublishCause? cause, CancellationToken cancellationToken)
    {
        await TakeAsync(register, state, cancellationToken);
        FaultPoint.Reach(PublishFaults.Taken);
        // A crash here leaves decisions in the ledger that no version shows yet; the next run starts from them.

        var now = Timestamp.Truncate(clock.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var current = await CurrentState.ReadAsync(db, list.Id, pinned.Roots, cancellationToken, newest.GetValueOrDefault(list.Id));
        newest[list.Id] = current.List;
        if (current.Root.Deployment != register.Deployment) throw new SigningException($"The root of list {list.Id} belongs to another deployment than the register.");

        // Assemble the list for this instant; the guard is asked of every entry.
        var guard = await openGuard.RunAsync(state, register, cancellationToken);
        await broken.ClearAsync(list.Id, cancellationToken);
        if (guard.Register.HasNoSites) Log.NoSites(logger);
        var assembled = AssembleList.Run(state, register, list, guard, now, current.NextSerial);
        var at = (state.Position, state.NeverBlock.Revision);
        // What of it goes out now, and what waits for a slot or for a person.
        var gated = await gates.RunAsync(list, register, current, assembled, cause, state, now, cancellationToken);
        var next = gated.Step.List;
        FaultPoint.Reach(PublishFaults.Assembled);
        // From here to the commit everything is in memory; a crash leaves nothing.

        // After a restore agents may have a later version: the list goes out above it, whether or not it changed.
        var isHidden = current.Head is { } head && current.Floor.HidesVersionsAfter(head) && cause is not PublishCause.Urgent;
        if (current.Head is not null && next.HasEntriesOf(current.List) && !isHidden)
            return await KeepAsync(list, register, current, assembled, gated, at.Position, cause, now, cancellationToken);

        // Compose the files of the version, with the serial after the last that anybody signed.
        var highest = current.Floor.Raise(await verifier.HighestAsync(current.Root, cancellationToken));
        var serial = highest.NextFor(current.Serial, next.Sha256);
        if (list.TestDomain is not null && serial != current.NextSerial)
        {
            assembled = AssembleList.Run(state, register, list, guard, now, serial);
            next = assembled.List;
        }
        var listKeys = keys.Of(list.Id, current.Root).RequireAll();
        var serverCa = await ServerCaFile.ReadAsync(options.Value, cancellationToken);
        var files = VersionFiles.Compose(current, list, serial, next, gated.Describe(current, now), now, serverCa, listKeys);
        FaultPoint.Reach(PublishFaults.Composed);

        // Sign targets, together with the verifier, which derives the same by itself; then snapshot and timestamp.
        var candidate = CandidateOf(list, register, current, gated.FormAfter(current.List), serial, at.Position, now) with { ListSha256 = files.Targets[CurrentState.ListPath].Sha256, Content = files.Step ?? files.New[CurrentState.ListPath] };
        if (await SignAsync(list.Id, current, new SignMetadata(current.Root, listKeys, now), candidate, files.Targets, highest, assembled, gated, now, cancellationToken) is not { } signed) return Overtaken(list.Id);
        FaultPoint.Reach(PublishFaults.Signed);

        // Read it all back as a client would: what a client would refuse is never exposed.
        VerifyAsClient(current, signed, files, now);
        FaultPoint.Reach(PublishFaults.Verified);

        // Commit: files, entries, first publications, slot and head become visible together, or not at all.
        if (!await CommitAsync(list, register, current, assembled, gated, files, signed, at, cause, now, state, cancellationToken))
            return Overtaken(list.Id);
        FaultPoint.Reach(PublishFaults.Committed);
        newest[list.Id] = next;
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

    private async Task<SignedSet?> SignAsync(string list, CurrentState current, SignMetadata sign, Candidate candidate, IReadOnlyDictionary<string, TargetFile> files, Countersigned highest,
        AssembledList assembled, GatedList gated, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            return await signVersion.RunAsync(current, sign, candidate, files, highest, now, cancellationToken);
        }
        catch (NotCountersignedException)
        {
            await hold.UnpublishedAsync(list, current, assembled, gated, (candidate.LedgerPosition, now), cancellationToken);
            throw;
        }
    }

    public static void VerifyAsClient(CurrentState current, SignedSet signed, VersionFiles files, DateTimeOffset now)
    {
        var client = new TrustedMetadata(current.RootBytes, now);
        client.UpdateTimestamp(signed.Timestamp);
        client.UpdateSnapshot(signed.Snapshot);
        client.UpdateTargets(signed.Targets);
        var list = files.New[CurrentState.ListPath];
        if (!client.Targets!.Files[CurrentState.ListPath].Matches(list) || ListFile.Take(list).Count != files.Facts.Count)
            throw new InvalidOperationException("the composed list does not verify");
        signed.Log?.VerifyAsClient(current.Root);
    }

    /// <summary>Nothing changed: no version, but the slot is done and the evaluation is signed anew where it grows old.</summary>
    private async Task<PublishOutcome> KeepAsync(RegisteredList list, AgencyRegister register, CurrentState current, AssembledList assembled, GatedList gated, long position, PublishCause? cause, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Most looks for what cannot wait find nothing.
        if (gated is { IsUrgent: true, Step.Closed: Gate.None, Open.Count: 0 }) return new PublishOutcome.Unchanged(current.Serial!.Value);
        SignedSet? signed = null;
        if (cause is not PublishCause.Urgent && (now - current.Head!.TargetsSignedAt >= TargetsRenewal || current.Root.Version != current.Head.RootVersion || current.Floor.IsAbove(current.Head)))
        {
            var files = new Dictionary<string, TargetFile>(current.Targets!.Files, StringComparer.Ordinal);
            // While a removal waits it is signed anew and not evaluated again: what lapsed would else seem to be looked after.
            if (gated.IsCurrent) files[CurrentState.ListPath] = files[CurrentState.ListPath] with { Custom = (current.Facts! with { EvaluatedAt = now, LeaseMonths = list.LeaseMonths, CriteriaVersion = VersionFiles.CriteriaVersionOf(list) }).ToJson() };
            var candidate = CandidateOf(list, register, current, gated.IsCurrent ? CandidateForm.Unchanged : CandidateForm.Resigned, current.Serial!.Value, position, gated.IsCurrent ? now : current.Facts!.EvaluatedAt);
            signed = await SignAsync(list.Id, current, new SignMetadata(current.Root, keys.Of(list.Id, current.Root).RequireAll(), now), candidate, files, current.Floor.Raise(await verifier.HighestAsync(current.Root, cancellationToken)), assembled, gated, now, cancellationToken);
            if (signed is null) return Overtaken(list.Id);
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await RecordSlot.RunAsync(connection, list.Id, cause, gated.Step.Closed == Gate.None ? "unchanged" : "held", null, cancellationToken)) return new PublishOutcome.Overtaken();
        if (signed is not null)
        {
            if (!await CommitMetadata.MoveHeadAsync(connection, list.Id, current.Head, signed, cancellationToken)) return new PublishOutcome.Overtaken();
            await AuditLog.AppendAsync(connection, "publisher", "metadata.sign", list.Id, new() { ["targets_version"] = signed.Numbers.TargetsVersion }, cancellationToken);
        }
        var held = await hold.RunAsync(connection, list.Id, current.Serial!.Value, gated, (position, now), cancellationToken);
        var fresh = await StoreFindings.RunAsync(connection, list.Id, assembled.Findings, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        hold.Tell(list.Id, held);
        LogFindings(list.Id, fresh);
        return gated.Step.Closed == Gate.None ? new PublishOutcome.Unchanged(current.Serial!.Value) : new PublishOutcome.Held(current.Serial!.Value);
    }

    private async Task<bool> CommitAsync(RegisteredList list, AgencyRegister register, CurrentState current, AssembledList assembled, GatedList gated, VersionFiles files,
        SignedSet signed, (long Position, long NeverBlock) at, PublishCause? cause, DateTimeOffset now, LedgerState state, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await RecordSlot.RunAsync(connection, list.Id, cause, "published", files.Facts.Version.Value, cancellationToken)) return false;
        if (!await CommitMetadata.MoveHeadAsync(connection, list.Id, current.Head, signed, cancellationToken)) return false;
        foreach (var (path, content) in files.New)
            await CommitMetadata.StoreAsync(connection, list.Id, "targets/" + files.Targets[path].LocationOf(path), content, cancellationToken);
        var shown = gated.Shown(assembled);
        await CommitVersion.StoreAsync(connection, PublishedVersion.Of(list, register, files, gated, assembled, current.List, at, now, suffixes.Sha256, openGuard.OwnHosts(register)), current, shown, state, list, register, cancellationToken);
        await CommitVersion.RecordFirstPublicationsAsync(connection, list.Id, files.Facts, shown, state, register, cancellationToken);
        await AuditLog.AppendAsync(connection, "publisher", "version.publish", $"{list.Id} {files.Facts.Version}",
            new() { ["count"] = files.Facts.Count, ["added"] = files.Facts.Added, ["removed"] = files.Facts.Removed, ["left_out"] = assembled.LeftOut.Count, ["urgent"] = files.Facts.Urgent }, cancellationToken);
        var held = await hold.RunAsync(connection, list.Id, files.Facts.Version, gated, (at.Position, now), cancellationToken);
        var fresh = await StoreFindings.RunAsync(connection, list.Id, assembled.Findings, now, cancellationToken);
        FaultPoint.Reach(PublishFaults.Staged);
        await transaction.CommitAsync(cancellationToken);
        hold.Tell(list.Id, held);
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
