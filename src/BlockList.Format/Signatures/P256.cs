using System.Security.Cryptography;

namespace BlockList.Format.Signatures;

/// <summary>The one curve of this format (FIPS 186-4, D.1.2.3).</summary>
internal static class P256
{
    /// <summary>Sequence, id-ecPublicKey, secp256r1, bit string, uncompressed point.</summary>
    private static readonly byte[] Prefix = Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

    /// <summary>The key in a SubjectPublicKeyInfo, or null. An uncompressed point on one curve has one encoding (RFC 5480
    /// section 2), so nothing is left to a parser that knows other curves, and that fails in its own way on some.</summary>
    public static ECDsa? Read(ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        if (subjectPublicKeyInfo.Length != Prefix.Length + 64 || !subjectPublicKeyInfo.StartsWith(Prefix)) return null;
        var point = subjectPublicKeyInfo[Prefix.Length..];
        try
        {
            return ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = point[..32].ToArray(), Y = point[32..].ToArray() },
            });
        }
        catch (CryptographicException)
        {
            // The point is not on the curve.
            return null;
        }
    }

    /// <summary>Whether a key lies on it. The size does not tell: secp256k1 and brainpoolP256r1 have 256 bits too.</summary>
    public static bool Holds(ECParameters key) => key.Curve.IsNamed && key.Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value;
}
