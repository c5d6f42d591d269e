using System.IO.Compression;

namespace BlockList.Server.Http;

/// <summary>A file with its precompressed forms, each only where it is shorter.</summary>
internal sealed record Compressed(byte[] Content, byte[]? Brotli, byte[]? Gzip)
{
    /// <summary>Above this many bytes the slowest Brotli level costs minutes for a few percent.</summary>
    private const int SlowestBelow = 1024 * 1024;

    public static Compressed Of(byte[] content)
    {
        var brotli = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        var quality = content.Length < SlowestBelow ? 11 : 5;
        var compressed = BrotliEncoder.TryCompress(content, brotli, out var written, quality, window: 22) ? brotli[..written] : null;
        using var gzip = new MemoryStream();
        using (var stream = new GZipStream(gzip, CompressionLevel.SmallestSize, leaveOpen: true)) stream.Write(content);
        return new Compressed(content, Shorter(compressed, content), Shorter(gzip.ToArray(), content));
    }

    private static byte[]? Shorter(byte[]? compressed, byte[] content) => compressed?.Length < content.Length ? compressed : null;
}
