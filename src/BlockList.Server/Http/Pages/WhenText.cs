using System.Globalization;

namespace BlockList.Server.Http.Pages;

/// <summary>Instants as people of several countries read them: in UTC, which all share, and in the reader's own time beside it.</summary>
internal static class WhenText
{
    /// <summary><c>Mon 23 Nov 2026, 06:00 UTC (07:00 your time)</c>; the own day stands there only where it is another one.</summary>
    public static string Full(DateTimeOffset at, TimeZoneInfo zone)
    {
        var utc = at.UtcDateTime;
        var text = Format(utc, "ddd d MMM yyyy, HH:mm") + " UTC";
        var own = TimeZoneInfo.ConvertTime(at, zone).DateTime;
        if (own == utc) return text;
        return $"{text} ({Format(own, own.Date == utc.Date ? "HH:mm" : "ddd d MMM, HH:mm")} your time)";
    }

    /// <summary>For columns, where the year is plain from the rows around: <c>23 Nov 2026, 06:00</c> in UTC.</summary>
    public static string Short(DateTimeOffset at) => Format(at.UtcDateTime, "d MMM yyyy, HH:mm");

    /// <summary><c>Mon 23 Nov 2026</c>, the day in UTC.</summary>
    public static string Day(DateTimeOffset at) => Format(at.UtcDateTime, "ddd d MMM yyyy");

    /// <summary>For programs, in a <c>datetime</c> attribute.</summary>
    public static string Machine(DateTimeOffset at) => Format(at.UtcDateTime, "yyyy-MM-dd'T'HH:mm:ss'Z'");

    private static string Format(DateTime time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
