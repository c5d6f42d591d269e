using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BlockList.Server.Http.ClientCertificates;

namespace BlockList.Server.Distribution;

/// <summary>What the listener needs, read and checked once when the role starts.</summary>
/// <param name="Listen">Where.</param>
/// <param name="Server">The certificate that this server shows, with what stands between it and its root.</param>
/// <param name="ClientAuthorities">That sign the certificates of providers.</param>
/// <param name="Proxies">SHA-256 of the certificates of proxies that say whose requests they bring.</param>
internal sealed record TlsMaterial(IPEndPoint Listen, SslStreamCertificateContext Server, X509Certificate2Collection ClientAuthorities, IReadOnlySet<string> Proxies)
{
    /// <summary>Null where something does not hold; every problem is reported, not only the first.</summary>
    public static TlsMaterial? Load(DistributionOptions options, List<string> problems)
    {
        var listen = ReadListen(options.Listen, problems);
        var server = ReadServer(options, problems);
        var authorities = ReadAuthorities(options.ClientCa, problems);
        var proxies = ReadProxies(options.Proxies, problems);
        return listen is null || server is null || authorities is null || proxies is null ? null : new TlsMaterial(listen, server, authorities, proxies);
    }

    private static IPEndPoint? ReadListen(string text, List<string> problems)
    {
        var colon = text.LastIndexOf(':');
        if (colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && IPEndPoint.TryParse(text, out var endPoint)) return endPoint;
        problems.Add($"[Distribution] Listen is \"{text}\"; write an address and a port, for example 0.0.0.0:8443 or [::]:8443.");
        return null;
    }

    private static SslStreamCertificateContext? ReadServer(DistributionOptions options, List<string> problems)
    {
        if (!IsReadable(options.Certificate, nameof(options.Certificate), problems) | !IsReadable(options.CertificateKey, nameof(options.CertificateKey), problems))
            return null;
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(options.Certificate, options.CertificateKey);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(options.Certificate);
            // Offline: what the chain lacks is the operator's to add, not this host's to fetch.
            return SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException)
        {
            problems.Add($"[Distribution] Certificate {options.Certificate} and CertificateKey {options.CertificateKey} are not a PEM certificate and its private key without a passphrase ({problem.Message}).");
            return null;
        }
    }

    private static X509Certificate2Collection? ReadAuthorities(string file, List<string> problems)
    {
        if (ReadCertificates(file, nameof(DistributionOptions.ClientCa), problems) is not { } authorities) return null;
        if (authorities.Count > 0 && authorities.All(ClientCertificate.IsAuthority)) return authorities;
        problems.Add($"[Distribution] ClientCa {file} must hold certificates of authorities only; take the authority that signs the certificates of providers.");
        return null;
    }

    private static HashSet<string>? ReadProxies(string file, List<string> problems)
    {
        if (file.Length == 0) return [];
        if (ReadCertificates(file, nameof(DistributionOptions.Proxies), problems) is not { } proxies) return null;
        if (proxies.Count > 0 && !proxies.Any(ClientCertificate.IsAuthority)) return [.. proxies.Select(ClientCertificate.Sha256)];
        problems.Add($"[Distribution] Proxies {file} must hold the certificates with which proxies connect, and no authority; leave it empty where providers connect themselves.");
        return null;
    }

    private static X509Certificate2Collection? ReadCertificates(string file, string setting, List<string> problems)
    {
        if (!IsReadable(file, setting, problems)) return null;
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(file);
            return certificates;
        }
        catch (CryptographicException problem)
        {
            problems.Add($"[Distribution] {setting} {file} is not a PEM certificate ({problem.Message}).");
            return null;
        }
    }

    private static bool IsReadable(string file, string setting, List<string> problems)
    {
        // An absent setting has its own message.
        if (file.Length == 0) return false;
        try
        {
            using var stream = File.OpenRead(file);
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            problems.Add($"[Distribution] {setting} cannot be read: {problem.Message} Name a file that this role's user may read.");
            return false;
        }
    }
}
