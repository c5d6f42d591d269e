using System.ComponentModel.DataAnnotations;
using System.Net;

namespace BlockList.Server.Complaints.Public;

/// <summary>Section <c>Portal</c>: where the public site listens, who runs it, and how much one network may send.</summary>
internal sealed class PortalOptions : IValidatableObject
{
    public const string Section = "Portal";

    /// <summary>Address and port. Another address than loopback needs a certificate.</summary>
    [Required]
    public string Listen { get; set; } = "127.0.0.1:8084";

    /// <summary>What people have in their address bar, without a final slash. Links in mails begin with it.</summary>
    [Required(ErrorMessage = "Set [Portal] Origin to the address at which the public reaches the site, for example https://complaints.blocklist.example")]
    public string Origin { get; set; } = "";

    /// <summary>PEM file with the certificate and its chain; unset where a proxy on this machine speaks TLS.</summary>
    public string? Certificate { get; set; }

    /// <summary>PEM file with its private key.</summary>
    public string? CertificateKey { get; set; }

    /// <summary>Who runs the list, as the foot of every page names them.</summary>
    [Required(ErrorMessage = "Set [Portal] Operator to the name of whoever runs the list.")]
    public string Operator { get; set; } = "";

    /// <summary>Where letters go: people who cannot publish a DNS record prove control of a domain by one. On one line.</summary>
    [Required(ErrorMessage = "Set [Portal] PostalAddress to where letters reach the complaints officers: some people can prove by letter alone that a domain is theirs.")]
    public string PostalAddress { get; set; } = "";

    /// <summary>Forms that one network may send in a minute, 5 to 1,000,000. A complaint takes eight; several people can share an address.</summary>
    [Range(5, 1_000_000, ErrorMessage = "[Portal] PostsPerMinute must be from 5 to 1000000.")]
    public int PostsPerMinute { get; set; } = 60;

    /// <summary>Complaints that one network may make in an hour, 1 to 1,000,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "[Portal] ComplaintsPerHour must be from 1 to 1000000.")]
    public int ComplaintsPerHour { get; set; } = 20;

    /// <summary>Mails with a link to confirm that all networks together may cause in a minute, 1 to 1,000,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "[Portal] LinksPerMinute must be from 1 to 1000000.")]
    public int LinksPerMinute { get; set; } = 60;

    /// <summary>Requests of agents that enrol, which one network may send in an hour, 10 to 1,000,000. One enrolment takes some five.</summary>
    [Range(10, 1_000_000, ErrorMessage = "[Portal] EnrolmentsPerHour must be from 10 to 1000000.")]
    public int EnrolmentsPerHour { get; set; } = 200;

    public IPEndPoint EndPoint => IPEndPoint.Parse(Listen);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPEndPoint.TryParse(Listen, out var endPoint) || endPoint.Port == 0) yield return new ValidationResult($"[Portal] Listen = {Listen} is no address and port. Write it as 127.0.0.1:8084 or [::1]:8084.");
        else if (!IPAddress.IsLoopback(endPoint.Address) && Certificate is null) yield return new ValidationResult($"[Portal] Listen = {Listen} faces a network without TLS. Set Certificate and CertificateKey, or listen at 127.0.0.1 behind a proxy that speaks TLS.");
        if ((Certificate is null) != (CertificateKey is null)) yield return new ValidationResult("[Portal] Certificate and CertificateKey belong together: set both or neither.");
        if (!Uri.TryCreate(Origin, UriKind.Absolute, out var origin) || origin.GetLeftPart(UriPartial.Authority) != Origin) yield return new ValidationResult($"[Portal] Origin = {Origin} is no origin. Write scheme, host and, if it is not the usual one, port: https://complaints.blocklist.example");
        else if (origin.Scheme != Uri.UriSchemeHttps && !origin.IsLoopback) yield return new ValidationResult($"[Portal] Origin = {Origin} is not https. Complaints and their secrets do not travel in the clear.");
    }
}
