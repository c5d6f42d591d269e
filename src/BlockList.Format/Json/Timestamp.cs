using System.Globalization;

namespace BlockList.Format.Json;

/// <summary>The one spelling of a time in every document: UTC, whole seconds, <c>2026-11-21T06:00:00Z</c> (RFC 3339).</summary>
public static class Timestamp
{
    private const string Pattern = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>Bytes of a printed time.</summary>
    public const int Length = 20;

    /// <summary>Cuts to the second; a document never shows more.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset time) =>
        new(time.UtcDateTime.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);

    /// <summary>Prints a time; parts of a second are cut.</summary>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture);

    /// <summary>Reads exactly what <see cref="Format(DateTimeOffset)"/> prints.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, Pattern, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    /// <summary>Prints a time as ASCII.</summary>
    /// <param name="time">Parts of a second are cut.</param>
    /// <param name="ascii">At least <see cref="Length"/> bytes.</param>
    public static void Format(DateTimeOffset time, Span<byte> ascii)
    {
        var utc = time.UtcDateTime;
        "0000-00-00T00:00:00Z"u8.CopyTo(ascii);
        Write(utc.Year, ascii[..4]);
        Write(utc.Month, ascii[5..7]);
        Write(utc.Day, ascii[8..10]);
        Write(utc.Hour, ascii[11..13]);
        Write(utc.Minute, ascii[14..16]);
        Write(utc.Second, ascii[17..19]);
    }

    private static void Write(int number, Span<byte> digits)
    {
        for (var i = digits.Length - 1; i >= 0; i--, number /= 10) digits[i] = (byte)('0' + (number % 10));
    }

    /// <summary>Reads exactly what <see cref="Format(DateTimeOffset)"/> prints.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> ascii, out DateTimeOffset time)
    {
        time = default;
        if (ascii.Length != Length || ascii[4] != '-' || ascii[7] != '-' || ascii[10] != 'T' || ascii[13] != ':' || ascii[16] != ':' || ascii[19] != 'Z') return false;
        var (year, month, day) = (Digits(ascii[..4]), Digits(ascii[5..7]), Digits(ascii[8..10]));
        var (hour, minute, second) = (Digits(ascii[11..13]), Digits(ascii[14..16]), Digits(ascii[17..19]));
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59) return false;
        time = new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero);
        return true;
    }

    /// <returns>-1 where one of them is no digit.</returns>
    private static int Digits(ReadOnlySpan<byte> ascii)
    {
        var number = 0;
        foreach (var digit in ascii)
        {
            if (digit is < (byte)'0' or > (byte)'9') return -1;
            number = (10 * number) + digit - '0';
        }
        return number;
    }
}
