using System.Security.Cryptography.X509Certificates;
using BlockList.Server.Http.ClientCertificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace BlockList.Server.Distribution;

/// <summary>The certificate that somebody showed, read once for all that is asked with it.</summary>
internal sealed class PresentedCertificate(X509Certificate2 certificate)
{
    public X509Certificate2 Certificate { get; } = certificate;

    public string Sha256 { get; } = ClientCertificate.Sha256(certificate);

    public DateTimeOffset NotBefore { get; } = certificate.NotBefore.ToUniversalTime();

    public DateTimeOffset NotAfter { get; } = certificate.NotAfter.ToUniversalTime();

    /// <summary>After TLS: keeps it with the connection, whose requests find it among their features.</summary>
    public static ConnectionDelegate Keep(ConnectionDelegate next) => connection =>
    {
        if (connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is { } shown) connection.Features.Set(new PresentedCertificate(shown));
        return next(connection);
    };
}
