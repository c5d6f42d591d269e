using System.Security.Cryptography;
using System.Text;

namespace BlockList.Format.Enrolment;

/// <summary>A code of one use by which a provider gets its first certificate: 25 signs of Crockford's base 32, written in groups of five.
/// The first five say which code it is, the other twenty (100 bits) are secret. It never travels: what is sent is a proof for one key.</summary>
public sealed record EnrolmentCode
{
    private const string Signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const string Prefix = "blocklist-enrolment/1\n";
    private const int Group = 5;

    /// <summary>How many signs a code has.</summary>
    public const int Length = 25;

    private readonly string signs;

    private EnrolmentCode(string signs) => this.signs = signs;

    /// <summary>The first five signs. Not secret.</summary>
    public string Handle => signs[..Group];

    /// <summary>What the server keeps of it: SHA-256 of a prefix and all 25 signs, 32 bytes.</summary>
    public byte[] Sha256 => SHA256.HashData(Encoding.ASCII.GetBytes(Prefix + signs));

    /// <summary>A code of bytes that were drawn at random, 25 of them; the top three bits of each play no part.</summary>
    public static EnrolmentCode Of(ReadOnlySpan<byte> random)
    {
        if (random.Length != Length) throw new ArgumentException($"a code takes {Length} bytes", nameof(random));
        var signs = new char[Length];
        for (var i = 0; i < Length; i++) signs[i] = Signs[random[i] & 31];
        return new EnrolmentCode(new string(signs));
    }

    /// <summary>As a person typed it: in small letters, with hyphens or blanks anywhere, O for 0 and I or L for 1.</summary>
    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out EnrolmentCode? code)
    {
        code = null;
        if (text is null || text.Length > 4 * Length) return false;
        var signs = new string([.. text.Where(c => c is not ('-' or ' ')).Select(c => char.ToUpperInvariant(c) switch { 'O' => '0', 'I' or 'L' => '1', var other => other })]);
        if (!IsSigns(signs, Length)) return false;
        code = new EnrolmentCode(signs);
        return true;
    }

    /// <summary>Whether a text has the shape of a handle.</summary>
    public static bool IsHandle(string? text) => text is not null && IsSigns(text, Group);

    /// <summary>Shows that whoever sends it has the code, and is worth nothing for another key: SHA-256 over <see cref="Sha256"/> and the
    /// SHA-256 of the key's SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7, DER), 32 bytes each.</summary>
    public byte[] ProofFor(ReadOnlySpan<byte> subjectPublicKeyInfo) => SHA256.HashData([.. Sha256, .. SHA256.HashData(subjectPublicKeyInfo)]);

    /// <summary>In groups of five with hyphens between them.</summary>
    public override string ToString() => string.Join('-', signs.Chunk(Group).Select(group => new string(group)));

    private static bool IsSigns(string text, int length) => text.Length == length && text.All(c => Signs.Contains(c, StringComparison.Ordinal));
}
