using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace BlockList.Server.Curation.Importing;

/// <summary>A typed reference into another system, such as <c>ICCAM:123456</c>: an identifier, never material and never a link.</summary>
internal static partial class Reference
{
    /// <summary>ICSE case, ICCAM report, Green, Yellow or Blue Notice, the agency's own case.</summary>
    public static readonly string[] Types = ["ICSE", "ICCAM", "GREEN", "YELLOW", "BLUE", "CASE"];

    public static bool TryParse(string text, [NotNullWhen(true)] out string? type, [NotNullWhen(true)] out string? number)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        type = colon < 0 ? null : text[..colon];
        number = colon < 0 ? null : text[(colon + 1)..];
        return type is not null && Types.Contains(type) && IsNumber(number!);
    }

    public static bool IsNumber(string text) => Number().IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z0-9](?:[A-Za-z0-9./-]{0,62}[A-Za-z0-9])?\z")]
    private static partial Regex Number();
}
