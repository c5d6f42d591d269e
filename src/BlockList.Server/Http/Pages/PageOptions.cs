using System.ComponentModel.DataAnnotations;
using System.Net;

namespace BlockList.Server.Http.Pages;

/// <summary>Section of the role that shows pages (<c>Curation</c>): where it listens and at which address people reach it.</summary>
internal sealed class PageOptions : IValidatableObject
{
    /// <summary>Address and port, <c>127.0.0.1:8080</c>. Another address than loopback needs a certificate.</summary>
    [Required]
    public string Listen { get; set; } = "127.0.0.1:8080";

    /// <summary>What people have in their address bar, without a final slash. Passkeys are made for its host.</summary>
    [Required(ErrorMessage = "Set Origin to the address at which people reach the role, for example https://curation.blocklist.example")]
    public string Origin { get; set; } = "";

    /// <summary>PEM file with the certificate and its chain; empty where a proxy on this machine speaks TLS.</summary>
    public string? Certificate { get; set; }

    /// <summary>PEM file with its private key.</summary>
    public string? CertificateKey { get; set; }

    public IPEndPoint EndPoint => IPEndPoint.Parse(Listen);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPEndPoint.TryParse(Listen, out var endPoint)) yield return new ValidationResult($"Listen = {Listen} is no address and port. Write it as 127.0.0.1:8080 or [::1]:8080.");
        else if (!IPAddress.IsLoopback(endPoint.Address) && Certificate is null) yield return new ValidationResult($"Listen = {Listen} faces a network without TLS. Set Certificate and CertificateKey, or listen at 127.0.0.1 behind a proxy that speaks TLS.");
        if ((Certificate is null) != (CertificateKey is null)) yield return new ValidationResult("Certificate and CertificateKey belong together: set both or neither.");
        if (!Uri.TryCreate(Origin, UriKind.Absolute, out var origin) || origin.GetLeftPart(UriPartial.Authority) != Origin) yield return new ValidationResult($"Origin = {Origin} is no origin. Write scheme, host and, if it is not the usual one, port: https://curation.blocklist.example");
        else if (origin.Scheme != Uri.UriSchemeHttps && origin.Host != "localhost") yield return new ValidationResult($"Origin = {Origin} is not https. Browsers give passkeys to https and to http://localhost only.");
    }
}
