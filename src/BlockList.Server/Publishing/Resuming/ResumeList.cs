using System.Globalization;
using System.Text;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Log;
using BlockList.Format.Tuf;
using BlockList.Server.Data;
using BlockList.Server.Oversight;
using BlockList.Server.Signing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Publishing.Resuming;

/// <summary>What is known from outside of a list whose database was restored.</summary>
/// <param name="List">The list.</param>
/// <param name="Copy">Folder with an outside copy of its log; null where there is none.</param>
/// <param name="Serial">The highest version that anybody has, where the copy does not show it.</param>
/// <param name="TargetsVersion">The same of targets.</param>
/// <param name="AcceptGap">The copy may end before them.</param>
/// <param name="By">Who says so.</param>
internal sealed record ResumeRequest(string List, string? Copy, int? Serial, int? TargetsVersion, bool AcceptGap, string By);

/// <summary>From where on a list goes.</summary>
/// <param name="Floor">Above these numbers.</param>
/// <param name="Leaves">How many came back into its log.</param>
/// <param name="LogSize">That it has now.</param>
internal sealed record ResumedFrom(ResumeFloor Floor, int Leaves, long LogSize);

/// <summary>
/// Has a list go on after a restore of the database, above everything that agents may have seen: puts the lost leaves of its log
/// back from an outside copy, and writes down the numbers. The next run publishes a whole version above them.
/// </summary>
internal sealed class ResumeList(NpgsqlDataSource database, IDbContextFactory<BlockListDb> contexts, PinnedRegister pinned, OnlineKeys keys, AskVerifier verifier, TimeProvider clock)
{
    /// <returns>Null where it was done before, and there is nothing to do.</returns>
    /// <exception cref="SigningException">The copy or a number cannot be right; nothing was changed.</exception>
    public async Task<ResumedFrom?> RunAsync(ResumeRequest request, CancellationToken cancellationToken)
    {
        if (!(await pinned.TakeAsync(cancellationToken)).Lists.ContainsKey(request.List)) throw new SigningException($"The agency register has no list {request.List}.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var current = await CurrentState.ReadAsync(db, request.List, pinned.Roots, cancellationToken);
        var stored = await db.LogLeaves.AsNoTracking().Where(l => l.List == request.List).OrderBy(l => l.Position).ToListAsync(cancellationToken);
        var copied = ReadCopy(request, current.Root, stored, await KeysAsync(db, request.List, cancellationToken));
        RequireOneLog(request, stored, copied);

        // The same words twice, or after the list went on.
        var (serial, targets) = (copied.Select(l => l.Version.Value).Append(request.Serial ?? 0).Max(), copied.Select(l => l.TargetsVersion).Append(request.TargetsVersion ?? 0).Max());
        if (await db.ResumedLists.AnyAsync(r => r.List == request.List && r.Serial >= serial && r.TargetsVersion >= targets && r.LogSize >= copied.Count, cancellationToken)) return null;
        if (request.Copy is not null && copied.Count < stored.Count)
            throw new SigningException($"The copy of the log ends with {copied.Count} leaves, and the database has {stored.Count}: it is older than the backup. Nothing was changed. Take a newer copy; where nothing was signed since the backup, one of {stored.Count} leaves.");
        var floor = await FloorAsync(request, current, copied, cancellationToken);
        return await StoreAsync(request, current, stored, copied, floor, cancellationToken);
    }

    /// <summary>What of the log came from outside; nothing where the list has none, or begins one under a new key.</summary>
    private static IReadOnlyList<LogLeaf> ReadCopy(ResumeRequest request, RootDocument root, List<LoggedLeaf> stored, IReadOnlyList<Format.Signatures.VerificationKey> known)
    {
        var origin = Checkpoint.OriginOf(root.Deployment, root.List);
        if (root.LogKey is not { } key)
            return request.Copy is null ? [] : throw new SigningException($"List {root.List} has no transparency log: its root {root.Version} names no log key. Leave --log out.");
        if (request.Copy is not null) return OutsideLog.Read(request.Copy, root.List, origin, known);
        return stored.Count > 0 && !IsSignedBy(stored[^1])
            ? []
            : throw new SigningException($"List {root.List} has a transparency log, and agents stop where it lost leaves. Say --log with an outside copy of it. Where nobody has one, replace the log's key first (runbook, \"Replace an online key\"): agents then forget the log that they know, and no copy is needed.");

        bool IsSignedBy(LoggedLeaf last)
        {
            try
            {
                return Checkpoint.Open(Encoding.UTF8.GetBytes(last.Checkpoint), origin, key) is not null;
            }
            catch (MalformedDocumentException)
            {
                return false;
            }
        }
    }

    /// <summary>The log's keys of every root: a copy may have been made under an earlier one.</summary>
    private static async Task<IReadOnlyList<Format.Signatures.VerificationKey>> KeysAsync(BlockListDb db, string list, CancellationToken cancellationToken)
    {
        var roots = await db.PublishedFiles.AsNoTracking().Where(f => f.List == list && f.Path.StartsWith("tuf/") && f.Path.EndsWith(".root.json")).Select(f => f.Content).ToListAsync(cancellationToken);
        return [.. roots.Select(bytes => RootDocument.Parse(Format.Signatures.SignedDocument.Parse(bytes).Signed)).OrderByDescending(root => root.Version).Select(root => root.LogKey).OfType<Format.Signatures.VerificationKey>().DistinctBy(key => key.KeyId)];
    }

    /// <summary>The restored log must be the beginning of the copy, or the copy that of the log.</summary>
    private static void RequireOneLog(ResumeRequest request, List<LoggedLeaf> stored, IReadOnlyList<LogLeaf> copied)
    {
        for (var leaf = 0; leaf < Math.Min(stored.Count, copied.Count); leaf++)
        {
            if (stored[leaf].Leaf == copied[leaf].ToString()) continue;
            throw new SigningException($"The copy of the log and the database part at leaf {leaf}: the copy has targets {copied[leaf].TargetsVersion} there, the database targets {stored[leaf].TargetsVersion}. Both were signed by the log's key, and agents know one of them. If something of list {request.List} was published between restore and now, restore the backup again and publish nothing before this command. Otherwise take it for an attack (runbook, \"The transparency log\"). Nothing was changed.");
        }
    }

    private async Task<ResumeFloor> FloorAsync(ResumeRequest request, CurrentState current, IReadOnlyList<LogLeaf> copied, CancellationToken cancellationToken)
    {
        var highest = current.Floor.Raise(await verifier.HighestAsync(current.Root, cancellationToken));
        var serial = new[] { current.Head?.Serial ?? 0, highest.Serial?.Value ?? 0, copied.Select(l => l.Version.Value).DefaultIfEmpty(0).Max() }.Max();
        var targets = new[] { current.Head?.TargetsVersion ?? 0, current.Log.TargetsVersion, highest.TargetsVersion, copied.Select(l => l.TargetsVersion).DefaultIfEmpty(0).Max() }.Max();
        if (request.Serial > serial + StepLimits.FurthestJump || request.TargetsVersion > targets + StepLimits.FurthestJump)
            throw new SigningException($"Database and copy know list {request.List} up to version {serial} and targets {targets}; more than {StepLimits.FurthestJump} above that cannot have been signed, and agents hold a version that jumps so far. Nothing was changed. Look at --serial and --targets again.");
        if (copied.Count > 0 && !request.AcceptGap && (request.Serial > serial || request.TargetsVersion > targets))
            throw new SigningException($"The copy of the log ends with version {copied[^1].Version} and targets {copied[^1].TargetsVersion}, and you say that version {request.Serial ?? serial} and targets {request.TargetsVersion ?? targets} were signed. If they were served, agents know a longer log than this copy and would end with LOG ALARM. Nothing was changed. Look for a newer copy: any agency or provider may have one. If nobody has one, or they were never served, repeat this with --accept-gap; where agents then end with LOG ALARM, replace the log's key.");
        (serial, targets) = (Math.Max(serial, request.Serial ?? 0), Math.Max(targets, request.TargetsVersion ?? 0));
        if (serial == 0 && targets == 0) throw new SigningException($"Nothing was ever published of list {request.List}, as far as database and copy know. Is it spelled right? Otherwise say --serial and --targets of the newest version that anybody has.");

        // Snapshots and timestamps are counted nowhere outside. Each signing of targets is followed by one of each; between them they are
        // renewed by age. From the restored targets on, which no renewal of the restored platform dates anew, that bounds them. Signings
        // count twice: an earlier resumption that was lost with the restore had raised the numbers by a bound like this one, and at
        // least one signing followed it.
        var since = clock.GetUtcNow() - (current.Head?.TargetsSignedAt ?? await FirstRootAsync(request.List, cancellationToken));
        var signings = 2L * (targets - (current.Head?.TargetsVersion ?? 0)) + 1;
        return new ResumeFloor(serial, targets,
            checked((int)((current.Head?.SnapshotVersion ?? 0) + signings + Intervals(RenewMetadata.SnapshotAge))),
            checked((int)((current.Head?.TimestampVersion ?? 0) + signings + Intervals(RenewMetadata.TimestampAge))));

        long Intervals(TimeSpan age) => since <= TimeSpan.Zero ? 0 : (since.Ticks + age.Ticks - 1) / age.Ticks;
    }

    /// <summary>Nothing was signed of a list before its first root was taken.</summary>
    private async Task<DateTimeOffset> FirstRootAsync(string list, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.PublishedFiles.AsNoTracking().Where(f => f.List == list && f.Path == "tuf/1.root.json").Select(f => f.CreatedAt).SingleAsync(cancellationToken);
    }

    private async Task<ResumedFrom> StoreAsync(ResumeRequest request, CurrentState current, List<LoggedLeaf> stored, IReadOnlyList<LogLeaf> copied, ResumeFloor floor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RequireQuietAsync(connection, request.List, current, stored.Count, cancellationToken);
        var (log, lost) = (current.Log, copied.Skip(stored.Count).ToArray());
        foreach (var leaf in lost)
        {
            // Each size gets its checkpoint again, as an agent or a receipt may name any of them.
            var step = log.Append(leaf, Checkpoint.OriginOf(current.Root.Deployment, request.List), keys.Of(request.List, current.Root).Log!);
            await StoreLog.RunAsync(connection, request.List, step, cancellationToken);
            log = log.After(step);
        }
        if (lost.Length > 0 && !log.Checkpoint!.Root.AsSpan().SequenceEqual(Format.Statements.MerkleTree.Root(copied.Select(leaf => leaf.ToBytes()))))
            throw new InvalidOperationException("the log that was put together is not the copy");
        var size = log.Checkpoint?.Size ?? 0;
        var now = clock.GetUtcNow();
        await using (var command = new NpgsqlCommand("insert into publishing.resume (id, list, serial, targets_version, snapshot_version, timestamp_version, log_size, resumed_by) values ($1, $2, $3, $4, $5, $6, $7, left($8, 200))", connection))
        {
            command.Parameters.AddWithValue(Guid.CreateVersion7(now));
            command.Parameters.AddWithValue(request.List);
            foreach (var number in new[] { floor.Serial, floor.TargetsVersion, floor.SnapshotVersion, floor.TimestampVersion }) command.Parameters.AddWithValue(number);
            command.Parameters.AddWithValue(size);
            command.Parameters.AddWithValue(request.By);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await AuditLog.AppendAsync(connection, "publisher", "list.resume", request.List,
            new() { ["serial"] = floor.Serial, ["targets_version"] = floor.TargetsVersion, ["leaves"] = lost.Length, ["by"] = request.By }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ResumedFrom(floor, lost.Length, size);
    }

    /// <summary>A publisher that runs would go on from what is about to change.</summary>
    private static async Task RequireQuietAsync(NpgsqlConnection connection, string list, CurrentState current, int leaves, CancellationToken cancellationToken)
    {
        await using var head = new NpgsqlCommand("select timestamp_version from publishing.head where list = $1 for update", connection);
        head.Parameters.AddWithValue(list);
        var timestamp = await head.ExecuteScalarAsync(cancellationToken) as int?;
        await using var count = new NpgsqlCommand("select count(*) from publishing.log_leaf where list = $1", connection);
        count.Parameters.AddWithValue(list);
        if (timestamp != current.Head?.TimestampVersion || (long)(await count.ExecuteScalarAsync(cancellationToken))! != leaves)
            throw new SigningException(string.Create(CultureInfo.InvariantCulture, $"Somebody signed for list {list} at this moment. Nothing was changed. Stop the publisher, and run this again."));
    }
}
