using System.Globalization;
using System.Text;

namespace BlockList.Format.Names;

/// <summary>
/// Conversion between U-labels and A-labels by UTS #46 (non-transitional, as browsers do it), through ICU.
/// <see cref="IdnMapping"/> leaves ASCII labels as they are, lets mixed directions pass and reports all else by exception,
/// so nothing else in this library may use it.
/// </summary>
internal static class Idn
{
    private static readonly IdnMapping Mapping = new() { AllowUnassigned = false, UseStd3AsciiRules = true };

    /// <summary>The label in ASCII, or null if UTS #46 refuses it. The mapping may bring forth dots.</summary>
    internal static string? ToAscii(string label)
    {
        try
        {
            return Mapping.GetAscii(label);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// The whole name in Unicode, or null if an <c>xn--</c> label is not what its own Unicode form encodes to
    /// (RFC 5891 section 5.4 asks for this round trip).
    /// </summary>
    internal static string? ToUnicode(string ascii)
    {
        try
        {
            var unicode = Mapping.GetUnicode(ascii);
            return !Ascii.IsValid(unicode) && Mapping.GetAscii(unicode) == ascii ? unicode : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
