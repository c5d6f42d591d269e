using System.ComponentModel.DataAnnotations;

namespace BlockList.Server.Distribution;

/// <summary>Section <c>Distribution</c>.</summary>
internal sealed class DistributionOptions
{
    public const string Section = "Distribution";

    /// <summary>Address and port that providers connect to. Port 0 takes a free one.</summary>
    public string Listen { get; set; } = "0.0.0.0:8443";

    /// <summary>PEM file: the certificate that this server shows, then the certificates between it and its root.</summary>
    [Required(ErrorMessage = "Set [Distribution] Certificate to the PEM file of this server's TLS certificate.")]
    public string Certificate { get; set; } = "";

    /// <summary>PEM file: the private key of <see cref="Certificate"/>, without a passphrase.</summary>
    [Required(ErrorMessage = "Set [Distribution] CertificateKey to the PEM file of the private key of this server's TLS certificate.")]
    public string CertificateKey { get; set; } = "";

    /// <summary>PEM file: the private authority (or authorities, while one follows another) that signs the certificates of providers.</summary>
    [Required(ErrorMessage = "Set [Distribution] ClientCa to the PEM file of the authority that signs the certificates of providers.")]
    public string ClientCa { get; set; } = "";

    /// <summary>PEM file: the very certificates with which proxies of ours connect, which then say by <c>Client-Cert</c> (RFC 9440) whose requests they bring. Empty where providers connect themselves.</summary>
    public string Proxies { get; set; } = "";

    /// <summary>Id of this deployment, the same that root.json names.</summary>
    [Required(ErrorMessage = "Set [Distribution] Deployment to the id of this deployment, the same that root.json names.")]
    public string Deployment { get; set; } = "";

    /// <summary>Requests that one certificate may make in one minute, 10 to 100,000. A first install makes about 40 for each list.</summary>
    [Range(10, 100_000, ErrorMessage = "[Distribution] RequestsPerMinute must be from 10 to 100000.")]
    public int RequestsPerMinute { get; set; } = 600;

    /// <summary>Event streams that one certificate may have open at this node, 1 to 1,000. An agent opens one for each list.</summary>
    [Range(1, 1000, ErrorMessage = "[Distribution] StreamsPerCertificate must be from 1 to 1000.")]
    public int StreamsPerCertificate { get; set; } = 8;

    /// <summary>Connections of one network (an IPv4 address, an IPv6 /64) at this node that have not shown a certificate yet, 10 to 100,000.</summary>
    [Range(10, 100_000, ErrorMessage = "[Distribution] OpeningPerNetwork must be from 10 to 100000.")]
    public int OpeningPerNetwork { get; set; } = 200;

    /// <summary>Connections that are open at this node, 100 to 1,000,000.</summary>
    [Range(100, 1_000_000, ErrorMessage = "[Distribution] Connections must be from 100 to 1000000.")]
    public int Connections { get; set; } = 20_000;
}
