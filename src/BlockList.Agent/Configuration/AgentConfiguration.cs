using System.Net;
using BlockList.Format.Names;
using BlockList.Format.Statements;

namespace BlockList.Agent.Configuration;

/// <summary>Everything that <c>agent.ini</c> says. Paths in it are relative to the file itself.</summary>
internal sealed record AgentConfiguration(string StateDirectory, ServerSettings Server, IReadOnlyList<ListSettings> Lists)
{
    public const string DefaultPath = "/etc/blocklist-agent/agent.ini";
    private const string NeverBlockKey = "neverblock";
    public const string DefaultState = "/var/lib/blocklist-agent";

    /// <exception cref="ConfigurationException">Names every problem with its line.</exception>
    public static AgentConfiguration Read(string path) => From(IniFile.Read(path));

    public static AgentConfiguration From(IniFile file)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(file.Path))!;
        foreach (var section in file.Sections) RequireKnown(file, section);
        var agent = file.Sections.FirstOrDefault(s => s.Kind == "agent");
        var state = Path.Combine(directory, agent?.Optional("state") ?? DefaultState);
        var neverBlock = agent?.Optional(NeverBlockKey);
        var server = file.Single("server") is { } s ? ReadServer(s, directory) : null;
        var resolvers = file.Sections.Where(s => s is { Kind: "resolver", Name: not null }).Select(ReadResolver).ToArray();
        var lists = file.Sections.Where(s => s is { Kind: "list", Name: not null }).Select(section => ReadList(section, directory, resolvers, neverBlock)).ToArray();
        if (lists.Length == 0 && file.Sections.All(s => s.Kind != "list"))
            file.Problem(1, "there is no list. Add a section such as [list worst-of].");
        RequireSeparateZones(file, lists);
        foreach (var section in file.Sections) section.RefuseUnknownKeys();
        file.RequireNoProblems();
        return new AgentConfiguration(state, server!, lists!);
    }

    private static void RequireKnown(IniFile file, IniSection section)
    {
        var named = section.Kind is "list" or "resolver";
        if (!named && section.Kind is not ("agent" or "server"))
            file.Problem(section.Line, $"{section.Title} is no section of this file. It has [agent], [server], [list NAME] and [resolver NAME]. Correct or remove it.");
        else if (named != section.Name is not null)
            file.Problem(section.Line, named ? $"{section.Title} has no name. Write [{section.Kind} NAME]." : $"{section.Title} takes no name. Write [{section.Kind}].");
    }

    private static ServerSettings ReadServer(IniSection section, string directory)
    {
        var text = section.Required("address");
        if (!IsServerAddress(text, out var address) && text.Length > 0)
            section.Wrong("address", $"\"{text}\" is no server address. Write https://host:port and nothing after it.");
        return new ServerSettings(
            address ?? new Uri("https://unset.example"),
            Path.Combine(directory, section.Optional("ca") ?? "ca.pem"),
            Path.Combine(directory, section.Optional("certificate") ?? "certificate.pem"),
            Path.Combine(directory, section.Optional("key") ?? "key.pem"));
    }

    internal static bool IsServerAddress(string text, out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme == Uri.UriSchemeHttps && address.PathAndQuery == "/" && address.UserInfo.Length == 0;

    private static ResolverSettings ReadResolver(IniSection section)
    {
        var type = section.Required("type");
        if (type.Length > 0 && type != ResolverSettings.Unbound)
            section.Wrong("type", $"\"{type}\" is no resolver that this version can control. Write type={ResolverSettings.Unbound}.");
        var control = (section.Optional("control") ?? "unbound-control").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (control.Length == 0) section.Wrong("control", "the control command is empty. Write control=unbound-control, with arguments if it needs any.");
        var text = section.Optional("address") ?? "127.0.0.1:53";
        if (!IPEndPoint.TryParse(text, out var address) || address.Port == 0)
            section.Wrong("address", $"\"{text}\" is no address of a resolver. Write IP:PORT, such as 127.0.0.1:53 or [::1]:53.");
        return new ResolverSettings(section.Name!, control, address ?? new IPEndPoint(IPAddress.Loopback, 53));
    }

    private static ListSettings? ReadList(IniSection section, string directory, ResolverSettings[] resolvers, string? neverBlock)
    {
        var id = section.Name!;
        if (!RegisteredList.IsListId(id))
            section.Wrong("", $"\"{id}\" is no list. Lists have lower-case letters, digits and hyphens, at most {NameLimits.ZoneText}.");
        var zone = section.Optional("zone") ?? id;
        if (!IsZoneName(zone))
            section.Wrong("zone", $"\"{zone}\" cannot name the zone. Use lower-case letters, digits, hyphens and dots, at most {NameLimits.ZoneText}: longer names leave no room for the listed ones.");
        var zoneFile = section.Required("zonefile");
        var wanted = section.Required("resolver");
        var resolver = Array.Find(resolvers, r => r.Name == wanted);
        if (resolver is null && wanted.Length > 0)
            section.Wrong("resolver", $"there is no section [resolver {wanted}]. Add it, or name one that exists.");
        var (never, keep) = (section.Optional(NeverBlockKey), ReadAfterLease(section));
        return resolver is null ? null : new ListSettings(id, zone, Path.GetFullPath(Path.Combine(directory, zoneFile)), resolver)
        {
            NeverBlock = [.. new[] { neverBlock, never }.OfType<string>().Select(file => Path.GetFullPath(Path.Combine(directory, file)))],
            KeepAfterLease = keep,
        };
    }

    private static bool ReadAfterLease(IniSection section)
    {
        var text = section.Optional("afterlease") ?? "withdraw";
        if (text is not ("withdraw" or "keep"))
            section.Wrong("afterlease", $"\"{text}\" is neither of two choices. Write afterlease=withdraw, so that nothing is blocked once no listing is shown to stand any more, or afterlease=keep.");
        return text == "keep";
    }

    private static bool IsZoneName(string text) =>
        text.Length <= NameLimits.ZoneText && text.Split('.').All(RegisteredList.IsListId);

    private static void RequireSeparateZones(IniFile file, IEnumerable<ListSettings?> lists)
    {
        foreach (var shared in lists.OfType<ListSettings>().GroupBy(l => l.ZoneFile, StringComparer.Ordinal).Where(g => g.Count() > 1))
            file.Problem(1, $"lists {string.Join(" and ", shared.Select(l => l.Id))} share the zone file {shared.Key}. Give each its own, or one would erase the other.");
        foreach (var shared in lists.OfType<ListSettings>().GroupBy(l => (l.Zone, l.Resolver.Name)).Where(g => g.Count() > 1))
            file.Problem(1, $"lists {string.Join(" and ", shared.Select(l => l.Id))} share the zone {shared.Key.Zone}. Give each its own.");
    }
}
