using BlockList.Format.Json;
using BlockList.Format.Tuf;
using BlockList.Server.Data;
using BlockList.Server.Oversight;
using BlockList.Server.Signing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Publishing;

/// <summary>Signs timestamp and snapshot anew before they grow old, whether or not a version is due: a client must be able
/// to tell a quiet list from a frozen one.</summary>
internal sealed class RenewMetadata(NpgsqlDataSource database, IDbContextFactory<BlockListDb> contexts, OnlineKeys keys, TimeProvider clock)
{
    private static readonly TimeSpan TimestampAge = TimeSpan.FromHours(6);
    private static readonly TimeSpan SnapshotAge = TimeSpan.FromDays(1);

    /// <summary>Returns whether something was signed.</summary>
    public async Task<bool> RunAsync(string list, CancellationToken cancellationToken)
    {
        var now = Timestamp.Truncate(clock.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var signedAt = await db.Heads.AsNoTracking().Where(h => h.List == list).Select(h => (DateTimeOffset?)h.TimestampSignedAt).SingleOrDefaultAsync(cancellationToken);
        if (signedAt is null || now - signedAt < TimestampAge) return false;

        var current = await CurrentState.ReadAsync(db, list, cancellationToken);
        var head = current.Head!;
        // Under a new root everything is signed anew, targets included; that is the next publishing run's part.
        if (head.RootVersion != current.Root.Version) return false;
        var sign = new SignMetadata(current.Root, keys.Of(list), now);
        var numbers = head with { TimestampVersion = head.TimestampVersion + 1, TimestampSignedAt = now };
        byte[]? snapshot = null;
        if (now - head.SnapshotSignedAt >= SnapshotAge)
        {
            numbers = numbers with { SnapshotVersion = head.SnapshotVersion + 1, SnapshotSignedAt = now };
            var targets = await CurrentState.FileAsync(db, list, $"tuf/{head.TargetsVersion}.{RoleName.Targets}.json", cancellationToken);
            snapshot = sign.Snapshot(numbers.SnapshotVersion, MetadataReference.To(head.TargetsVersion, targets));
        }
        var snapshotBytes = snapshot ?? await CurrentState.FileAsync(db, list, $"tuf/{head.SnapshotVersion}.{RoleName.Snapshot}.json", cancellationToken);
        var timestamp = sign.TimestampFile(numbers.TimestampVersion, MetadataReference.To(numbers.SnapshotVersion, snapshotBytes));

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await CommitMetadata.MoveHeadAsync(connection, list, head, new SignedSet(numbers, null, snapshot, timestamp), cancellationToken)) return false;
        await AuditLog.AppendAsync(connection, "publisher", "metadata.renew", list, new() { ["timestamp_version"] = numbers.TimestampVersion }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
