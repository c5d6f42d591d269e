using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BlockList.Agent.Configuration;
using BlockList.Agent.State;

namespace BlockList.Agent.Transport;

/// <summary>This provider's certificate with its key, and the authorities that the server must come from.</summary>
internal sealed class ClientIdentity : IDisposable
{
    private const string ServerUsage = "1.3.6.1.5.5.7.3.1";

    private ClientIdentity(X509Certificate2 certificate, X509Certificate2Collection chain, X509Certificate2Collection authorities)
    {
        Certificate = certificate;
        Chain = chain;
        Authorities = authorities;
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>Certificates that stand after the first one in the file.</summary>
    public X509Certificate2Collection Chain { get; }

    public X509Certificate2Collection Authorities { get; }

    /// <exception cref="ConfigurationException">A file is missing, is no PEM, or the key belongs to another certificate.</exception>
    public static ClientIdentity Load(ServerSettings settings)
    {
        settings = Latest(settings);
        var authorities = LoadCertificates(settings.Authority, "the server's authority");
        if (settings.Followed is { } followed)
        {
            foreach (var file in RenewalFiles.ServerCasIn(followed)) authorities.AddRange(LoadCertificates(file, "the server's authority, as the list says it"));
        }
        var chain = LoadCertificates(settings.Certificate, "this provider's certificate");
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(settings.Certificate, settings.Key);
            chain[0].Dispose();
            chain.RemoveAt(0);
            return new ClientIdentity(certificate, chain, authorities);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{settings.Key} cannot be read: {problem.Message}. Check that it exists and that this user may read it.");
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException)
        {
            throw new ConfigurationException($"{settings.Key} is not the private key of {settings.Certificate} ({problem.Message}). Use the pair that was made together.");
        }
    }

    /// <summary>When the certificate ends, or null where it cannot be read.</summary>
    public static DateTimeOffset? EndOf(ServerSettings settings) => EndOf(Latest(settings).Certificate);

    /// <summary>The pair that ends last is the one in use: what the agent got by itself, or what a person put in place since.</summary>
    private static ServerSettings Latest(ServerSettings settings) =>
        settings.Renewed is { } renewed && EndOf(renewed) is { } end && !(EndOf(settings.Certificate) > end) ? settings with { Certificate = renewed, Key = renewed } : settings;

    private static DateTimeOffset? EndOf(string path)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(path);
            return certificate.NotAfter;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return null;
        }
    }

    public SslClientAuthenticationOptions ToTls() => new()
    {
        ClientCertificateContext = SslStreamCertificateContext.Create(Certificate, Chain, offline: true),
        CertificateChainPolicy = ServerPolicy(Authorities),
    };

    public void Dispose()
    {
        Certificate.Dispose();
        foreach (var other in Chain.Concat(Authorities)) other.Dispose();
    }

    /// <summary>The machine's own authorities play no part, and nothing is downloaded to build a chain.</summary>
    public static X509ChainPolicy ServerPolicy(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(new Oid(ServerUsage));
        return policy;
    }

    private static X509Certificate2Collection LoadCertificates(string path, string what)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPemFile(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ConfigurationException($"{path} ({what}) cannot be read: {problem.Message}. Check that it exists, is a PEM file, and that this user may read it.");
        }
        return found.Count > 0 ? found : throw new ConfigurationException($"{path} ({what}) holds no certificate. Take the file from the operator's bundle again.");
    }
}
