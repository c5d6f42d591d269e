using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BlockList.Server.Http.ClientCertificates;

/// <summary>What this house means by a client certificate.</summary>
internal static class ClientCertificate
{
    /// <summary>id-kp-clientAuth, RFC 5280 section 4.2.1.12.</summary>
    public static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    /// <summary>By this hash a certificate is enrolled, revoked and audited.</summary>
    public static string Sha256(X509Certificate2 certificate) => Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256));

    /// <summary>A certificate that names no purpose at all would pass a chain check for every purpose; here it passes for none.</summary>
    public static bool IsForClientAuthentication(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Any(usage =>
            usage.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value == ClientAuthentication.Value));

    /// <summary>NIST SP 800-57, part 1: at least 112 bits, an RSA modulus of 2,048 or a curve of 256 bits.</summary>
    public static bool HasStrongKey(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is not null) return rsa.KeySize >= 2048;
        using var ec = certificate.GetECDsaPublicKey();
        return ec is { KeySize: >= 256 };
    }

    public static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);
}
