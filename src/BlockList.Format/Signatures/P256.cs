using System.Security.Cryptography;

namespace BlockList.Format.Signatures;

/// <summary>The one curve of this format (FIPS 186-4, D.1.2.3). Its key size does not tell it: secp256k1 and
/// brainpoolP256r1 have 256 bits too.</summary>
internal static class P256
{
    public static bool Holds(ECDsa key) => Holds(key.ExportParameters(includePrivateParameters: false));

    public static bool Holds(ECParameters key) => key.Curve.IsNamed && key.Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value;
}
