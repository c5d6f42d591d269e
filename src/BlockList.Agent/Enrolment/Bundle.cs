using BlockList.Agent.Configuration;
using BlockList.Format.Statements;

namespace BlockList.Agent.Enrolment;

/// <summary>What the operator hands to a provider: a directory with <c>bundle.ini</c>, the server's authority, the
/// provider's certificate and key, and the first root of each list.</summary>
internal sealed record Bundle(string Directory, Uri Server, string Provider, IReadOnlyList<string> Lists)
{
    public const string AuthorityFile = "ca.pem";
    public const string CertificateFile = "certificate.pem";
    public const string KeyFile = "key.pem";

    public ServerSettings ServerSettings => new(Server, PathOf(AuthorityFile), PathOf(CertificateFile), PathOf(KeyFile));

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
        section.RefuseUnknownKeys();
        file.RequireNoProblems();
        return new Bundle(Path.GetFullPath(directory), server!, provider, lists);
    }
}
