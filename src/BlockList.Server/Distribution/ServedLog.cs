using System.Globalization;
using System.Text;
using BlockList.Format;
using BlockList.Format.Log;
using BlockList.Server.Data;
using BlockList.Server.Http;
using BlockList.Server.Publishing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;

namespace BlockList.Server.Distribution;

/// <summary>The transparency log of each list as it is served: the newest checkpoint, tiles, and proofs made for a client's step. All but the
/// first never change and are kept in memory, up to a limit: after a version every agent asks for the same proof.</summary>
internal sealed class ServedLog(IDbContextFactory<BlockListDb> databases) : IDisposable
{
    private const long CacheBytes = 16L * 1024 * 1024;
    private const int TagLength = 12;
    private const string TargetsSuffix = ".targets.json";

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = CacheBytes });

    /// <summary>Null where the list has no log.</summary>
    public async Task<ServedFile?> NewestAsync(string list, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var note = await db.LogLeaves.AsNoTracking().Where(l => l.List == list).OrderByDescending(l => l.Position).Select(l => l.Checkpoint).FirstOrDefaultAsync(cancellationToken);
        return note is null ? null : Served(Encoding.UTF8.GetBytes(note));
    }

    /// <param name="list">The list.</param>
    /// <param name="path">Below <c>tile/</c>.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    /// <returns>Null where the log has no such tile, or not all of it yet.</returns>
    public Task<ServedFile?> TileAsync(string list, string path, CancellationToken cancellationToken) => KnownAsync(list, "tile/" + path, async db =>
    {
        if (!LogTile.TryParse(path, out var tile)) return null;
        var (first, end) = (tile.First, tile.First + tile.Width);
        if (tile.Level is null)
        {
            var leaves = await db.LogLeaves.AsNoTracking().Where(l => l.List == list && l.Position >= first && l.Position < end)
                .OrderBy(l => l.Position).Select(l => l.Leaf).ToListAsync(cancellationToken);
            return leaves.Count == tile.Width ? LogTile.Bundle(leaves.Select(Encoding.ASCII.GetBytes)) : null;
        }
        var hashes = await db.LogNodes.AsNoTracking().Where(n => n.List == list && n.Level == tile.TreeLevel && n.Index >= first && n.Index < end)
            .OrderBy(n => n.Index).Select(n => n.Hash).ToListAsync(cancellationToken);
        return hashes.Count == tile.Width ? [.. hashes.SelectMany(hash => hash)] : null;
    });

    /// <param name="list">The list.</param>
    /// <param name="step"><c>OLD-NEW</c>, two sizes, or <c>OLD-N.targets.json</c>, for a client that knows no newer size yet.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    /// <returns>Null where the log is not that long, or has no leaf of these targets.</returns>
    public Task<ServedFile?> ProofAsync(string list, string step, CancellationToken cancellationToken) => KnownAsync(list, "proof/" + step, async db =>
    {
        if (step.Split('-') is not [var old, var wanted] || !TryNumber(old, out var from)) return null;
        var byTargets = wanted.EndsWith(TargetsSuffix, StringComparison.Ordinal);
        if (!TryNumber(byTargets ? wanted[..^TargetsSuffix.Length] : wanted, out var number)) return null;
        var leaves = db.LogLeaves.AsNoTracking().Where(l => l.List == list);
        var last = await (byTargets ? leaves.Where(l => l.TargetsVersion == number) : leaves.Where(l => l.Position == number - 1)).SingleOrDefaultAsync(cancellationToken);
        if (last is null) return null;
        var size = last.Position + 1;
        // To a client that knows a longer log there is nothing to show but what this one is: it must see that, and not be told to come again.
        var earlier = Math.Min(from, size);
        var nodes = StoredTree.NodesOf(tree => Proofs(tree, earlier, size));
        var read = await LogState.ReadNodesAsync(db, list, nodes, cancellationToken);
        var (inclusion, consistency) = Proofs(new StoredTree(node => read[node]), earlier, size);
        return new LogProof(from, inclusion, consistency, last.Checkpoint).ToBytes();
    });

    private static (IReadOnlyList<byte[]> Inclusion, IReadOnlyList<byte[]> Consistency) Proofs(StoredTree tree, long from, long size) =>
        (tree.InclusionOf(size - 1, size), tree.Consistency(from, size));

    public void Dispose() => _cache.Dispose();

    private async Task<ServedFile?> KnownAsync(string list, string path, Func<BlockListDb, Task<byte[]?>> make)
    {
        if (_cache.TryGetValue((list, path), out ServedFile? known)) return known;
        await using var db = await databases.CreateDbContextAsync();
        if (await make(db) is not { } content) return null;
        var file = Served(content);
        _cache.Set((list, path), file, new MemoryCacheEntryOptions { Size = file.Size });
        return file;
    }

    private static ServedFile Served(byte[] content)
    {
        var compressed = Compressed.Of(content);
        return new ServedFile(Hashes.Sha256(content)[..TagLength], content, compressed.Brotli, compressed.Gzip);
    }

    /// <summary>A number in its one spelling, up to the largest size of a log.</summary>
    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number <= TreeNode.LargestSize && number.ToString(CultureInfo.InvariantCulture) == text;
}
