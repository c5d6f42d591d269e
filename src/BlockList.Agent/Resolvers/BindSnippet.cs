using System.Globalization;
using System.Text;
using BlockList.Agent.Configuration;

namespace BlockList.Agent.Resolvers;

/// <summary>What BIND's configuration must have, so that it enforces the lists at once and gives them to nobody.</summary>
internal static class BindSnippet
{
    public static IReadOnlyList<SnippetPart> Of(IReadOnlyList<ListSettings> lists)
    {
        var options = new StringBuilder();
        options.Append("// Inside options { … } of named.conf:\n");
        options.Append("// qname-wait-recurse no: a listed name that does not resolve is answered all the same, and not with SERVFAIL.\n");
        options.Append("// break-dnssec yes: clients that ask for signatures are answered as all others.\n");
        options.Append("// min-update-interval 0: a new version is enforced when it is loaded, and not up to a minute later.\n");
        options.Append("response-policy {\n");
        foreach (var list in lists) options.Append(CultureInfo.InvariantCulture, $"    zone \"{list.Zone}\";\n");
        options.Append("} qname-wait-recurse no break-dnssec yes min-update-interval 0;\n");

        var zones = new StringBuilder();
        zones.Append("// In named.conf, beside options:\n");
        foreach (var list in lists)
        {
            zones.Append(CultureInfo.InvariantCulture, $"zone \"{list.Zone}\" {{\n    type primary;\n    file \"{list.ZoneFile}\";\n");
            zones.Append("    // The zone is the whole list: nobody may ask for it or copy it.\n");
            zones.Append("    allow-query { none; };\n    allow-transfer { none; };\n    notify no;\n};\n");
        }
        return [new SnippetPart(SnippetPlace.Options, options.ToString()), new SnippetPart(SnippetPlace.TopLevel, zones.ToString())];
    }
}
