using System.Collections.Concurrent;
using System.IO.Compression;
using BlockList.Format;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;

namespace BlockList.Server.Distribution;

/// <summary>
/// Published files that never change, kept in memory up to a limit. Nothing is served, or kept, whose bytes in any of
/// its encodings are not those that were published.
/// </summary>
internal sealed class ServedFiles(NpgsqlDataSource database) : IDisposable
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
        if (await ReadAsync(list, path) is not var (sha256, content, brotli, gzip)) return null;
        if (Hashes.Sha256(content) != sha256
            || !DecodesTo(brotli, content, s => new BrotliStream(s, CompressionMode.Decompress))
            || !DecodesTo(gzip, content, s => new GZipStream(s, CompressionMode.Decompress)))
            throw new InvalidDataException($"The published file {path} of {list} does not have the hash it was published with. It is not served. Compare it with a copy, and find out who changed it.");
        var file = new ServedFile(sha256[..TagLength], content, brotli, gzip);
        _cache.Set((list, path), file, new MemoryCacheEntryOptions { Size = file.Size });
        return file;
    }

    /// <summary>Each poll asks for a root that is not there yet: this is asked as often as anything.</summary>
    private async Task<(string Sha256, byte[] Content, byte[]? Brotli, byte[]? Gzip)?> ReadAsync(string list, string path)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("select sha256, content, brotli, gzip from publishing.file where list = $1 and path = $2", connection);
        command.Parameters.AddWithValue(list);
        command.Parameters.AddWithValue(path);
        await command.PrepareAsync();
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? (reader.GetString(0), reader.GetFieldValue<byte[]>(1), reader[2] as byte[], reader[3] as byte[]) : null;
    }

    private static bool DecodesTo(byte[]? encoded, byte[] content, Func<Stream, Stream> open)
    {
        if (encoded is null) return true;
        // One byte more than expected, so that a longer content shows without being unpacked to its end.
        var decoded = new byte[content.Length + 1];
        try
        {
            using var stream = open(new MemoryStream(encoded, writable: false));
            var length = stream.ReadAtLeast(decoded, decoded.Length, throwOnEndOfStream: false);
            return decoded.AsSpan(0, length).SequenceEqual(content);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
