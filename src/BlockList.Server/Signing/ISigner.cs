using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BlockList.Format.Signatures;

namespace BlockList.Server.Signing;

/// <summary>One online key. Where it lies, in an encrypted file or in a hardware module, is the implementation's affair.</summary>
internal interface ISigner
{
    /// <summary>The public half, as metadata names it.</summary>
    VerificationKey Key { get; }

    /// <summary>ECDSA with SHA-256 over <paramref name="data"/>.</summary>
    byte[] Sign(ReadOnlySpan<byte> data, DSASignatureFormat format);

    /// <summary>A detached CMS signature (RFC 5652) by this key, the certificate included.</summary>
    byte[] SignCms(ReadOnlySpan<byte> data, X509Certificate2 certificate);

    /// <summary>An armoured SSH signature by this key.</summary>
    string SignSsh(string signatureNamespace, ReadOnlySpan<byte> data);
}
