using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace BlockList.Format.Signatures;

/// <summary>
/// SSH signatures as <c>ssh-keygen -Y verify</c> reads them (OpenSSH PROTOCOL.sshsig), with ECDSA on P-256
/// (RFC 5656) over a SHA-512 of the file.
/// </summary>
public static class SshSignature
{
    private const string Algorithm = "ecdsa-sha2-nistp256";
    private const string Curve = "nistp256";
    private const string Hash = "sha512";
    private const string Magic = "SSHSIG";

    /// <summary>The bytes that the key signs with SHA-256.</summary>
    public static byte[] BytesToSign(string signatureNamespace, ReadOnlySpan<byte> file) =>
        [.. Ascii(Magic), .. Field(Ascii(signatureNamespace)), .. Field([]), .. Field(Ascii(Hash)), .. Field(SHA512.HashData(file))];

    /// <summary>The armoured signature file.</summary>
    /// <param name="publicKey">The P-256 key that signed.</param>
    /// <param name="signatureNamespace">As in <see cref="BytesToSign"/>.</param>
    /// <param name="signature">r and s, 32 bytes each (IEEE P1363).</param>
    public static string Armour(ECDsa publicKey, string signatureNamespace, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != 64) throw new ArgumentException("an ECDSA P-256 signature has 64 bytes", nameof(signature));
        byte[] inner = [.. Field(Ascii(Algorithm)), .. Field([.. MultiPrecision(signature[..32]), .. MultiPrecision(signature[32..])])];
        byte[] envelope =
        [
            .. Ascii(Magic), 0, 0, 0, 1, .. Field(KeyBlob(publicKey)), .. Field(Ascii(signatureNamespace)),
            .. Field([]), .. Field(Ascii(Hash)), .. Field(inner),
        ];
        var text = new StringBuilder("-----BEGIN SSH SIGNATURE-----\n");
        foreach (var line in Convert.ToBase64String(envelope).Chunk(70)) text.Append(line).Append('\n');
        return text.Append("-----END SSH SIGNATURE-----\n").ToString();
    }

    /// <summary>One line of an <c>allowed_signers</c> file.</summary>
    public static string AllowedSigner(string principal, ECDsa publicKey, string signatureNamespace) =>
        $"{principal} namespaces=\"{signatureNamespace}\" {Algorithm} {Convert.ToBase64String(KeyBlob(publicKey))}\n";

    private static byte[] KeyBlob(ECDsa publicKey)
    {
        var point = publicKey.ExportParameters(includePrivateParameters: false).Q;
        return [.. Field(Ascii(Algorithm)), .. Field(Ascii(Curve)), .. Field([4, .. point.X!, .. point.Y!])];
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Field(ReadOnlySpan<byte> content)
    {
        var field = new byte[4 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(field, content.Length);
        content.CopyTo(field.AsSpan(4));
        return field;
    }

    /// <summary>A positive number without needless zeros, with one where the first bit would read as a sign (RFC 4251 section 5).</summary>
    private static byte[] MultiPrecision(ReadOnlySpan<byte> number)
    {
        var trimmed = number.TrimStart((byte)0);
        return trimmed.IsEmpty ? Field([]) : (trimmed[0] & 0x80) != 0 ? Field([0, .. trimmed]) : Field(trimmed);
    }
}
