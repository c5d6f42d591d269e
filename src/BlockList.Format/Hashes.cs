using System.Buffers;
using System.Security.Cryptography;

namespace BlockList.Format;

/// <summary>SHA-256 as this format writes it: 64 lower-case hexadecimal digits.</summary>
public static class Hashes
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<byte> DigitBytes = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>The hash of <paramref name="bytes"/>.</summary>
    public static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>One for each thread: to make one takes longer than to hash a statement with it.</summary>
    [ThreadStatic]
    private static IncrementalHash? hasher;

    /// <summary>Whether <paramref name="sha256"/>, in lower-case hexadecimal, is the hash of the bytes.</summary>
    public static bool IsOf(ReadOnlySpan<byte> bytes, string? sha256)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<char> text = stackalloc char[2 * SHA256.HashSizeInBytes];
        hasher ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hasher.AppendData(bytes);
        _ = hasher.GetHashAndReset(hash);
        _ = Convert.TryToHexStringLower(hash, text, out _);
        return text.SequenceEqual(sha256);
    }

    /// <summary>Whether <paramref name="text"/> has the shape of such a hash.</summary>
    public static bool IsSha256(string? text) =>
        text is { Length: 64 } && !text.AsSpan().ContainsAnyExcept(Digits);

    /// <inheritdoc cref="IsSha256(string?)"/>
    internal static bool IsSha256(ReadOnlySpan<byte> text) =>
        text.Length == 64 && !text.ContainsAnyExcept(DigitBytes);
}
