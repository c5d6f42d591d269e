using BlockList.Format.Lists;
using BlockList.Format.Names;

namespace BlockList.Agent.Enforcing;

/// <summary>Which entries a provider's own never-block names take out of a list.</summary>
internal static class NeverBlock
{
    /// <summary>
    /// The entries that would block one of the names: its own, whole or as a host, and every whole domain above it. Such a
    /// domain is left out as it is: to enforce a part of it would take a rule that the list never had. An entry
    /// below a name does not block it and stays.
    /// </summary>
    public static ListFile EntriesOver(IEnumerable<DomainName> names, ListFile list)
    {
        var found = new List<string>();
        foreach (var name in names)
        {
            if (list.Contains('=' + name.Ascii)) found.Add('=' + name.Ascii);
            for (DomainName? above = name; above is not null; above = above.Parent)
                if (list.Contains(above.Ascii)) found.Add(above.Ascii);
        }
        return ListFile.OfLines(found);
    }
}
