using System.Globalization;
using System.Text;

namespace BlockList.Server.Complaints.Public;

/// <summary>Random bits as people copy them from paper: 32 signs, none of which looks like another (Crockford's base 32).</summary>
internal static class SpokenSigns
{
    private const string Signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Five bits a sign, from the front.</summary>
    public static string Write(ReadOnlySpan<byte> bits, int signs)
    {
        var text = new StringBuilder(signs);
        for (var i = 0; i < signs; i++)
        {
            var value = 0;
            for (var bit = i * 5; bit < (i * 5) + 5; bit++) value = (value << 1) | ((bits[bit / 8] >> (7 - (bit % 8))) & 1);
            text.Append(Signs[value]);
        }
        return text.ToString();
    }

    /// <summary>What was typed, as it was written: any case, blanks and hyphens anywhere, O for 0, I and L for 1, digits of any script.
    /// Null where it is of another length, or has other signs.</summary>
    public static string? Read(string? typed, int signs)
    {
        if (typed is null || typed.Length > 200) return null;
        var text = new StringBuilder(signs);
        foreach (var c in typed.Where(c => char.IsLetterOrDigit(c)).Select(Plain))
        {
            if (!Signs.Contains(c, StringComparison.Ordinal)) return null;
            text.Append(c);
        }
        return text.Length == signs ? text.ToString() : null;
    }

    /// <summary>In groups of four or five, with hyphens between them.</summary>
    public static string Group(string text, int size) => string.Join('-', text.Chunk(size).Select(part => new string(part)));

    private static char Plain(char c) => char.ToUpperInvariant(c) switch
    {
        'O' => '0',
        'I' or 'L' => '1',
        var digit when char.IsDigit(digit) => (char)('0' + (int)CharUnicodeInfo.GetNumericValue(digit)),
        var other => other,
    };
}
