using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BlockList.Server.Providers.Enrolling;

/// <summary>The key of a certification request, and nothing else of it: names and extensions that somebody asks for are not read.</summary>
/// <param name="Der">The request, as it came.</param>
/// <param name="Key">Its public key.</param>
/// <param name="Sha256">Of the key's SubjectPublicKeyInfo, DER as this house writes it: another encoding of one key is no other key.</param>
internal sealed record CertifiableKey(byte[] Der, PublicKey Key, byte[] Sha256)
{
    /// <summary>Longest request, in bytes: one with an RSA key of the largest size and names has some 3,000.</summary>
    public const int LongestRequest = 8192;

    private const string P256 = "1.2.840.10045.3.1.7";
    private const int SmallestRsa = 3072, LargestRsa = 8192;

    /// <summary>Reads a request (RFC 2986, DER) and checks that whoever made it has the key.</summary>
    /// <param name="der">At most <see cref="LongestRequest"/> bytes.</param>
    /// <param name="problem">What is wrong with it, as a sentence; empty where nothing is.</param>
    public static CertifiableKey? Read(byte[] der, out string problem)
    {
        problem = "";
        if (der.Length is 0 or > LongestRequest)
        {
            problem = $"A request has at most {LongestRequest} bytes.";
            return null;
        }
        try
        {
            // Checks the signature, which only the key's owner can make.
            var request = CertificateRequest.LoadSigningRequest(der, HashAlgorithmName.SHA256, signerSignaturePadding: RSASignaturePadding.Pkcs1);
            if (Spki(request.PublicKey) is { } spki) return new CertifiableKey(der, PublicKey.CreateFromSubjectPublicKeyInfo(spki, out _), SHA256.HashData(spki));
            problem = "Its key is none of ECDSA P-256 and RSA with 3072 to 8192 bits. Make another.";
        }
        catch (CryptographicException)
        {
            problem = "It is no certification request in DER (RFC 2986) that its own key signed with SHA-256 or better.";
        }
        return null;
    }

    /// <summary>The SubjectPublicKeyInfo of a key that may be certified; null for every other.</summary>
    public static byte[]? Spki(PublicKey key)
    {
        using var ecdsa = key.GetECDsaPublicKey();
        if (ecdsa is not null)
        {
            var curve = ecdsa.ExportParameters(includePrivateParameters: false).Curve;
            return curve.IsNamed && curve.Oid.Value == P256 ? ecdsa.ExportSubjectPublicKeyInfo() : null;
        }
        using var rsa = key.GetRSAPublicKey();
        return rsa is { KeySize: >= SmallestRsa and <= LargestRsa } && HasSoundExponent(rsa) ? rsa.ExportSubjectPublicKeyInfo() : null;
    }

    /// <summary>65537, as every program makes it: small ones weaken some uses of a key, large ones cost whoever checks.</summary>
    private static bool HasSoundExponent(RSA rsa) => rsa.ExportParameters(includePrivateParameters: false).Exponent is [1, 0, 1];
}
