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
            0, 1000, verdict => verdict.Text.Contains('\u1E9E', StringComparison.Ordinal) && verdict.Ours is { } name && verdict.Theirs is { } other
                && PunycodeText.ToUnicode(name.Ascii).Replace("\u00DF", "ss", StringComparison.Ordinal)
                    == PunycodeText.ToUnicode(other.TrimEnd('.')).Replace("\u00DF", "ss", StringComparison.Ordinal));

    internal static DifferenceRule[] Rules(int atLeast, int atMost) =>
    [
        new("A final dot is the root label (RFC 1034 section 3.1); a listed name is printed without it",
            atLeast, atMost, verdict => verdict.Ours is { } name && verdict.Theirs == name.Ascii + "."),
        new("Letters, digits and hyphens alone make a host name (RFC 952, RFC 1123 section 2.1; UseSTD3ASCIIRules of UTS #46)",
            atLeast, atMost, verdict => verdict.Ours is null && verdict.Theirs is { } name && name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.'))),
        new("No label is empty (RFC 1034 section 3.1), typed so or mapped to nothing",
            atLeast, atMost, verdict => verdict.Ours is null && Name(verdict) is { } name && name.Split('.').Contains("")),
        new("An invisible sign comes from copying: UTS #46 drops it, we ask the person to look again",
            atLeast / 2, atMost, verdict => verdict.WeAloneRefuse("invisible") && verdict.Text.EnumerateRunes().Any(IsInvisible)),
        new("A label has at most 63 octets in its A-form (RFC 1035 section 2.3.4)",
            0, atMost, verdict => verdict.Ours is null && Name(verdict) is { } name && name.Split('.').Any(label => label.Length > NameLimits.Label)),
        new("A listed name leaves room for the zone around it (NameLimits.Listable)",
            atLeast, atMost, verdict => verdict.Ours is null && Name(verdict)?.Length > NameLimits.Listable),
        new("No top-level domain is a number (RFC 3696 section 2): browsers read such a name as an IP address",
            10, atMost, verdict => verdict.Ours is null && Name(verdict) is { } name && (IsNumber(name.Split('.')[^1])
                || IPAddress.TryParse(name, out _))),
        new("One label is a top-level domain or a local name, and neither can be listed",
            atLeast, atMost, verdict => verdict.WeAloneRefuse("single-label") && Name(verdict)?.Contains('.', StringComparison.Ordinal) == false),
    ];

    private static string? Name(Verdict verdict) =>
        verdict.Theirs is { Length: > 1 } name && name.EndsWith('.') ? name[..^1] : verdict.Theirs;

    private static bool IsNumber(string label) =>
        label.All(char.IsAsciiDigit) || (label.StartsWith("0x", StringComparison.Ordinal) && label[2..].All(char.IsAsciiHexDigitLower));

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control && rune.Value is not (0x200C or 0x200D);
}
