using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace BlockList.Server.Names;

/// <summary>The text that tools/suffixes/convert.mjs writes: a header line, then one rule a line, <c>icann RULE</c>,
/// <c>private RULE</c> or <c>dynamic NAME</c>.</summary>
internal sealed partial record SuffixFile(DateOnly Date, Dictionary<string, SuffixRule> Rules)
{
    /// <exception cref="InvalidDataException">The text is something else; the message names the line.</exception>
    internal static SuffixFile Parse(ReadOnlySpan<byte> bytes)
    {
        var lines = Encoding.UTF8.GetString(bytes).Split('\n');
        var header = Header().Match(lines[0]);
        if (!header.Success || !DateOnly.TryParseExact(header.Groups["date"].ValueSpan, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            throw new InvalidDataException("Line 1 of the suffix data is not the header blocklist-suffixes/2; the file is no suffix data, or of another version.");
        if (lines[^1].Length > 0 || lines.Length - 2 != int.Parse(header.Groups["rules"].ValueSpan, CultureInfo.InvariantCulture))
            throw new InvalidDataException($"The suffix data has {lines.Length - 2} rules and its header says {header.Groups["rules"].Value}: it was cut off or edited.");
        var rules = new Dictionary<string, SuffixRule>(lines.Length, StringComparer.Ordinal);
        for (var line = 1; line < lines.Length - 1; line++)
        {
            var rule = Rule().Match(lines[line]);
            if (!rule.Success)
                throw new InvalidDataException($"Line {line + 1} of the suffix data is no rule: \"{lines[line]}\".");
            if (lines[line][0] == 'd') AddDynamic(rules, rule.Groups["name"].Value);
            else Add(rules, rule.Groups["mark"].ValueSpan, rule.Groups["name"].Value, lines[line][0] == 'i' ? SuffixSection.Icann : SuffixSection.Private);
        }
        foreach (var name in rules.Keys.ToArray()) MarkAbove(rules, name);
        return new SuffixFile(date, rules);
    }

    private static void Add(Dictionary<string, SuffixRule> rules, ReadOnlySpan<char> mark, string name, SuffixSection section)
    {
        var known = rules.GetValueOrDefault(name);
        rules[name] = mark switch
        {
            "*." => known with { Below = section },
            "!" => known with { Exception = section },
            _ => known with { Itself = section },
        };
    }

    /// <summary>The public suffix list may have the name too, with what it says of it.</summary>
    private static void AddDynamic(Dictionary<string, SuffixRule> rules, string name)
    {
        var known = rules.GetValueOrDefault(name);
        rules[name] = known with { IsDynamic = true, Itself = known.Itself == SuffixSection.Unlisted ? SuffixSection.Private : known.Itself };
    }

    private static void MarkAbove(Dictionary<string, SuffixRule> rules, string name)
    {
        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            var above = name[(dot + 1)..];
            rules[above] = rules.GetValueOrDefault(above) with { HasBelow = true };
        }
    }

    [GeneratedRegex(@"^blocklist-suffixes/2 source=\S+ version=\S+ date=(?<date>\S+) rules=(?<rules>\d{1,7}) license=\S+$", RegexOptions.CultureInvariant)]
    private static partial Regex Header();

    [GeneratedRegex(@"^((icann|private) (?<mark>\*\.|!)?|dynamic )(?<name>[a-z0-9-]+(\.[a-z0-9-]+)*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Rule();
}
