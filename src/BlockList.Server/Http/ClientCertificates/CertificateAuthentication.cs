using Microsoft.AspNetCore.Authentication;

namespace BlockList.Server.Http.ClientCertificates;

/// <summary>
/// Stands in for Microsoft.AspNetCore.Authentication.Certificate: whoever registers this scheme changes one
/// <c>using</c> to change over to the package, and this folder goes.
/// </summary>
internal static class CertificateAuthentication
{
    public const string AuthenticationScheme = "Certificate";

    public static AuthenticationBuilder AddCertificate(this AuthenticationBuilder builder, Action<CertificateAuthenticationOptions> configure) =>
        builder.AddScheme<CertificateAuthenticationOptions, CertificateAuthenticationHandler>(AuthenticationScheme, configure);
}
