using System.Security.Cryptography;
using BlockList.Server.Signing;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>
/// The publisher's own secret under its ledger: the chain is keyed, so that writing to the table, with whatever login,
/// is not enough to add a row that holds. All copies of the publisher share it; nobody else has it.
/// </summary>
internal sealed class LedgerKey(byte[] secret)
{
    public const int Length = 32;

    /// <summary>One for each thread: making one takes longer than coding a row with it, above all while others make theirs.</summary>
    [ThreadStatic]
    private static (LedgerKey? Of, IncrementalHash Code) coder;

    /// <exception cref="SigningException">The file is missing or holds no key.</exception>
    public static LedgerKey Load(string path)
    {
        try
        {
            var secret = Convert.FromHexString(File.ReadLines(path).FirstOrDefault() ?? "");
            return secret.Length == Length ? new LedgerKey(secret) : throw new FormatException($"it has {secret.Length} bytes where {Length} are needed");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new SigningException($"The ledger key {path} cannot be read: {problem.Message}. Make a new one for a new installation only (openssl rand -hex 32); a ledger is bound to its key.", problem);
        }
    }

    public byte[] Code(ReadOnlySpan<byte> text)
    {
        if (coder.Of != this) coder = (this, IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret));
        coder.Code.AppendData(text);
        return coder.Code.GetHashAndReset();
    }
}
