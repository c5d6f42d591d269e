using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Authentication;

namespace BlockList.Server.Http.ClientCertificates;

/// <summary>Names, meaning and defaults of Microsoft.AspNetCore.Authentication.Certificate, as far as they are used here.</summary>
internal sealed class CertificateAuthenticationOptions : AuthenticationSchemeOptions
{
    /// <summary>Roots that are trusted beside or instead of the system's, see <see cref="ChainTrustValidationMode"/>.</summary>
    public X509Certificate2Collection CustomTrustStore { get; set; } = [];

    public X509ChainTrustMode ChainTrustValidationMode { get; set; } = X509ChainTrustMode.System;

    /// <summary>Whether the certificate must be made for client authentication.</summary>
    public bool ValidateCertificateUse { get; set; } = true;

    public bool ValidateValidityPeriod { get; set; } = true;

    public X509RevocationFlag RevocationFlag { get; set; } = X509RevocationFlag.ExcludeRoot;

    public X509RevocationMode RevocationMode { get; set; } = X509RevocationMode.Online;
}
