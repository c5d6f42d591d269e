using System.Collections.Concurrent;
using System.IO.Compression;
using BlockList.Format;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;

namespace BlockList.Server.Distribution;

/// <summary>
/// Published files that never change, kept in memory up to a limit. Nothing is served, or kept, whose bytes in any of
/// its encodings are not those that were published.
/// </summary>
internal sealed class ServedFiles(IDbContextFactory<BlockListDb> databases) : IDisposable
{
    private const long CacheBytes = 64L * 1024 * 1024;
    private const int TagLength = 12;

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = CacheBytes });
    private readonly ConcurrentDictionary<(string List, string Path), Lazy<Task<ServedFile?>>> _loading = new();

    /// <summary>Null where nothing was published under this path; that is never remembered, since the next root appears so.</summary>
    /// <exception cref="InvalidDataException">What the database holds is not what was published.</exception>
    public async Task<ServedFile?> FindAsync(string list, string path)
    {
        if (_cache.TryGetValue((list, path), out ServedFile? known)) return known;
        // All who ask for the same file at once share one read; a new version is asked for by many at once.
        var loading = _loading.GetOrAdd((list, path), key => new(() => LoadAsync(key.List, key.Path)));
        try
        {
            return await loading.Value;
        }
        finally
        {
            _loading.TryRemove(new((list, path), loading));
        }
    }

    public void Dispose() => _cache.Dispose();

    private async Task<ServedFile?> LoadAsync(string list, string path)
    {
        await using var db = await databases.CreateDbContextAsync();
        var row = await db.PublishedFiles.AsNoTracking().SingleOrDefaultAsync(f => f.List == list && f.Path == path);
        if (row is null) return null;
        if (Hashes.Sha256(row.Content) != row.Sha256
            || !DecodesTo(row.Brotli, row, s => new BrotliStream(s, CompressionMode.Decompress))
            || !DecodesTo(row.Gzip, row, s => new GZipStream(s, CompressionMode.Decompress)))
            throw new InvalidDataException($"The published file {path} of {list} does not have the hash it was published with. It is not served. Compare it with a copy, and find out who changed it.");
        var file = new ServedFile(row.Sha256[..TagLength], row.Content, row.Brotli, row.Gzip);
        _cache.Set((list, path), file, new MemoryCacheEntryOptions { Size = file.Size });
        return file;
    }

    private static bool DecodesTo(byte[]? encoded, Publishing.PublishedFile row, Func<Stream, Stream> open)
    {
        if (encoded is null) return true;
        // One byte more than expected, so that a longer content shows without being unpacked to its end.
        var decoded = new byte[row.Content.Length + 1];
        try
        {
            using var stream = open(new MemoryStream(encoded, writable: false));
            var length = stream.ReadAtLeast(decoded, decoded.Length, throwOnEndOfStream: false);
            return decoded.AsSpan(0, length).SequenceEqual(row.Content);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
