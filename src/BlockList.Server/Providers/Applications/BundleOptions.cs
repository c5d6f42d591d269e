namespace BlockList.Server.Providers.Applications;

/// <summary>Section <c>Bundle</c>: what goes into the bundle that a provider manager downloads. Without it the page offers none.</summary>
internal sealed class BundleOptions
{
    public const string Section = "Bundle";

    /// <summary>Where providers fetch lists: <c>https://host:port</c>.</summary>
    public string Server { get; set; } = "";

    /// <summary>Where a code becomes a certificate: the public site's address.</summary>
    public string Enrolment { get; set; } = "";

    /// <summary>SHA-256 of the certificate that is shown there; empty where <see cref="Authority"/> vouches for it.</summary>
    public string EnrolmentSha256 { get; set; } = "";

    /// <summary>PEM file: the authorities of the server's certificate.</summary>
    public string Authority { get; set; } = "";

    public bool IsSet => Server.Length > 0 && Enrolment.Length > 0 && Authority.Length > 0;
}
