using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Http.ClientCertificates;

/// <summary>
/// Says whose certificate the connection was opened with, not what its owner may do: that can change while the
/// connection lives and is asked for each request.
/// </summary>
internal sealed partial class CertificateAuthenticationHandler(IOptionsMonitor<CertificateAuthenticationOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<CertificateAuthenticationOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Request.IsHttps || await Context.Connection.GetClientCertificateAsync(Context.RequestAborted) is not { } certificate)
            return AuthenticateResult.NoResult();

        // A connection keeps its certificate, so its chain is built once for each connection and trust store.
        var connection = Context.Features.Get<IConnectionItemsFeature>()?.Items;
        if (connection?.TryGetValue(Options, out var known) is true && known is ClaimsPrincipal principal) return Success(principal);

        using var chain = new X509Chain { ChainPolicy = BuildChainPolicy() };
        if (!chain.Build(certificate))
        {
            Log.Refused(Logger, certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256), string.Join(", ", chain.ChainStatus.Select(s => s.Status)));
            return AuthenticateResult.Fail("Client certificate failed validation.");
        }
        principal = PrincipalOf(certificate);
        if (connection is not null) connection[Options] = principal;
        return Success(principal);
    }

    /// <summary>The client has sent what it has; asking again changes nothing, so a challenge is a refusal.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => HandleForbiddenAsync(properties);

    private X509ChainPolicy BuildChainPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = Options.ChainTrustValidationMode,
            RevocationFlag = Options.RevocationFlag,
            RevocationMode = Options.RevocationMode,
            // Whoever connects could otherwise make this host fetch an address of their choice.
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(Options.CustomTrustStore);
        if (Options.ValidateCertificateUse) policy.ApplicationPolicy.Add(ClientCertificate.ClientAuthentication);
        if (!Options.ValidateValidityPeriod) policy.VerificationFlags |= X509VerificationFlags.IgnoreNotTimeValid;
        return policy;
    }

    private ClaimsPrincipal PrincipalOf(X509Certificate2 certificate) => new(new ClaimsIdentity(
        [
            new Claim("issuer", certificate.Issuer, ClaimValueTypes.String, Options.ClaimsIssuer),
            new Claim(ClaimTypes.Thumbprint, certificate.Thumbprint, ClaimValueTypes.Base64Binary, Options.ClaimsIssuer),
            new Claim(ClaimTypes.X500DistinguishedName, certificate.SubjectName.Name, ClaimValueTypes.String, Options.ClaimsIssuer),
            new Claim(ClaimTypes.SerialNumber, certificate.SerialNumber, ClaimValueTypes.String, Options.ClaimsIssuer),
        ], CertificateAuthentication.AuthenticationScheme));

    private AuthenticateResult Success(ClaimsPrincipal principal) => AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The client certificate {Sha256} was refused: {Reasons}")]
        public static partial void Refused(ILogger logger, string sha256, string reasons);
    }
}
