using System.Security.Cryptography;
using System.Text;

namespace BlockList.Server.Complaints.Public;

/// <summary>
/// Reference, secret and link of a complaint are functions of its draft's random id: a form that is sent twice, or again after a crash,
/// makes the same complaint and shows the same secret, which is stored nowhere.
/// </summary>
internal sealed class ComplaintSecrets(ComplaintKey key)
{
    public const string Prefix = "BL-";
    private const int ReferenceSigns = 10;
    private const int SecretSigns = 26;

    private readonly byte[] references = key.For("reference"), secrets = key.For("secret"), tokens = key.For("token"), hashes = key.For("hash");

    /// <param name="draft">Id of the draft.</param>
    /// <param name="attempt">0, and more where the reference is somebody else's: 50 bits meet once in a while.</param>
    public string ReferenceOf(byte[] draft, int attempt) => Prefix + SpokenSigns.Write(Derive(references, draft, attempt), ReferenceSigns);

    /// <summary>130 bits; 26 signs.</summary>
    public string SecretOf(byte[] draft, int attempt) => SpokenSigns.Write(Derive(secrets, draft, attempt), SecretSigns);

    public string TokenOf(byte[] draft, int attempt) => SpokenSigns.Write(Derive(tokens, draft, attempt), SecretSigns);

    /// <summary>What is stored of a secret or a token.</summary>
    public byte[] Hash(string text) => HMACSHA256.HashData(hashes, Encoding.ASCII.GetBytes(text));

    /// <summary>A reference as it was typed, with or without what it begins with; null where it is none.</summary>
    public static string? ReadReference(string? typed)
    {
        var text = typed?.Trim() ?? "";
        if (text.StartsWith("BL", StringComparison.OrdinalIgnoreCase)) text = text[2..];
        return SpokenSigns.Read(text, ReferenceSigns) is { } signs ? Prefix + signs : null;
    }

    public static string? ReadSecret(string? typed) => SpokenSigns.Read(typed, SecretSigns);

    private static byte[] Derive(byte[] key, byte[] draft, int attempt) => HMACSHA256.HashData(key, (byte[])[.. draft, (byte)attempt]);
}
