using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace BlockList.Server.Complaints.Public;

/// <summary>
/// Drafts as a field of a form: nothing is stored before a complaint is sent, and no cookie is needed. Sealed (AES-256-GCM), so that
/// ids and the work's time are ours, and what was typed does not lie open in a page that a browser keeps.
/// </summary>
internal sealed class SealedDrafts(ComplaintKey key)
{
    public const string Field = "draft";
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int LongestText = 96 * 1024;

    private readonly byte[] sealing = key.For("draft");

    public static Draft New() => new() { Id = RandomNumberGenerator.GetBytes(16) };

    public string Seal(Draft draft)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(draft);
        var whole = new byte[NonceLength + plain.Length + TagLength];
        RandomNumberGenerator.Fill(whole.AsSpan(0, NonceLength));
        using var cipher = new AesGcm(sealing, TagLength);
        cipher.Encrypt(whole.AsSpan(0, NonceLength), plain, whole.AsSpan(NonceLength, plain.Length), whole.AsSpan(NonceLength + plain.Length));
        return Base64Url.EncodeToString(whole);
    }

    /// <summary>Null where it is not one of ours.</summary>
    public Draft? Open(string? text)
    {
        if (text is null || text.Length is 0 or > LongestText || !Base64Url.IsValid(text)) return null;
        var whole = Base64Url.DecodeFromChars(text);
        if (whole.Length < NonceLength + TagLength) return null;
        var plain = new byte[whole.Length - NonceLength - TagLength];
        try
        {
            using var cipher = new AesGcm(sealing, TagLength);
            cipher.Decrypt(whole.AsSpan(0, NonceLength), whole.AsSpan(NonceLength, plain.Length), whole.AsSpan(NonceLength + plain.Length), plain);
            return JsonSerializer.Deserialize<Draft>(plain);
        }
        catch (Exception problem) when (problem is CryptographicException or JsonException)
        {
            return null;
        }
    }
}
