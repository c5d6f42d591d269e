using System.Globalization;
using System.Text;
using BlockList.Agent.Configuration;

namespace BlockList.Agent.Resolvers;

/// <summary>What Unbound's configuration must have, so that it enforces the lists and loads them again when it starts.</summary>
internal static class UnboundSnippet
{
    public static IReadOnlyList<SnippetPart> Of(IReadOnlyList<ListSettings> lists)
    {
        var text = new StringBuilder();
        text.Append("# In unbound.conf, or as a file below /etc/unbound/unbound.conf.d:\n");
        text.Append("server:\n");
        text.Append("  # Without respip in front, Unbound does not start with policy zones.\n");
        text.Append("  module-config: \"respip validator iterator\"\n");
        foreach (var list in lists)
        {
            text.Append(CultureInfo.InvariantCulture, $"rpz:\n  name: \"{list.Zone}\"\n  zonefile: \"{list.ZoneFile}\"\n");
            text.Append(CultureInfo.InvariantCulture, $"# Where {list.Id} is long, its names come from here: the file must be included for a restart to load them.\n");
            text.Append(CultureInfo.InvariantCulture, $"include: \"{LocalZonesFile.PathOf(list.ZoneFile)}\"\n");
        }
        return [new SnippetPart(SnippetPlace.TopLevel, text.ToString())];
    }
}
