using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using BlockList.Server.Http.ClientCertificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Distribution;

/// <summary>
/// The listener. The handshake lets in whoever holds a certificate of our client authority, whatever its dates: what is
/// expired, revoked or suspended is refused by an answer that says so, which a broken handshake cannot.
/// </summary>
internal sealed partial class MutualTls(TlsMaterial material, ProviderCertificates certificates, OpeningConnections opening, IOptions<DistributionOptions> options, ILogger<MutualTls> log) : IConfigureOptions<KestrelServerOptions>
{
    private const int LargestBody = 16 * 1024;

    /// <summary>When everybody comes at once, a handshake waits for its turn on the processor; who says nothing at all holds one of few places meanwhile.</summary>
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(60);

    /// <summary>What encrypts and authenticates in one: those of TLS 1.3, and of TLS 1.2 those that are left without the older kind (RFC 9325 section 4.2).</summary>
    private static readonly CipherSuitesPolicy Ciphers = new(
    [
        TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]);

    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = LargestBody;
        kestrel.Limits.MaxRequestHeadersTotalSize = 8 * 1024;
        kestrel.Limits.MaxRequestLineSize = 2 * 1024;
        // Of one packet, and agents send it at once.
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.MaxConcurrentConnections = options.Value.Connections;
        // A file of a list as one piece: smaller pieces wait for each other.
        kestrel.Limits.MaxResponseBufferSize = 256 * 1024;
        kestrel.Listen(material.Listen, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.Use(opening.CountIn);
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(ConnectionOptions()), HandshakeTimeout = HandshakeTimeout });
            listen.Use(OpeningConnections.CountOut);
            listen.Use(PresentedCertificate.Keep);
        });
    }

    private SslServerAuthenticationOptions ConnectionOptions() => new()
    {
        ServerCertificateContext = material.Server,
        ClientCertificateRequired = true,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CipherSuitesPolicy = Ciphers,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = certificates.ChainPolicy(),
        RemoteCertificateValidationCallback = IsAccepted,
    };

    private bool IsAccepted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 presented)
        {
            Log.NoCertificate(log);
            return false;
        }
        var sha256 = ClientCertificate.Sha256(presented);
        // The operator named this very certificate, and the handshake has shown that the other side has its key.
        if (certificates.IsOfProxy(sha256)) return true;
        if (ProviderCertificates.ReasonAgainst(presented, chain, errors) is not { } reason) return true;
        Log.Refused(log, sha256, reason);
        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "A connection without a client certificate was refused")]
        public static partial void NoCertificate(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "The client certificate {Sha256} was refused in the handshake: {Reasons}")]
        public static partial void Refused(ILogger logger, string sha256, string reasons);
    }
}
