using System.Globalization;
using System.Text;

namespace BlockList.Format.Names;

/// <summary>
/// The Bidi rule (RFC 5893 section 2) for each label with right-to-left letters: otherwise the label may be shown in an
/// order that is not its own, and no browser looks it up. The RFC asks it of the left-to-right labels beside them too
/// (none may start with a digit there); that is left to registries, as libidn2 does, because such names resolve.
/// </summary>
internal static class Direction
{
    private enum Class { Left, Right, ArabicNumber, EuropeanNumber, Mark, Neutral }

    /// <summary>Takes the Unicode form of a name; labels are separated by full stops.</summary>
    internal static bool IsConsistent(string unicode) =>
        unicode.Split('.').Select(label => label.EnumerateRunes().Select(Of).ToArray()).All(IsConsistent);

    private static bool IsConsistent(Class[] label)
    {
        if (!label.Any(c => c is Class.Right or Class.ArabicNumber))
            return true;
        // Conditions 1 to 4; a label that starts left-to-right may hold no such letter (condition 5).
        return label[0] == Class.Right
            && !label.Contains(Class.Left)
            && Array.FindLast(label, c => c != Class.Mark) is Class.Right or Class.EuropeanNumber or Class.ArabicNumber
            && !(label.Contains(Class.EuropeanNumber) && label.Contains(Class.ArabicNumber));
    }

    // .NET does not publish Bidi_Class. Unicode fixes it per block for right-to-left scripts (DerivedBidiClass.txt, @missing);
    // marks follow from the general category, and what differs among the letters and numbers of IDNA2008 is named.
    // Signs that IDNA2008 disallows but browsers look up (emoji) count as neutral.
    private static Class Of(Rune rune)
    {
        if (IsLeftSign(rune.Value))
            return Class.Left;
        var category = Rune.GetUnicodeCategory(rune);
        if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
            return Class.Mark;
        var isNeutral = category is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherSymbol or UnicodeCategory.Format;
        return rune.Value switch
        {
            >= '0' and <= '9' or >= 0x06F0 and <= 0x06F9 or >= 0x102E1 and <= 0x102FB => Class.EuropeanNumber,
            >= 0x0660 and <= 0x0669 or 0x066B or 0x066C or >= 0x10D30 and <= 0x10D39 or >= 0x10E60 and <= 0x10E7E => Class.ArabicNumber,
            0x02B9 or 0x02BA or >= 0x02C6 and <= 0x02CF or 0x02EC => Class.Neutral,
            0x0606 or 0x0607 or 0x0609 or 0x060A or 0x060C or 0x060E or 0x060F or 0x066A or 0x06DE or 0x06E9 => Class.Neutral,
            >= 0x07F6 and <= 0x07F9 or >= 0xFD3E and <= 0xFD4F or >= 0xFDFD and <= 0xFDFF => Class.Neutral,
            >= 0x0590 and <= 0x08FF or >= 0xFB1D and <= 0xFDFF or >= 0xFE70 and <= 0xFEFF => Class.Right,
            >= 0x10800 and <= 0x10FFF or >= 0x1E800 and <= 0x1EFFF => Class.Right,
            _ => isNeutral ? Class.Neutral : Class.Left,
        };
    }

    /// <summary>What has the class L although its category says neutral or mark: flags, Braille, APL, two vowel signs of Kannada.</summary>
    private static bool IsLeftSign(int value) => value is
        0x0CBF or 0x0CC6 or 0x214F or (>= 0x2336 and <= 0x237A) or 0x2395 or 0x26AC or (>= 0x2800 and <= 0x28FF)
        or (>= 0x1F150 and <= 0x1F1AC) or (>= 0x1F1E6 and <= 0x1F1FF);
}
