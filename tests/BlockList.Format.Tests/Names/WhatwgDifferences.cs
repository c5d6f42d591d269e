namespace BlockList.Format.Tests.Names;

/// <summary>The rules by which we differ from the URL Standard, as Node's parser Ada implements it, on purpose.</summary>
internal static class WhatwgDifferences
{
    internal static readonly DifferenceRule[] Rules =
    [
        .. ListableNames.Rules,
        ListableNames.CapitalSharpS, ListableNames.Blanks, ListableNames.NotEqualSign, ListableNames.HyphensBehindSurrogates,
        new("No label starts or ends with a hyphen (RFC 1123 section 2.1); the URL Standard does not ask (CheckHyphens=false)",
            1000, 4000, verdict => verdict.Ours is null && Labels(verdict).Any(label => label.StartsWith('-') || label.EndsWith('-'))),
        new("Hyphens in the third and fourth place are reserved (RFC 5891 section 4.2.3.1); the URL Standard does not ask (CheckHyphens=false)",
            300, 1500, verdict => verdict.Ours is null && Labels(verdict).Any(label => label.EnumerateRunes().Skip(2).Take(2).Count(rune => rune.Value == '-') == 2)),
        new("Node reads the host of ws://text, so a slash, a question mark or a number sign ends the name for it",
            10, 100, verdict => verdict.WeAloneRefuse("url") && verdict.Text.AsSpan().ContainsAny("/\\?#")),
        new("Punycode without ASCII characters has no delimiter (RFC 3492 section 3.1); Ada skips one",
            0, 100, verdict => verdict.WeAloneRefuse("punycode") && verdict.Text.Contains("xn---", StringComparison.OrdinalIgnoreCase)),
        // Of these two libidn2 is the witness: Ada stands alone.
        new("A joiner has its place behind a virama or between joining letters (RFC 5892 appendix A.1); Ada has other tables of which letters join",
            0, 300, verdict => HasJoiner(verdict.Ours?.Unicode ?? PunycodeText.ToUnicode(verdict.Theirs ?? ""))
                && verdict.Problem?.Code is null or "unicode" or "punycode" && Idn2Library.ToAscii(verdict.Text) == verdict.Ours?.Ascii),
        new("Conditions 1, 3 and 5 of the Bidi rule (RFC 5893 section 2): the first character has a direction, the last one too, and no other comes; Ada asks less",
            0, 2000, verdict => verdict.WeAloneRefuse("mixed-direction") && Idn2Library.ToAscii(verdict.Text) is null),
    ];

    private static bool HasJoiner(string name) => name.AsSpan().ContainsAny("\u200C\u200D");

    /// <summary>As they stand in DNS, and as people read them.</summary>
    private static IEnumerable<string> Labels(Verdict verdict) => verdict.Theirs is { } name
        ? name.Split('.').Where(label => !label.StartsWith("xn--", StringComparison.Ordinal) || label.EndsWith('-'))
            .Concat(PunycodeText.ToUnicode(name).Split('.').Where(label => !label.StartsWith("xn--", StringComparison.Ordinal)))
        : [];
}
