using System.Globalization;
using System.Net;
using System.Text;
using BlockList.Format.Names;

namespace BlockList.Format.Tests.Names;

/// <summary>
/// What other implementations convert and DNS or a list cannot hold: they turn any domain string into ASCII, we read a
/// name that is to be listed.
/// </summary>
internal static class ListableNames
{
    internal static readonly DifferenceRule CapitalSharpS =
        new("Since revision 31 (Unicode 15.1) UTS #46 maps the capital sharp s to the small one; older tables map it to ss, another name",
            0, 400, verdict => verdict.Text.Contains('\u1E9E', StringComparison.Ordinal) && verdict.Ours is { } name && verdict.Theirs is { } other
                && PunycodeText.ToUnicode(name.Ascii).Replace("\u00DF", "ss", StringComparison.Ordinal)
                    == PunycodeText.ToUnicode(other.TrimEnd('.')).Replace("\u00DF", "ss", StringComparison.Ordinal));

    internal static readonly DifferenceRule Blanks =
        new("Blanks around a name come from copying, and TryParse drops them; UTS #46 allows none",
            1, 50, verdict => verdict.WeAloneAccept && verdict.Text.Trim() != verdict.Text);

    internal static readonly DifferenceRule NotEqualSign =
        new("Until revision 31 UTS #46 counted signs made of < > = among what UseSTD3ASCIIRules forbids, and so does ICU of that age",
            0, 50, verdict => verdict.WeAloneRefuse("unicode") && verdict.Text.Any(c => c is '\u2260' or '\u226E' or '\u226F'));

    internal static readonly DifferenceRule HyphensBehindSurrogates =
        new("ICU counts places in UTF-16 units: for it two hyphens behind one character beyond the BMP stand third and fourth, which is reserved",
            0, 50, verdict => verdict.WeAloneRefuse("punycode")
                && PunycodeText.ToUnicode(verdict.Theirs!).Split('.').Any(label => label.Length > 3 && char.IsSurrogate(label[0]) && label[2..4] == "--"));

    internal static readonly DifferenceRule[] Rules =
    [
        new("A final dot is the root label (RFC 1034 section 3.1); a listed name is printed without it",
            300, 1200, verdict => verdict.Ours is { } name && verdict.Theirs == name.Ascii + "."),
        new("Letters, digits and hyphens alone make a host name (RFC 952, RFC 1123 section 2.1; UseSTD3ASCIIRules of UTS #46)",
            1200, 4500, verdict => verdict.Ours is null && verdict.Theirs is { } name && name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.'))),
        new("No label is empty (RFC 1034 section 3.1), typed so or mapped to nothing",
            1000, 3500, verdict => verdict.Ours is null && Name(verdict) is { } name && name.Split('.').Contains("")),
        new("An invisible sign comes from copying: UTS #46 drops it, we ask the person to look again",
            20, 300, verdict => verdict.WeAloneRefuse("invisible") && verdict.Text.EnumerateRunes().Any(IsInvisible)),
        new("A label has at most 63 octets in its A-form (RFC 1035 section 2.3.4)",
            0, 1000, verdict => verdict.Ours is null && Name(verdict) is { } name && name.Split('.').Any(label => label.Length > NameLimits.Label)),
        new("A listed name leaves room for the zone around it (NameLimits.Listable)",
            400, 2000, verdict => verdict.Ours is null && Name(verdict)?.Length > NameLimits.Listable),
        new("No top-level domain is a number (RFC 3696 section 2): browsers read such a name as an IP address",
            5, 1500, verdict => verdict.Ours is null && Name(verdict) is { } name && (IsNumber(name.Split('.')[^1])
                || IPAddress.TryParse(name, out _))),
        new("One label is a top-level domain or a local name, and neither can be listed",
            500, 1500, verdict => verdict.WeAloneRefuse("single-label") && Name(verdict)?.Contains('.', StringComparison.Ordinal) == false),
    ];

    private static string? Name(Verdict verdict) =>
        verdict.Theirs is { Length: > 1 } name && name.EndsWith('.') ? name[..^1] : verdict.Theirs;

    private static bool IsNumber(string label) =>
        label.All(char.IsAsciiDigit) || (label.StartsWith("0x", StringComparison.Ordinal) && label[2..].All(char.IsAsciiHexDigitLower));

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control && rune.Value is not (0x200C or 0x200D);
}
