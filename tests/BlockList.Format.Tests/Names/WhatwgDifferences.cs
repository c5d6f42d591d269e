namespace BlockList.Format.Tests.Names;

/// <summary>The rules by which we differ from the URL Standard, as Node's parser Ada implements it, on purpose.</summary>
internal static class WhatwgDifferences
{
    internal static readonly DifferenceRule[] Rules =
    [
        .. ListableNames.Rules(100, 3000),
        ListableNames.CapitalSharpS,
        new("No label starts or ends with a hyphen (RFC 1123 section 2.1); the URL Standard does not ask (CheckHyphens=false)",
            500, 5000, verdict => verdict.Ours is null && Labels(verdict).Any(label => label.StartsWith('-') || label.EndsWith('-'))),
        new("Hyphens in the third and fourth place are reserved (RFC 5891 section 4.2.3.1); the URL Standard does not ask",
            200, 3000, verdict => verdict.Ours is null && Labels(verdict).Any(label => label.EnumerateRunes().Skip(2).Take(2).All(rune => rune.Value == '-'))),
    ];

    private static IEnumerable<string> Labels(Verdict verdict) =>
        verdict.Theirs is { } name ? name.Split('.').Concat(PunycodeText.ToUnicode(name).Split('.')).Where(label => !label.StartsWith("xn--", StringComparison.Ordinal) || label.EndsWith('-')) : [];
}
