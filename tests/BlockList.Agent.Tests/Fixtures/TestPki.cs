using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BlockList.Agent.Tests.Fixtures;

/// <summary>An authority, its server certificate for the loopback address, and certificates for clients, made at run time.</summary>
internal sealed class TestPki : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);
    private readonly ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestPki()
    {
        var request = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var now = TimeProvider.System.GetUtcNow();
        Authority = request.CreateSelfSigned(now - Lifetime, now + Lifetime);
        var (certificate, key) = Issue("127.0.0.1", "1.3.6.1.5.5.7.3.1");
        using (certificate)
        using (key)
        using (var pair = certificate.CopyWithPrivateKey(key))
            Server = X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null);
    }

    public X509Certificate2 Authority { get; }

    public X509Certificate2 Server { get; }

    public string AuthorityPem => Authority.ExportCertificatePem() + "\n";

    /// <summary>A client's certificate and key as PEM.</summary>
    public (string Certificate, string Key) Client(string name = "Provider One", TimeSpan? from = null, TimeSpan? to = null)
    {
        var (certificate, key) = Issue(name, "1.3.6.1.5.5.7.3.2", from, to);
        using (certificate)
        using (key)
            return (certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    public void Dispose()
    {
        authorityKey.Dispose();
        Authority.Dispose();
        Server.Dispose();
    }

    private (X509Certificate2 Certificate, ECDsa Key) Issue(string name, string usage, TimeSpan? from = null, TimeSpan? to = null)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.Create(Authority, now + (from ?? TimeSpan.FromHours(-12)), now + (to ?? TimeSpan.FromDays(90)), RandomNumberGenerator.GetBytes(12));
        return (certificate, key);
    }
}
