using BlockList.Format.Lists;
using BlockList.Format.Names;

namespace BlockList.Agent.Resolvers;

/// <summary>A name to ask for, and why: receipts have the reason and never the name.</summary>
/// <param name="Probe">Which of the list's names it is.</param>
/// <param name="Name">The name.</param>
/// <param name="Listed">Whether the list blocks it; else it must be free.</param>
/// <param name="Host">Whether it is listed as a host only: resolvers may enforce these in another way than whole names.</param>
internal sealed record ProbeChoice(string Probe, string Name, bool Listed, bool Host)
{
    /// <summary>A label that no list is likely to have.</summary>
    private const string Stranger = "blocklist-probe";

    private const string Removed = "removed";

    private const int FurtherProbes = 5;

    /// <summary>It was listed a moment ago.</summary>
    public bool IsRemoved => Probe == Removed;

    /// <summary>The first, the middle and the last entry, and one of each scope; of a host also a name below it and one
    /// beside it, which nothing may have blocked.</summary>
    /// <param name="list">What is listed.</param>
    /// <param name="removed">An entry that is not listed any more and must be free, or null.</param>
    public static IEnumerable<ProbeChoice> Of(ListFile list, string? removed)
    {
        var chosen = new List<(string Probe, string Line)>();
        if (list.Count > 0) chosen.Add(("first", list.Lines[0]));
        if (list.Count > 2) chosen.Add(("middle", list.Lines[list.Count / 2]));
        if (list.Count > 1) chosen.Add(("last", list.Lines[^1]));
        foreach (var (probe, host) in (ReadOnlySpan<(string, bool)>)[("host", true), ("whole", false)])
            if (!chosen.Exists(c => IsHost(c.Line) == host) && list.Lines.FirstOrDefault(line => IsHost(line) == host) is { } line) chosen.Add((probe, line));
        var asked = chosen.SelectMany(c => Around(list, c.Probe, c.Line));
        return removed?.TrimStart('=') is { } name && CanBeFree(list, name) ? asked.Append(new ProbeChoice(Removed, name, Listed: false, Host: false)) : asked;
    }

    /// <summary>Some more entries of one scope, spread over the list.</summary>
    public static IEnumerable<ProbeChoice> Further(ListFile list, bool host)
    {
        var entries = host ? list.Except(list.WholeNames()) : list.WholeNames();
        return Enumerable.Range(1, FurtherProbes).Select(i => (int)((long)entries.Count * i / (FurtherProbes + 1))).Distinct().Where(i => i < entries.Count)
            .Select(i => new ProbeChoice("further", entries.Lines[i].TrimStart('='), Listed: true, host));
    }

    private static IEnumerable<ProbeChoice> Around(ListFile list, string probe, string line)
    {
        var name = line.TrimStart('=');
        yield return new ProbeChoice(probe, name, Listed: true, IsHost(line));
        if (!IsHost(line)) yield break;
        var (child, sibling) = ($"{Stranger}.{name}", $"{Stranger}.{name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..]}");
        if (CanBeFree(list, child)) yield return new ProbeChoice(probe + "_child", child, Listed: false, Host: true);
        if (CanBeFree(list, sibling)) yield return new ProbeChoice(probe + "_sibling", sibling, Listed: false, Host: true);
    }

    private static bool CanBeFree(ListFile list, string name)
    {
        if (name.Length > NameLimits.Text || list.Contains("=" + name)) return false;
        for (var above = name; ; above = above[(above.IndexOf('.', StringComparison.Ordinal) + 1)..])
        {
            if (list.Contains(above)) return false;
            if (!above.Contains('.', StringComparison.Ordinal)) return true;
        }
    }

    private static bool IsHost(string line) => line[0] == '=';
}
