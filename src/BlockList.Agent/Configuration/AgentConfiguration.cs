using BlockList.Agent.State;
using BlockList.Format.Names;
using BlockList.Format.Rpz;
using BlockList.Format.Statements;

namespace BlockList.Agent.Configuration;

/// <summary>Everything that <c>agent.ini</c> says. Paths in it are relative to the file itself.</summary>
internal sealed record AgentConfiguration(string StateDirectory, ServerSettings Server, IReadOnlyList<ListSettings> Lists)
{
    public const string DefaultPath = "/etc/blocklist-agent/agent.ini";
    private const string NeverBlockKey = "neverblock";
    public const string DefaultState = "/var/lib/blocklist-agent";

    /// <summary>Programs of the provider's own that run after a change.</summary>
    public required string HooksDirectory { get; init; }

    /// <summary>The file that figures for a monitoring system go to, or null.</summary>
    public string? MetricsFile { get; init; }

    /// <summary>The OpenTelemetry collector that they go to, or null. It ends with a slash.</summary>
    public Uri? Collector { get; init; }

    public IReadOnlyList<ResolverSettings> Resolvers { get; init; } = [];

    /// <exception cref="ConfigurationException">Names every problem with its line.</exception>
    public static AgentConfiguration Read(string path) => From(IniFile.Read(path));

    public static AgentConfiguration From(IniFile file)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(file.Path))!;
        foreach (var section in file.Sections) RequireKnown(file, section);
        var agent = file.Sections.FirstOrDefault(s => s.Kind == "agent");
        var state = Path.Combine(directory, agent?.Optional("state") ?? DefaultState);
        var hooks = Path.Combine(directory, agent?.Optional("hooks") ?? "hooks");
        var metrics = agent?.Optional("metrics");
        if (metrics is not null && !metrics.EndsWith(".prom", StringComparison.Ordinal))
            agent!.Wrong("metrics", $"the collector passes over \"{metrics}\": write a name that ends in .prom.");
        var collector = ReadCollector(agent);
        var neverBlock = agent?.Optional(NeverBlockKey);
        var server = file.Single("server") is { } s ? ReadServer(s, directory) with { Renewed = RenewalFiles.IdentityOf(state), Followed = state } : null;
        var resolvers = file.Sections.Where(s => s is { Kind: "resolver", Name: not null }).Select(ResolverSection.Read).ToArray();
        var lists = file.Sections.Where(s => s is { Kind: "list", Name: not null }).Select(section => (Section: section, Settings: ReadList(section, directory, resolvers, neverBlock))).ToArray();
        if (lists.Length == 0 && file.Sections.All(s => s.Kind != "list"))
            file.Problem(1, "there is no list. Add a section such as [list worst-of].");
        RequireSeparateZones(lists);
        foreach (var section in file.Sections) section.RefuseUnknownKeys();
        file.RequireNoProblems();
        return new AgentConfiguration(state, server!, WithNeighbours([.. lists.Select(l => l.Settings!)]))
        {
            Resolvers = resolvers,
            HooksDirectory = hooks,
            MetricsFile = metrics is null ? null : Path.Combine(directory, metrics),
            Collector = collector,
        };
    }

    private static void RequireKnown(IniFile file, IniSection section)
    {
        var named = section.Kind is "list" or "resolver";
        if (!named && section.Kind is not ("agent" or "server"))
            file.Problem(section.Line, $"{section.Title} is no section of this file. It has [agent], [server], [list NAME] and [resolver NAME]. Correct or remove it.");
        else if (named != section.Name is not null)
            file.Problem(section.Line, named ? $"{section.Title} has no name. Write [{section.Kind} NAME]." : $"{section.Title} takes no name. Write [{section.Kind}].");
    }

    private static Uri? ReadCollector(IniSection? agent)
    {
        if (agent?.Optional("otlp") is not { } text) return null;
        if (Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var collector)
            && (collector.Scheme == Uri.UriSchemeHttp || collector.Scheme == Uri.UriSchemeHttps) && collector.UserInfo.Length + collector.Query.Length + collector.Fragment.Length == 0)
            return collector;
        agent.Wrong("otlp", $"\"{text}\" is no address of a collector. Write the one that takes OTLP over HTTP, such as http://127.0.0.1:4318, without v1/metrics.");
        return null;
    }

    private static ServerSettings ReadServer(IniSection section, string directory)
    {
        var text = section.Required("address");
        if (!IsServerAddress(text, out var address) && text.Length > 0)
            section.Wrong("address", $"\"{text}\" is no server address. Write https://host:port and nothing after it.");
        return new ServerSettings(
            address ?? new Uri("https://unset.example"),
            Path.Combine(directory, section.Optional("ca") ?? "ca.pem"),
            Credentials.Find(directory, section.Optional("certificate") ?? "certificate.pem"),
            Credentials.Find(directory, section.Optional("key") ?? "key.pem"));
    }

    internal static bool IsServerAddress(string text, out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme == Uri.UriSchemeHttps && address.PathAndQuery == "/" && address.UserInfo.Length == 0;

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
        var action = ReadAction(section);
        var (never, keep, windows) = (section.Optional(NeverBlockKey), ReadAfterLease(section), ReadChangeWindows(section));
        return resolver is null ? null : new ListSettings(id, zone, Path.GetFullPath(Path.Combine(directory, zoneFile)), resolver, action)
        {
            NeverBlock = [.. new[] { neverBlock, never }.OfType<string>().Select(file => Path.GetFullPath(Path.Combine(directory, file)))],
            KeepAfterLease = keep,
            ChangeWindows = windows,
        };
    }

    private static bool ReadAfterLease(IniSection section)
    {
        var text = section.Optional("afterlease") ?? "withdraw";
        if (text is not ("withdraw" or "keep"))
            section.Wrong("afterlease", $"\"{text}\" is neither of two choices. Write afterlease=withdraw, so that nothing is blocked once no listing is shown to stand any more, or afterlease=keep.");
        return text == "keep";
    }

    private static ChangeWindows? ReadChangeWindows(IniSection section)
    {
        if (section.Optional("changewindow") is not { } text) return null;
        var windows = ChangeWindows.Parse(text, out var problem);
        if (problem is not null)
            section.Wrong("changewindow", $"{problem}. Write days and hours in UTC, such as changewindow=mon-fri 02:00-05:00, sat,sun 00:00-24:00; hours alone are those of every day. Without the line names are added at any time.");
        return windows;
    }

    private static PolicyAction ReadAction(IniSection section)
    {
        var text = section.Optional("action") ?? PolicyAction.NxDomain.ToString();
        if (!PolicyAction.TryParse(text, out var action))
            section.Wrong("action", $"\"{text}\" is no action. Write action=nxdomain, nodata, drop, or address and 1 to {PolicyAction.MostAddresses} addresses of a stop page, such as address 192.0.2.1 2001:db8::1.");
        return action;
    }

    /// <summary>Tells each list of the others at its resolver.</summary>
    private static ListSettings[] WithNeighbours(ListSettings[] lists) =>
        [.. lists.Select(list => list with { Neighbours = [.. lists.Where(other => other != list && IsSame(other.Resolver, list.Resolver))] })];

    /// <summary>Two sections may be for one resolver.</summary>
    private static bool IsSame(ResolverSettings one, ResolverSettings other) => one.Name == other.Name || (one.Type == other.Type && one.Address.Equals(other.Address));

    private static bool IsZoneName(string text) =>
        text.Length <= NameLimits.ZoneText && text.Split('.').All(RegisteredList.IsListId);

    private static void RequireSeparateZones((IniSection Section, ListSettings? Settings)[] lists)
    {
        foreach (var (index, (section, settings)) in lists.Index())
        {
            if (settings is null) continue;
            foreach (var (_, other) in lists.Take(index))
            {
                if (other?.ZoneFile == settings.ZoneFile)
                    section.Wrong("zonefile", $"lists {other.Id} and {settings.Id} share the zone file {settings.ZoneFile}. Give each its own, or one would erase the other.");
                if (other is not null && other.Zone == settings.Zone && IsSame(other.Resolver, settings.Resolver))
                    section.Wrong("zone", $"lists {other.Id} and {settings.Id} share the zone {settings.Zone}. Give each its own.");
            }
        }
    }
}
