using BlockList.Format.Json;
using BlockList.Format.Tuf;
using BlockList.Server.Data;
using BlockList.Server.Names;
using BlockList.Server.Oversight;
using BlockList.Server.Signing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Publishing;

/// <summary>Signs timestamp and snapshot anew before they grow old, and everything under a new root, whether or not a
/// version is due: a client must be able to tell a quiet list from a frozen one.</summary>
internal sealed class RenewMetadata(NpgsqlDataSource database, IDbContextFactory<BlockListDb> contexts, PinnedRegister pinned, OnlineKeys keys, PublicSuffixes suffixes, AskVerifier verifier, PublishVersion publish, TimeProvider clock)
{
    private static readonly TimeSpan TimestampAge = TimeSpan.FromHours(6);
    private static readonly TimeSpan SnapshotAge = TimeSpan.FromDays(1);

    /// <summary>Returns whether something was signed.</summary>
    public async Task<bool> RunAsync(string list, CancellationToken cancellationToken)
    {
        var now = Timestamp.Truncate(clock.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var newest = await db.Heads.AsNoTracking().Where(h => h.List == list).Select(h => new { h.RootVersion, h.TimestampSignedAt }).SingleOrDefaultAsync(cancellationToken);
        if (newest is null) return false;
        var nextRoot = $"tuf/{newest.RootVersion + 1}.{RoleName.Root}.json";
        if (now - newest.TimestampSignedAt < TimestampAge && !await db.PublishedFiles.AnyAsync(f => f.List == list && f.Path == nextRoot, cancellationToken)) return false;

        var current = await CurrentState.ReadAsync(db, list, pinned.Roots, cancellationToken);
        var head = current.Head!;
        // Clients refuse at once what was signed by a key that the new root no longer names: everything is signed anew.
        var rotated = head.RootVersion != current.Root.Version;
        var highest = await verifier.HighestAsync(current.Root, cancellationToken);
        // The first root that names a verifier: it signs nothing anew that it never saw, so the list is derived again.
        if (rotated && AskVerifier.IsNeeded(current.Root) && !(highest.Serial >= current.Serial))
            return await publish.RunAsync(list, null, cancellationToken) is not PublishOutcome.Overtaken;
        var sign = new SignMetadata(current.Root, keys.Of(list, current.Root), now);
        var numbers = head with { RootVersion = current.Root.Version, TimestampVersion = head.TimestampVersion + 1, TimestampSignedAt = now };
        byte[]? targets = null, snapshot = null;
        LogAppend? log = null;
        if (rotated)
        {
            numbers = numbers with { TargetsVersion = Math.Max(Math.Max(head.TargetsVersion, current.Log.TargetsVersion), highest.TargetsVersion) + 1, TargetsSignedAt = now };
            var part = sign.TargetsPart(numbers.TargetsVersion, current.Targets!.Files);
            var candidate = new Candidate(list, current.Serial!.Value, CandidateForm.Resigned, 0, current.Facts!.EvaluatedAt, (await pinned.TakeAsync(cancellationToken)).Version, suffixes.Sha256, current.Before, current.ListSha256, null);
            if (await verifier.RunAsync(current.Root, candidate, numbers.TargetsVersion, CanonicalJson.Encode(part), cancellationToken) is not { } others) return false;
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
}
