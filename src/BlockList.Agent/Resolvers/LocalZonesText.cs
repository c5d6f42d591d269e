using System.Globalization;
using System.Text;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Names;
using BlockList.Format.Rpz;

namespace BlockList.Agent.Resolvers;

/// <summary>
/// The file that Unbound includes when it starts: the same local zones that it was given through its control channel.
/// While it runs it never reads it again.
/// </summary>
internal sealed class LocalZonesText(LocalZonesMarker marker)
{
    private const string Head = "# Kept by blocklist-agent: what is changed here is lost with the next version.\nserver:\n";
    private const string ZoneStart = "local-zone: \"";
    private const string NameEnd = ".\" ";
    private const string DataStart = "local-data: \"";

    private string Markers => $"{Head}{ZoneStart}{marker.Apex}.\" static\n{DataStart}{marker.IncludedRecord}\"\n";

    public void Write(Stream output, LocalZones zones)
    {
        using var writer = new StreamWriter(output, Encoding.ASCII, 64 * 1024, leaveOpen: true) { NewLine = "\n" };
        writer.Write(Markers);
        if (zones.Version is { } version) writer.Write($"{DataStart}{marker.VersionRecord(version)}\"\n");
        var rule = $".\" {zones.Type}\n";
        foreach (var name in zones.Names.Lines)
        {
            writer.Write(ZoneStart);
            writer.Write(name);
            writer.Write(rule);
            foreach (var record in zones.RecordsOf(name)) writer.Write($"{DataStart}{record}\"\n");
        }
    }

    /// <summary>Reads back what <see cref="Write"/> wrote.</summary>
    /// <exception cref="MalformedDocumentException">A line that is never written, or names with different actions.</exception>
    public LocalZones Read(Stream input)
    {
        using var reader = new StreamReader(input, Encoding.ASCII, false, 64 * 1024, leaveOpen: true);
        foreach (var expected in Markers.TrimEnd('\n').Split('\n'))
            if (reader.ReadLine() != expected) throw new MalformedDocumentException("the local zones do not begin as they must");
        var line = reader.ReadLine();
        var version = ReadVersion(line);
        if (version is not null) line = reader.ReadLine();
        var names = new List<string>();
        PolicyAction? action = null;
        while (line is not null)
        {
            var (name, type) = ReadZone(line);
            var records = new List<string>();
            while ((line = reader.ReadLine())?.StartsWith(DataStart, StringComparison.Ordinal) == true) records.Add(line[DataStart.Length..].TrimEnd('"'));
            if (names.Count > 0 && string.CompareOrdinal(names[^1], name) >= 0) throw new MalformedDocumentException("the local zones are not in order, or one stands twice");
            action ??= LocalZones.ActionOf(type, records) ?? throw new MalformedDocumentException("a local zone has an action that is never written");
            var due = new LocalZones(null, ListFile.Empty, action);
            if (type != due.Type || !records.SequenceEqual(due.RecordsOf(name))) throw new MalformedDocumentException("a local zone has another action than the first");
            names.Add(name);
        }
        return new LocalZones(version, ListFile.OfLines(names), action ?? PolicyAction.NxDomain);
    }

    /// <summary>All names that are local zones in a file which is not as <see cref="Write"/> writes it: of no version.</summary>
    public LocalZones ReadNames(Stream input)
    {
        using var reader = new StreamReader(input, Encoding.ASCII, false, 64 * 1024, leaveOpen: true);
        var names = new List<string>();
        while (reader.ReadLine() is { } line)
            if (NameOf(line) is { } name && IsWholeName(name) && name != marker.Apex) names.Add(name);
        return new LocalZones(null, ListFile.OfLines(names), PolicyAction.NxDomain);
    }

    private Serial? ReadVersion(string? line)
    {
        if (line?.StartsWith(DataStart, StringComparison.Ordinal) != true) return null;
        return long.TryParse(line.Split(' ').ElementAtOrDefault(6), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && Serial.TryCreate(value, out var version)
            && line == $"{DataStart}{marker.VersionRecord(version)}\"" ? version : throw new MalformedDocumentException("the version of the local zones cannot be read");
    }

    private static (string Name, string Type) ReadZone(string line)
    {
        var name = NameOf(line) ?? throw new MalformedDocumentException("a line is no local zone");
        return IsWholeName(name) ? (name, line[(ZoneStart.Length + name.Length + NameEnd.Length)..]) : throw new MalformedDocumentException("a local zone is for no name");
    }

    private static string? NameOf(string line)
    {
        if (!line.StartsWith(ZoneStart, StringComparison.Ordinal)) return null;
        var end = line.IndexOf(NameEnd, ZoneStart.Length, StringComparison.Ordinal);
        return end < 0 ? null : line[ZoneStart.Length..end];
    }

    private static bool IsWholeName(string name) => ListedName.IsCanonical(name) && name[0] != '=';
}
