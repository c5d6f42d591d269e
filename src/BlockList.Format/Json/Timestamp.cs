using System.Globalization;

namespace BlockList.Format.Json;

/// <summary>The one spelling of a time in every document: UTC, whole seconds, <c>2026-11-21T06:00:00Z</c> (RFC 3339).</summary>
public static class Timestamp
{
    private const string Pattern = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>Cuts to the second; a document never shows more.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset time) =>
        new(time.UtcDateTime.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);

    /// <summary>Prints a time; parts of a second are cut.</summary>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture);

    /// <summary>Reads exactly what <see cref="Format"/> prints.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, Pattern, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
