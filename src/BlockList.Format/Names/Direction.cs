using System.Globalization;
using System.Text;

namespace BlockList.Format.Names;

/// <summary>
/// The Bidi rule (RFC 5893 section 2): in a name with a right-to-left label every label reads in one direction.
/// Without it a name may be shown in an order that is not its own, and no browser looks it up.
/// </summary>
internal static class Direction
{
    private enum Class { Left, Right, ArabicNumber, EuropeanNumber, Mark, Neutral }

    /// <summary>Takes the Unicode form of a name; labels are separated by full stops.</summary>
    internal static bool IsConsistent(string unicode)
    {
        var labels = unicode.Split('.').Select(label => label.EnumerateRunes().Select(Of).ToArray()).ToArray();
        return !labels.Any(label => label.Any(c => c is Class.Right or Class.ArabicNumber)) || labels.All(IsConsistent);
    }

    private static bool IsConsistent(Class[] label)
    {
        var last = Array.FindLast(label, c => c != Class.Mark);
        return label[0] switch
        {
            // Conditions 2, 3 and 4.
            Class.Right => !label.Contains(Class.Left)
                && last is Class.Right or Class.EuropeanNumber or Class.ArabicNumber
                && !(label.Contains(Class.EuropeanNumber) && label.Contains(Class.ArabicNumber)),
            // Conditions 5 and 6.
            Class.Left => !label.Contains(Class.Right) && !label.Contains(Class.ArabicNumber)
                && last is Class.Left or Class.EuropeanNumber,
            // Condition 1.
            _ => false,
        };
    }

    // .NET does not publish Bidi_Class. Unicode fixes it per block for right-to-left scripts (DerivedBidiClass.txt, @missing);
    // marks follow from the general category, and the few numbers and signs that differ are named.
    private static Class Of(Rune rune)
    {
        var category = Rune.GetUnicodeCategory(rune);
        if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
            return Class.Mark;
        var isNeutral = category is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherSymbol or UnicodeCategory.Format;
        return rune.Value switch
        {
            >= '0' and <= '9' or >= 0x06F0 and <= 0x06F9 or >= 0x102E1 and <= 0x102FB => Class.EuropeanNumber,
            >= 0x0660 and <= 0x0669 or 0x066B or 0x066C or >= 0x10D30 and <= 0x10D39 or >= 0x10E60 and <= 0x10E7E => Class.ArabicNumber,
            0x06DE or 0x06E9 or >= 0x0606 and <= 0x0607 or >= 0x060E and <= 0x060F or >= 0x07F6 and <= 0x07F9 => Class.Neutral,
            >= 0x0590 and <= 0x08FF or >= 0xFB1D and <= 0xFDFF or >= 0xFE70 and <= 0xFEFF => Class.Right,
            >= 0x10800 and <= 0x10FFF or >= 0x1E800 and <= 0x1EFFF => Class.Right,
            _ => isNeutral ? Class.Neutral : Class.Left,
        };
    }
}
