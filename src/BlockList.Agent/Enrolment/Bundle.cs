using BlockList.Agent.Configuration;
using BlockList.Format;
using BlockList.Format.Statements;

namespace BlockList.Agent.Enrolment;

/// <summary>What the operator hands to a provider: a directory with <c>bundle.ini</c>, the server's authority, the
/// provider's certificate and key (or the address where a code gets one), and the first root of each list.</summary>
internal sealed record Bundle(string Directory, Uri Server, string Provider, IReadOnlyList<string> Lists)
{
    public const string AuthorityFile = "ca.pem";
    public const string CertificateFile = "certificate.pem";
    public const string KeyFile = "key.pem";

    /// <summary>Where a code is turned into a certificate; null where the bundle brings certificate and key.</summary>
    public Uri? Enrolment { get; init; }

    /// <summary>SHA-256 of the certificate that the server there shows; null where <see cref="AuthorityFile"/> vouches for it.</summary>
    public string? EnrolmentSha256 { get; init; }

    /// <summary>Where certificate and key lie, if not in the bundle itself: a code brought them.</summary>
    public (string Certificate, string Key)? Obtained { get; init; }

    public ServerSettings ServerSettings => new(Server, PathOf(AuthorityFile), Obtained?.Certificate ?? PathOf(CertificateFile), Obtained?.Key ?? PathOf(KeyFile));

    public string PathOf(string file) => Path.Combine(Directory, file);

    public static string RootFileOf(string list) => list + ".root.json";

    /// <exception cref="ConfigurationException">Names every problem with its line.</exception>
    public static Bundle Read(string directory)
    {
        var file = IniFile.Read(Path.Combine(directory, "bundle.ini"));
        foreach (var other in file.Sections.Where(s => s.Title != "[bundle]"))
            file.Problem(other.Line, $"{other.Title} is no section of a bundle. Take the bundle from the operator again.");
        var section = file.Single("bundle");
        file.RequireNoProblems();

        var text = section!.Required("server");
        if (!AgentConfiguration.IsServerAddress(text, out var server)) section.Wrong("server", $"\"{text}\" is no server address such as https://host:port.");
        var provider = section.Required("provider");
        var lists = section.Required("lists").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lists.Length == 0 || !lists.All(RegisteredList.IsListId) || lists.Distinct(StringComparer.Ordinal).Count() != lists.Length)
            section.Wrong("lists", "\"lists\" does not name different lists, with commas between. Take the bundle from the operator again.");
        Uri? enrolment = null;
        if (section.Optional("enrolment") is { } place && !IsEnrolmentAddress(place, out enrolment))
            section.Wrong("enrolment", $"\"{place}\" is no address such as https://host:port.");
        var sha256 = section.Optional("enrolment-sha256")?.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant();
        if (sha256 is not null && !Hashes.IsSha256(sha256)) section.Wrong("enrolment-sha256", "it is not the SHA-256 of a certificate, 64 hexadecimal digits.");
        section.RefuseUnknownKeys();
        file.RequireNoProblems();
        return new Bundle(Path.GetFullPath(directory), server!, provider, lists) { Enrolment = enrolment, EnrolmentSha256 = sha256 };
    }

    /// <summary>TLS, but for a server on this very machine, which nobody stands in front of.</summary>
    private static bool IsEnrolmentAddress(string text, out Uri? address) => AgentConfiguration.IsServerAddress(text, out address)
        || (address is { IsLoopback: true, PathAndQuery: "/", UserInfo.Length: 0 } && address.Scheme == Uri.UriSchemeHttp);
}
