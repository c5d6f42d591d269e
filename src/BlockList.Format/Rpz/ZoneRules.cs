using BlockList.Format.Json;
using BlockList.Format.Lists;

namespace BlockList.Format.Rpz;

/// <summary>Turns the rules of a zone back into the list that they enforce.</summary>
internal sealed class ZoneRules
{
    private readonly ListBuilder entries;

    /// <summary>The name whose own rule was the last. Whether what is below it is covered too, the next rule shows.</summary>
    private readonly byte[] open = new byte[ListFile.LongestLine];
    private int openLength;

    private ZoneRules(long zoneLength) => entries = new ListBuilder((int)Math.Min(zoneLength / 2, ListFile.MaximumLength), 0);

    /// <param name="lines">What follows the head.</param>
    /// <param name="rules">What stands behind each owner name, one line each.</param>
    /// <param name="zoneLength">Bytes of the zone, or 0 where that is not known. Hosts take more of it than half.</param>
    /// <exception cref="MalformedDocumentException">A rule that is never written, or one that stands elsewhere.</exception>
    public static ListFile Read(ZoneLines lines, byte[][] rules, long zoneLength)
    {
        var zone = new ZoneRules(zoneLength);
        while (lines.TryRead(out var line)) zone.Add(OwnerOf(line, lines, rules));
        zone.CloseAsHost();
        var list = zone.entries.Build();
        return RpzZone.Enforceable(list).Count == list.Count ? list : throw NoNameOrTwice();
    }

    private ReadOnlySpan<byte> Open => open.AsSpan(1, openLength);

    private void Add(ReadOnlySpan<byte> owner)
    {
        var below = owner.StartsWith("*."u8);
        var name = below ? owner[2..] : owner;
        if (!ListFile.IsEntry(name) || ListFile.IsHost(name)) throw NoNameOrTwice();
        if (!below)
        {
            CloseAsHost();
            name.CopyTo(open.AsSpan(1));
            openLength = name.Length;
        }
        else if (name.SequenceEqual(Open))
        {
            Close(name);
        }
        else
        {
            throw name.SequenceEqual(entries.Last) ? NoNameOrTwice() : new MalformedDocumentException("a rule covers what is below a name and not the name");
        }
    }

    private void CloseAsHost()
    {
        if (openLength == 0) return;
        open[0] = (byte)'=';
        Close(open.AsSpan(0, openLength + 1));
    }

    /// <summary>Rules stand in the order of the list, so an entry that is not behind the one before is there already, or was
    /// not written here.</summary>
    private void Close(ReadOnlySpan<byte> entry)
    {
        if (entries.Last.SequenceCompareTo(entry) >= 0) throw NoNameOrTwice();
        entries.Add(entry);
        openLength = 0;
    }

    /// <summary>The owner of the rules that begin with this line, each of which must be there.</summary>
    private static ReadOnlySpan<byte> OwnerOf(ReadOnlySpan<byte> line, ZoneLines lines, byte[][] rules)
    {
        if (!line.EndsWith(rules[0])) throw new MalformedDocumentException("a rule of the zone is cut off or unknown");
        var owner = line[..^rules[0].Length];
        if (rules.Length == 1) return owner;
        // The next line takes the place of this one.
        byte[] kept = [.. owner];
        foreach (var rule in rules.AsSpan(1))
            if (!lines.TryRead(out var next) || !next.StartsWith(kept) || !next[kept.Length..].SequenceEqual(rule))
                throw new MalformedDocumentException("a name of the zone has not all records of the action");
        return kept;
    }

    private static MalformedDocumentException NoNameOrTwice() => new("a rule of the zone is for no name, or stands twice");
}
