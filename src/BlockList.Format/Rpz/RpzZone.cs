using System.Globalization;
using System.Text;
using BlockList.Format.Json;
using BlockList.Format.Lists;

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

    private static ReadOnlySpan<byte> Below => "*."u8;

    /// <summary>Writes the zone that answers NXDOMAIN.</summary>
    public static void Write(Stream output, ListFile list, Serial serial) => Write(output, list, serial, PolicyAction.NxDomain);

    /// <summary>Writes the zone.</summary>
    public static void Write(Stream output, ListFile list, Serial serial, PolicyAction action)
    {
        var rules = RulesOf(action);
        var writer = new ZoneWriter(output);
        writer.Write(Encoding.ASCII.GetBytes($"{TimeToLive}\n{Authority(serial)}\n{NameServer}\n"));
        for (var i = 0; i < list.Count; i++)
        {
            var line = list.Line(i);
            var host = ListFile.IsHost(line);
            var name = host ? line[1..] : line;
            // The same name listed twice, whole and as host, gives its own rule once.
            if (!host || !list.Contains(name)) WriteRules(default, name);
            if (!host) WriteRules(Below, name);
        }
        writer.Flush();

        void WriteRules(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> name)
        {
            foreach (var rule in rules)
            {
                writer.Write(prefix);
                writer.Write(name);
                writer.Write(rule);
                writer.Write("\n"u8);
            }
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
        var lines = new ZoneLines(input);
        var serial = ReadHead(lines);
        return (serial, ZoneRules.Read(lines, RulesOf(action), input.CanSeek ? input.Length : 0));
    }

    /// <summary>The serial of a zone, whatever its rules are.</summary>
    /// <exception cref="MalformedDocumentException">It does not begin as a zone of this format.</exception>
    public static Serial ReadSerial(Stream input) => ReadHead(new ZoneLines(input));

    /// <summary>The list that a zone can show: without host entries that a whole name covers already.</summary>
    public static ListFile Enforceable(ListFile list) => list.Where(line => !ListFile.IsHost(line) || !list.Contains(line[1..]));

    /// <summary>The host entries of a list that no whole name of the same name covers: what local zones, which cover
    /// everything below a name, cannot express.</summary>
    public static ListFile HostsAlone(ListFile list) => list.Where(line => ListFile.IsHost(line) && !list.Contains(line[1..]));

    private static Serial ReadHead(ZoneLines lines)
    {
        if (ReadText(lines) != TimeToLive) throw new MalformedDocumentException("the zone does not begin with its TTL");
        var authority = ReadText(lines) ?? "";
        if (!int.TryParse(authority.Split(' ').ElementAtOrDefault(4), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !Serial.TryCreate(number, out var serial) || authority != Authority(serial))
            throw new MalformedDocumentException("the zone has no SOA with a serial");
        return ReadText(lines) == NameServer ? serial : throw new MalformedDocumentException("the zone has no NS");
    }

    private static string? ReadText(ZoneLines lines) => lines.TryRead(out var line) ? Encoding.ASCII.GetString(line) : null;

    private static byte[][] RulesOf(PolicyAction action) => [.. action.Records.Select(record => Encoding.ASCII.GetBytes(" " + record))];

    private static string Authority(Serial serial) => $"@ SOA localhost. hostmaster.localhost. {serial} 3600 600 86400 300";
}
