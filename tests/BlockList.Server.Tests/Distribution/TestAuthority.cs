using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BlockList.Server.Tests.Distribution;

/// <summary>A private authority that signs whatever a test asks for.</summary>
internal sealed class TestAuthority : IDisposable
{
    public const string ForClients = "1.3.6.1.5.5.7.3.2";
    public const string ForServers = "1.3.6.1.5.5.7.3.1";

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestAuthority(string name, TestAuthority? signer = null)
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (signer is null)
        {
            SelfWithKey = request.CreateSelfSigned(Now.AddYears(-5), Now.AddYears(5));
        }
        else
        {
            using var signed = request.Create(signer.SelfWithKey, Now.AddDays(-2), Now.AddDays(60), RandomNumberGenerator.GetBytes(16));
            SelfWithKey = signed.CopyWithPrivateKey(_key);
        }
        Certificate = X509CertificateLoader.LoadCertificate(SelfWithKey.RawData);
    }

    public X509Certificate2 Certificate { get; }

    public X509Certificate2 SelfWithKey { get; }

    public X509Certificate2 Server() => Issue("distribution", ForServers, until: Now.AddDays(90), san: true);

    /// <summary>With its key.</summary>
    public X509Certificate2 Issue(string name, string? purpose = ForClients, DateTimeOffset? from = null, DateTimeOffset? until = null, bool isAuthority = false, bool san = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, hasPathLengthConstraint: false, 0, critical: true));
        if (purpose is not null) request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        if (san)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
        }
        using var certificate = request.Create(SelfWithKey, from ?? Now.AddDays(-1), until ?? Now.AddDays(30), RandomNumberGenerator.GetBytes(16));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>An authority that this one signed, whether or not it should have.</summary>
    public TestAuthority IssueAuthority(string name) => new(name, this);

    /// <summary>As files for programs that read them: with an RSA key of so many bits.</summary>
    public (string CertificatePem, string KeyPem) IssueRsa(string name, int bits)
    {
        using var key = RSA.Create(bits);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ForClients)], critical: false));
        using var certificate = request.Create(SelfWithKey.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), Now.AddDays(-1), Now.AddDays(30), RandomNumberGenerator.GetBytes(16));
        return (certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    public void Dispose()
    {
        SelfWithKey.Dispose();
        Certificate.Dispose();
        _key.Dispose();
    }
}
