using System.Globalization;
using System.Text;

namespace BlockList.Server.Http.Pages;

/// <summary>
/// Text of people cut into pieces: what may be shown as it is, and characters that would change how the text around them
/// reads without being seen (direction overrides, zero-width characters, controls), which are shown by their number.
/// </summary>
internal static class VisibleText
{
    /// <param name="IsSign">True where <paramref name="Text"/> is the number of a character, <c>U+202E</c>.</param>
    internal readonly record struct Piece(string Text, bool IsSign);

    public static IEnumerable<Piece> Of(string text)
    {
        if (text.All(char.IsAscii) && !text.Any(char.IsControl))
        {
            yield return new Piece(text, false);
            yield break;
        }
        var plain = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsUnseen(rune))
            {
                plain.Append(rune);
                continue;
            }
            if (plain.Length > 0) yield return new Piece(plain.ToString(), false);
            plain.Clear();
            yield return new Piece(string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}"), true);
        }
        if (plain.Length > 0) yield return new Piece(plain.ToString(), false);
    }

    /// <summary>A sentence that quotes what was typed, as plain text.</summary>
    public static string Quoted(string sentence) => string.Concat(Of(sentence).Select(piece => piece.Text));

    /// <summary>Whether a short text (a name, a label, a number) is one line of characters that are all seen. Labels stand in titles and
    /// attributes too, where nothing can be shown in place of a character: what has others is refused where it is typed.</summary>
    public static bool IsLabel(string text) => !text.Any(char.IsControl) && !text.EnumerateRunes().Any(IsUnseen);

    /// <summary>The text as a label, without what a label may not have.</summary>
    public static string LabelOf(string text) => string.Concat(text.EnumerateRunes().Where(rune => !Rune.IsControl(rune) && !IsUnseen(rune))).Trim();

    private static bool IsUnseen(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control => rune.Value is not ('\n' or '\t' or '\r'),
        // Joiners belong to Arabic, Indic and emoji spelling and move nothing but the letters beside them; in names they are refused.
        UnicodeCategory.Format => rune.Value is not (0x200C or 0x200D),
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse => true,
        _ => false,
    };
}
