using BlockList.Format.Json;
using BlockList.Format.Signatures;
using BlockList.Format.Tuf;
using BlockList.Server.Data;
using BlockList.Server.Names;
using BlockList.Server.Oversight;
using BlockList.Server.Publishing.Ledger;
using BlockList.Server.Publishing.Resuming;
using BlockList.Server.Signing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Publishing;

/// <summary>Signs timestamp and snapshot anew before they grow old, and everything under a new root, whether or not a
/// version is due: a client must be able to tell a quiet list from a frozen one.</summary>
internal sealed class RenewMetadata(NpgsqlDataSource database, IDbContextFactory<BlockListDb> contexts, PinnedRegister pinned, OnlineKeys keys, PublicSuffixes suffixes, AskVerifier verifier, PublishVersion publish, TimeProvider clock)
{
    public static readonly TimeSpan TimestampAge = TimeSpan.FromHours(6);
    public static readonly TimeSpan SnapshotAge = TimeSpan.FromDays(1);

    /// <summary>Returns whether something was signed.</summary>
    public async Task<bool> RunAsync(string list, CancellationToken cancellationToken)
    {
        var now = Timestamp.Truncate(clock.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // After a restore agents refuse what is served, however young it is, until a version is out above what they have seen.
        if (await IsBehindAsync(db, list, cancellationToken))
        {
            if (await publish.RunAsync(list, null, cancellationToken) is PublishOutcome.Overtaken) throw new OvertakenException();
            return true;
        }
        var newest = await db.Heads.AsNoTracking().Where(h => h.List == list).Select(h => new { h.RootVersion, h.TimestampSignedAt, h.TimestampContent }).SingleOrDefaultAsync(cancellationToken);
        if (newest is null) return false;
        var nextRoot = $"tuf/{newest.RootVersion + 1}.{RoleName.Root}.json";
        if (now - SignedAt(newest.TimestampSignedAt, newest.TimestampContent) < TimestampAge && !await db.PublishedFiles.AnyAsync(f => f.List == list && f.Path == nextRoot, cancellationToken)) return false;

        var current = await CurrentState.ReadAsync(db, list, pinned.Roots, cancellationToken);
        var head = current.Head!;
        // Clients refuse at once what was signed by a key that the new root no longer names: everything is signed anew.
        var rotated = head.RootVersion != current.Root.Version;
        var highest = await verifier.HighestAsync(current.Root, cancellationToken);
        // The first root that names a verifier: it signs nothing anew that it never saw, so the list is derived again.
        if (rotated && AskVerifier.IsNeeded(current.Root) && !(highest.Serial >= current.Serial))
        {
            if (await publish.RunAsync(list, null, cancellationToken) is PublishOutcome.Overtaken) throw new OvertakenException();
            return true;
        }
        // Under the same root each document asks for its own key alone: while the targets key is gone, timestamps go on.
        var listKeys = keys.Of(list, current.Root);
        var sign = new SignMetadata(current.Root, rotated ? listKeys.RequireAll() : listKeys, now);
        var numbers = head with { RootVersion = current.Root.Version, TimestampVersion = head.TimestampVersion + 1, TimestampSignedAt = now };
        byte[]? targets = null, snapshot = null;
        LogAppend? log = null;
        if (rotated)
        {
            await TakeAsync(cancellationToken);
            numbers = numbers with { TargetsVersion = Math.Max(Math.Max(head.TargetsVersion, current.Log.TargetsVersion), highest.TargetsVersion) + 1, TargetsSignedAt = now };
            var part = sign.TargetsPart(numbers.TargetsVersion, current.Targets!.Files);
            var candidate = new Candidate(list, current.Serial!.Value, CandidateForm.Resigned, 0, current.Facts!.EvaluatedAt, (await pinned.TakeAsync(cancellationToken)).Version, suffixes.Sha256, current.Before, current.ListSha256, null);
            if (await verifier.RunAsync(current.Root, candidate, numbers.TargetsVersion, CanonicalJson.Encode(part), cancellationToken) is not { } others) throw new OvertakenException();
            targets = sign.Targets(part, others);
            log = sign.Log(current.Log, current.Serial!.Value, numbers.TargetsVersion, targets);
        }
        if (rotated || now - head.SnapshotSignedAt >= SnapshotAge)
        {
            numbers = numbers with { SnapshotVersion = head.SnapshotVersion + 1, SnapshotSignedAt = now };
            snapshot = sign.Snapshot(numbers.SnapshotVersion, MetadataReference.To(numbers.TargetsVersion, targets ?? current.TargetsBytes));
        }
        var timestamp = sign.TimestampFile(numbers.TimestampVersion, MetadataReference.To(numbers.SnapshotVersion, snapshot ?? current.SnapshotBytes));

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await CommitMetadata.MoveHeadAsync(connection, list, head, new SignedSet(numbers, targets, snapshot, timestamp, log), cancellationToken)) return false;
        await AuditLog.AppendAsync(connection, "publisher", "metadata.renew", list, new() { ["timestamp_version"] = numbers.TimestampVersion }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>The verifier signs nothing while a decision is left out of the ledger: those that came since the last look are taken first.</summary>
    private async Task TakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await publish.TakeAsync(cancellationToken);
        }
        catch (LedgerBrokenException)
        {
            // Keys are replaced on such a day too. Who publishes says what is wrong.
        }
    }

    /// <summary>What cannot be read is old: the reading of all of it says what is wrong.</summary>
    private static DateTimeOffset SignedAt(DateTimeOffset row, byte[] timestamp)
    {
        try
        {
            return CurrentState.SignedAt(row, TimestampDocument.Parse(SignedDocument.Parse(timestamp).Signed).Expires, SignMetadata.TimestampLifetime);
        }
        catch (MalformedDocumentException)
        {
            return DateTimeOffset.MinValue;
        }
    }

    private static async Task<bool> IsBehindAsync(BlockListDb db, string list, CancellationToken cancellationToken)
    {
        var floor = await ResumeFloor.ReadAsync(db, list, cancellationToken);
        if (floor == ResumeFloor.None) return false;
        var head = await db.Heads.AsNoTracking().Where(h => h.List == list)
            .Select(h => new HeadNumbers(h.Serial, h.RootVersion, h.TargetsVersion, h.SnapshotVersion, h.TimestampVersion, h.TargetsSignedAt, h.SnapshotSignedAt, h.TimestampSignedAt)).SingleOrDefaultAsync(cancellationToken);
        return head is null || floor.IsAbove(head);
    }
}
