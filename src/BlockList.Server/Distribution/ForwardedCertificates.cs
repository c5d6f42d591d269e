using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Primitives;

namespace BlockList.Server.Distribution;

/// <summary>
/// The certificate that a provider showed to a proxy of ours, as the proxy hands it on: <c>Client-Cert</c>, a byte sequence between colons
/// (RFC 9440 section 2.2, RFC 8941 section 3.3.5). That the provider has its key is the proxy's word, and so it is read on connections of
/// proxies alone; whether our authority signed it is checked here all the same.
/// </summary>
internal sealed class ForwardedCertificates(ProviderCertificates certificates) : IDisposable
{
    public const string Header = "Client-Cert";

    private const int Kept = 20_000;

    /// <summary>What a certificate is does not change; who may read with it is asked for each request.</summary>
    private readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = Kept });

    /// <returns>The certificate, or why there is none.</returns>
    public (PresentedCertificate? Certificate, string? Problem) Read(StringValues header)
    {
        if (header is not [{ } text]) return (null, $"The proxy must send one {Header} header with each request.");
        if (known.TryGetValue(text, out PresentedCertificate? shown)) return (shown, null);
        if (Parse(text) is not { } certificate) return (null, $"The proxy's {Header} header is no certificate as RFC 9440 writes it, base64 of its DER form between colons.");
        if (certificates.ReasonAgainst(certificate) is { } reason)
        {
            certificate.Dispose();
            return (null, $"The certificate that the proxy was shown is none of this authority's for providers: {reason}.");
        }
        shown = new PresentedCertificate(certificate);
        known.Set(text, shown, new MemoryCacheEntryOptions { Size = 1 });
        return (shown, null);
    }

    public void Dispose() => known.Dispose();

    private static X509Certificate2? Parse(string text)
    {
        if (text is not [':', .., ':']) return null;
        var der = new byte[text.Length];
        if (!Convert.TryFromBase64Chars(text.AsSpan(1, text.Length - 2), der, out var length)) return null;
        try
        {
            return X509CertificateLoader.LoadCertificate(der.AsSpan(0, length));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
