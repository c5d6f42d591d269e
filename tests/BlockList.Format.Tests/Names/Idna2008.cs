using System.Globalization;
using System.Text;

namespace BlockList.Format.Tests.Names;

/// <summary>Which code points IDNA2008 disallows although UTS #46, and so browsers, look them up.</summary>
internal static class Idna2008
{
    /// <summary>
    /// RFC 5892 section 3, for text that UTS #46 has mapped: there no character is unstable, and what is left disallowed is
    /// neither letter nor digit (A), or is named in F, or is Old Hangul Jamo (I), or lies in an ignorable block (D).
    /// </summary>
    internal static bool Disallows(Rune rune) => rune.Value switch
    {
        '-' or '.' or 0x200C or 0x200D => false,
        0x00B7 or 0x0375 or 0x05F3 or 0x05F4 or 0x30FB or 0x06FD or 0x06FE or 0x0F0B or 0x3007 => false,
        0x0640 or 0x07FA or 0x302E or 0x302F or (>= 0x3031 and <= 0x3035) or 0x303B => true,
        (>= 0x1100 and <= 0x11FF) or (>= 0xA960 and <= 0xA97F) or (>= 0xD7B0 and <= 0xD7FF) => true,
        (>= 0x20D0 and <= 0x20FF) or (>= 0x1D100 and <= 0x1D24F) => true,
        _ => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter
            or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark),
    };

    internal static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark;
}
