using System.Security.Cryptography;

namespace BlockList.Format.Statements;

/// <summary>
/// The WebAuthn challenge that binds a signature to what was decided: one statement, or the Merkle root over many.
/// The two forms have different prefixes, so that neither can be taken for the other.
/// </summary>
public static class DecisionChallenge
{
    /// <summary>Random bytes in every challenge. Whoever asks for the signature chooses them, so that a signer who is given
    /// them cannot have signed before; nobody checks later that they were fresh.</summary>
    public const int NonceLength = 32;

    /// <summary><c>SHA-256("blocklist-decision/1\n" || nonce || statement)</c>.</summary>
    public static byte[] ForStatement(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> statement) =>
        Hash("blocklist-decision/1\n"u8, nonce, statement);

    /// <summary><c>SHA-256("blocklist-batch/1\n" || nonce || RFC 6962 root over the statements)</c>.</summary>
    public static byte[] ForBatch(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> merkleRoot) =>
        Hash("blocklist-batch/1\n"u8, nonce, merkleRoot);

    private static byte[] Hash(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> content)
    {
        if (nonce.Length != NonceLength) throw new ArgumentException($"a nonce has {NonceLength} bytes", nameof(nonce));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(prefix);
        hash.AppendData(nonce);
        hash.AppendData(content);
        return hash.GetHashAndReset();
    }
}
