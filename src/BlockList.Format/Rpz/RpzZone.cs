using System.Globalization;
using System.Text;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Names;

namespace BlockList.Format.Rpz;

/// <summary>
/// A response policy zone file (draft-vixie-dnsop-dns-rpz-00): SOA first, one NS, then for a whole name two rules
/// (<c>name</c> and <c>*.name</c>) and for a host one, each with the records of the action: <c>CNAME .</c> answers
/// NXDOMAIN. Owner names are relative to the zone's origin. The serial is the version of the list. There is never a
/// ZONEMD (RFC 8976): Unbound 1.17 takes it for a rule about the root.
/// </summary>
public static class RpzZone
{
    private const string TimeToLive = "$TTL 300";
    private const string NameServer = "@ NS localhost.";
    private const string Below = "*.";

    /// <summary>Longer than any line that is written: wildcard, <see cref="NameLimits.Listable"/> and an IPv6 address have 282.</summary>
    private const int LineRoom = 320;

    /// <summary>Writes the zone that answers NXDOMAIN.</summary>
    public static void Write(Stream output, ListFile list, Serial serial) => Write(output, list, serial, PolicyAction.NxDomain);

    /// <summary>Writes the zone.</summary>
    public static void Write(Stream output, ListFile list, Serial serial, PolicyAction action)
    {
        var rules = RulesOf(action);
        using var writer = new StreamWriter(output, Encoding.ASCII, 64 * 1024, leaveOpen: true) { NewLine = "\n" };
        writer.Write($"{TimeToLive}\n{Authority(serial)}\n{NameServer}\n");
        foreach (var line in list.Lines)
        {
            var host = line[0] == '=';
            var name = line.AsSpan(host ? 1 : 0);
            // The same name listed twice, whole and as host, gives its own rule once.
            if (!host || !list.Contains(name.ToString())) WriteRules(writer, "", name, rules);
            if (!host) WriteRules(writer, Below, name, rules);
        }
    }

    /// <summary>
    /// Reads back what <see cref="Write(Stream, ListFile, Serial, PolicyAction)"/> wrote and tells which list it enforces,
    /// so that a renderer is never believed: the result must equal the list but for a host entry beside its whole name.
    /// </summary>
    /// <exception cref="MalformedDocumentException">A line that this format does not write, or a rule with another action.</exception>
    public static (Serial Serial, ListFile Enforced) Read(Stream input) => Read(input, PolicyAction.NxDomain);

    /// <inheritdoc cref="Read(Stream)"/>
    public static (Serial Serial, ListFile Enforced) Read(Stream input, PolicyAction action)
    {
        var rules = RulesOf(action);
        using var reader = new StreamReader(input, Encoding.ASCII, false, 64 * 1024, leaveOpen: true);
        var serial = ReadHead(reader);
        var hosts = new HashSet<string>(StringComparer.Ordinal);
        var below = new HashSet<string>(StringComparer.Ordinal);
        while (ReadLine(reader) is { } line)
        {
            if (!line.EndsWith(rules[0], StringComparison.Ordinal)) throw new MalformedDocumentException("a rule of the zone is cut off or unknown");
            var owner = line[..^rules[0].Length];
            for (var more = 1; more < rules.Length; more++)
                if (ReadLine(reader) != owner + rules[more]) throw new MalformedDocumentException("a name of the zone has not all records of the action");
            var wildcard = owner.StartsWith(Below, StringComparison.Ordinal);
            var name = wildcard ? owner[Below.Length..] : owner;
            if (!ListedName.IsCanonical(name) || name[0] == '=' || !(wildcard ? below : hosts).Add(name))
                throw new MalformedDocumentException("a rule of the zone is for no name, or stands twice");
        }
        if (!below.IsSubsetOf(hosts)) throw new MalformedDocumentException("a rule covers what is below a name and not the name");
        var entries = hosts.Select(name => below.Contains(name) ? name : "=" + name).ToArray();
        Array.Sort(entries, StringComparer.Ordinal);
        return (serial, ListFile.OfSorted(entries));
    }

    /// <summary>The serial of a zone, whatever its rules are.</summary>
    /// <exception cref="MalformedDocumentException">It does not begin as a zone of this format.</exception>
    public static Serial ReadSerial(Stream input)
    {
        using var reader = new StreamReader(input, Encoding.ASCII, false, 1024, leaveOpen: true);
        return ReadHead(reader);
    }

    private static Serial ReadHead(StreamReader reader)
    {
        if (ReadLine(reader) != TimeToLive) throw new MalformedDocumentException("the zone does not begin with its TTL");
        var authority = ReadLine(reader) ?? "";
        if (!int.TryParse(authority.Split(' ').ElementAtOrDefault(4), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !Serial.TryCreate(number, out var serial) || authority != Authority(serial))
            throw new MalformedDocumentException("the zone has no SOA with a serial");
        return ReadLine(reader) == NameServer ? serial : throw new MalformedDocumentException("the zone has no NS");
    }

    private static string[] RulesOf(PolicyAction action) => [.. action.Records.Select(record => " " + record)];

    private static void WriteRules(StreamWriter writer, string prefix, ReadOnlySpan<char> name, string[] rules)
    {
        foreach (var rule in rules)
        {
            writer.Write(prefix);
            writer.Write(name);
            writer.Write(rule);
            writer.Write('\n');
        }
    }

    private static string Authority(Serial serial) => $"@ SOA localhost. hostmaster.localhost. {serial} 3600 600 86400 300";

    /// <summary>The next line, or null at the end. A line feed alone ends it: what a carriage return means is each
    /// resolver's own affair.</summary>
    private static string? ReadLine(StreamReader reader)
    {
        Span<char> line = stackalloc char[LineRoom];
        var length = 0;
        for (var next = reader.Read(); next >= 0; next = reader.Read())
        {
            if (next == '\n') return new string(line[..length]);
            if (length == line.Length) throw new MalformedDocumentException("a line of the zone is longer than any that is written");
            line[length++] = (char)next;
        }
        return length == 0 ? null : throw new MalformedDocumentException("the zone does not end with a line end; it is cut off");
    }

    /// <summary>The list that a zone can show: without host entries that a whole name covers already.</summary>
    public static ListFile Enforceable(ListFile list) =>
        ListFile.OfSorted([.. list.Lines.Where(line => line[0] != '=' || !list.Contains(line[1..]))]);

    /// <summary>The host entries of a list that no whole name of the same name covers: what local zones, which cover
    /// everything below a name, cannot express.</summary>
    public static ListFile HostsAlone(ListFile list) =>
        ListFile.OfSorted([.. list.Lines.Where(line => line[0] == '=' && !list.Contains(line[1..]))]);
}
