using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BlockList.Agent.Configuration;

namespace BlockList.Agent.Transport;

/// <summary>Where a code is turned into a certificate, and how that server is known: by the authority of the bundle, or by the very
/// certificate that the bundle names. The machine's own authorities play no part.</summary>
internal sealed class EnrolmentServer : IDisposable
{
    private readonly X509Certificate2Collection authorities = [];
    private readonly string? sha256;

    /// <param name="address">Scheme, host and port.</param>
    /// <param name="authorityFile">PEM file of the authorities that its certificate may come from.</param>
    /// <param name="sha256">Of its certificate, hexadecimal; null where the authority is what counts.</param>
    /// <exception cref="ConfigurationException">The file cannot be read.</exception>
    public EnrolmentServer(Uri address, string authorityFile, string? sha256)
    {
        Address = address;
        this.sha256 = sha256;
        try
        {
            authorities.ImportFromPemFile(authorityFile);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ConfigurationException($"{authorityFile} (the server's authority) cannot be read: {problem.Message}. Take the bundle from the operator again.");
        }
    }

    public Uri Address { get; }

    public SslClientAuthenticationOptions ToTls()
    {
        var options = new SslClientAuthenticationOptions { CertificateChainPolicy = ClientIdentity.ServerPolicy(authorities) };
        if (sha256 is not null)
            options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is X509Certificate2 shown && Convert.ToHexStringLower(shown.GetCertHash(HashAlgorithmName.SHA256)) == sha256;
        return options;
    }

    public void Dispose()
    {
        foreach (var authority in authorities) authority.Dispose();
    }
}
