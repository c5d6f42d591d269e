using BlockList.Format;
using BlockList.Format.Tuf;
using BlockList.Server.Http;
using BlockList.Server.Signing;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Publishing;

/// <summary>Metadata of one signing, ready to be exposed. A part that did not change is null and keeps its number.</summary>
/// <param name="Numbers">The numbers after it.</param>
/// <param name="Targets">The targets document.</param>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Timestamp">The timestamp.</param>
/// <param name="Log">The log with the leaf of <paramref name="Targets"/>; null where that is null, or the root names no log key.</param>
internal sealed record SignedSet(HeadNumbers Numbers, byte[]? Targets, byte[]? Snapshot, byte[] Timestamp, LogAppend? Log);

/// <summary>Writes published files and moves a list's head, inside the caller's transaction.</summary>
internal static class CommitMetadata
{
    /// <summary>Stores an immutable file. The same file again is no error: a root can be taken twice, a list can return
    /// to an earlier state.</summary>
    /// <exception cref="SigningException">Other bytes stand there: what names this file's hash must not be exposed.</exception>
    public static async Task StoreAsync(NpgsqlConnection connection, string list, string path, byte[] content, CancellationToken cancellationToken)
    {
        using var step = PublishTrace.Start(PublishTrace.StoreFile);
        var compressed = Compress(content);
        await using var command = new NpgsqlCommand("""
            insert into publishing.file (list, path, sha256, content, brotli, gzip) values ($1, $2, $3, $4, $5, $6)
            on conflict (list, path) do nothing
            """, connection);
        command.Parameters.AddWithValue(list);
        command.Parameters.AddWithValue(path);
        command.Parameters.AddWithValue(Hashes.Sha256(content));
        command.Parameters.AddWithValue(NpgsqlDbType.Bytea, content);
        command.Parameters.AddWithValue(NpgsqlDbType.Bytea, (object?)compressed.Brotli ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Bytea, (object?)compressed.Gzip ?? DBNull.Value);
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 1) return;
        await using var stored = new NpgsqlCommand("select content = $3 from publishing.file where list = $1 and path = $2", connection);
        stored.Parameters.AddWithValue(list);
        stored.Parameters.AddWithValue(path);
        stored.Parameters.AddWithValue(NpgsqlDbType.Bytea, content);
        if (await stored.ExecuteScalarAsync(cancellationToken) is not true)
            throw new SigningException($"The file {path} of list {list} is stored already with other bytes, as after a restore of publishing.head alone. Restore publishing.head and publishing.file from one backup.");
    }

    /// <summary>Stores the metadata files and the log's new leaf, and moves the head from <paramref name="before"/>. False where the head is no
    /// longer there: someone else published, and the caller rolls back.</summary>
    public static async Task<bool> MoveHeadAsync(NpgsqlConnection connection, string list, HeadNumbers? before, SignedSet set, CancellationToken cancellationToken)
    {
        var numbers = set.Numbers;
        var timestamp = Compress(set.Timestamp);
        await using var command = new NpgsqlCommand(before is null
            ? """
              insert into publishing.head (list, serial, root_version, targets_version, snapshot_version, timestamp_version, timestamp_content,
                timestamp_brotli, timestamp_gzip, targets_signed_at, snapshot_signed_at, timestamp_signed_at)
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (list) do nothing
              """
            : """
              update publishing.head set serial = $2, root_version = $3, targets_version = $4, snapshot_version = $5, timestamp_version = $6,
                timestamp_content = $7, timestamp_brotli = $8, timestamp_gzip = $9, targets_signed_at = $10, snapshot_signed_at = $11, timestamp_signed_at = $12
              where list = $1 and serial = $13 and timestamp_version = $14
              """, connection);
        command.Parameters.AddWithValue(list);
        foreach (var number in new[] { numbers.Serial, numbers.RootVersion, numbers.TargetsVersion, numbers.SnapshotVersion, numbers.TimestampVersion })
            command.Parameters.AddWithValue(number);
        foreach (var bytes in new[] { timestamp.Content, timestamp.Brotli ?? timestamp.Content, timestamp.Gzip ?? timestamp.Content })
            command.Parameters.AddWithValue(NpgsqlDbType.Bytea, bytes);
        foreach (var at in new[] { numbers.TargetsSignedAt, numbers.SnapshotSignedAt, numbers.TimestampSignedAt })
            command.Parameters.AddWithValue(at);
        if (before is not null)
        {
            command.Parameters.AddWithValue(before.Serial);
            command.Parameters.AddWithValue(before.TimestampVersion);
        }
        // The head first: whoever was overtaken learns it here, before its files meet the other's of the same number.
        if (await command.ExecuteNonQueryAsync(cancellationToken) != 1) return false;
        if (set.Targets is not null) await StoreAsync(connection, list, $"tuf/{numbers.TargetsVersion}.{RoleName.Targets}.json", set.Targets, cancellationToken);
        if (set.Snapshot is not null) await StoreAsync(connection, list, $"tuf/{numbers.SnapshotVersion}.{RoleName.Snapshot}.json", set.Snapshot, cancellationToken);
        if (set.Log is not null) await StoreLog.RunAsync(connection, list, set.Log, cancellationToken);
        return true;
    }

    private static Compressed Compress(byte[] content)
    {
        using var step = PublishTrace.Start(PublishTrace.Compress);
        return Compressed.Of(content);
    }
}
