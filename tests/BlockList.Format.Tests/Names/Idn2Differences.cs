using System.Text;

namespace BlockList.Format.Tests.Names;

/// <summary>The rules by which we differ from libidn2 on purpose.</summary>
internal static class Idn2Differences
{
    internal static readonly DifferenceRule[] Rules =
    [
        .. ListableNames.Rules,
        ListableNames.CapitalSharpS, ListableNames.Blanks, ListableNames.NotEqualSign, ListableNames.HyphensBehindSurrogates,
        new("IDNA2008 disallows signs (RFC 5892 section 3); browsers look them up (UTS #46) and registries sell some, so they can be listed",
            3000, 8000, verdict => verdict.WeAloneAccept && verdict.Ours!.Unicode.EnumerateRunes().Any(Idna2008.Disallows)),
        new("An A-label must be what its own Unicode form encodes to (RFC 5891 section 5.4); libidn2 lets some pass that UTS #46 maps",
            0, 100, verdict => verdict.WeAloneRefuse("punycode") && PunycodeText.ToUnicode(verdict.Theirs!) is var name
                && name.Normalize(NormalizationForm.FormKC) != name),
        new("Each judge knows the characters of its own Unicode version only: libidn2 of Debian 12 none of Unicode 14 and later",
            0, 100, verdict => verdict.WeAloneAccept && verdict.Ours!.Unicode.EnumerateRunes().Any(rune => rune.Value is >= 0x2EBF0 or (>= 0x11AB0 and <= 0x11ABF))),
        new("libidn2 passes over conditions 3 and 4 of the Bidi rule (RFC 5893 section 2): the end of a label, and one kind of digits",
            0, 100, verdict => verdict.WeAloneRefuse("mixed-direction")
                && PunycodeText.ToUnicode(verdict.Theirs!).Split('.').Any(label => EndsInHyphen(label) || HasTwoKindsOfDigits(label))),
    ];

    private static bool EndsInHyphen(string label) =>
        label.EnumerateRunes().Reverse().SkipWhile(Idna2008.IsMark).FirstOrDefault().Value == '-';

    private static bool HasTwoKindsOfDigits(string label) =>
        label.Any(c => c is >= '\u0660' and <= '\u0669') && label.Any(c => char.IsAsciiDigit(c) || c is >= '\u06F0' and <= '\u06F9');
}
