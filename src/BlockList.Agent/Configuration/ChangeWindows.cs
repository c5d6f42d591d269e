using System.Globalization;

namespace BlockList.Agent.Configuration;

/// <summary>When names may be added to a resolver: <c>mon-fri 02:00-05:00, sat,sun 00:00-24:00</c>, in UTC. Removals never wait.</summary>
internal sealed class ChangeWindows
{
    /// <summary>Runs of the timer lie up to 18 minutes apart: a window that can fall between two of them would never be hit.</summary>
    private const int Shortest = 30;

    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private readonly string text;
    private readonly IReadOnlyList<ChangeWindow> windows;

    private ChangeWindows(string text, IReadOnlyList<ChangeWindow> windows)
    {
        this.text = text;
        this.windows = windows;
    }

    /// <summary>As in the configuration.</summary>
    public override string ToString() => text;

    /// <summary>When the next one opens, or null while one is open.</summary>
    public DateTimeOffset? OpensAt(DateTimeOffset now)
    {
        var minutes = now.UtcTicks / TimeSpan.TicksPerMinute;
        var minute = (int)now.UtcDateTime.DayOfWeek * ChangeWindow.MinutesOfDay + (int)now.UtcDateTime.TimeOfDay.TotalMinutes;
        return windows.Any(w => w.Has(minute)) ? null
            : new DateTimeOffset((minutes + windows.Min(w => w.Until(minute))) * TimeSpan.TicksPerMinute, TimeSpan.Zero);
    }

    /// <param name="text">What the configuration says.</param>
    /// <param name="problem">What is wrong with it, or null.</param>
    /// <returns>Null where it is wrong.</returns>
    public static ChangeWindows? Parse(string text, out string? problem)
    {
        var windows = new List<ChangeWindow>();
        var days = new List<int>();
        foreach (var item in text.Split(','))
        {
            var words = item.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var (day, hours) = words switch
            {
                [var one] when one.Contains(':', StringComparison.Ordinal) => (null, one),
                [var one] => (one, null),
                [var one, var other] => (one, other),
                _ => ((string?)null, (string?)null),
            };
            problem = words.Length is 0 or > 2 ? $"\"{item.Trim()}\" is no window"
                : day is null && days.Count > 0 ? $"before \"{hours}\" stands a comma too many"
                : day is not null && !TryAddDays(day, days) ? $"\"{day}\" is no day of sun, mon, tue, wed, thu, fri, sat"
                : hours is not null ? AddWindows(hours, days, windows)
                : null;
            if (problem is not null) return null;
            if (hours is not null) days.Clear();
        }
        problem = days.Count > 0 ? $"\"{Days[days[^1]]}\" at the end has no hours" : null;
        return problem is null ? new ChangeWindows(text, windows) : null;
    }

    private static bool TryAddDays(string text, List<int> days)
    {
        var ends = text.Split('-');
        var (first, last) = (Array.IndexOf(Days, ends[0]), Array.IndexOf(Days, ends[^1]));
        if (ends.Length > 2 || first < 0 || last < 0) return false;
        for (var day = first; ; day = (day + 1) % Days.Length)
        {
            days.Add(day);
            if (day == last) return true;
        }
    }

    /// <summary>Adds the window of each day; without a day, of every day.</summary>
    private static string? AddWindows(string hours, List<int> days, List<ChangeWindow> windows)
    {
        if (hours.Split('-') is not [var opens, var closes] || Minute(opens) is not { } from || Minute(closes) is not { } to || from == ChangeWindow.MinutesOfDay)
            return $"\"{hours}\" are no hours of a day";
        if (from == to) return $"\"{hours}\" ends as it begins";
        var length = (to - from + ChangeWindow.MinutesOfDay) % ChangeWindow.MinutesOfDay;
        if (length == 0) length = ChangeWindow.MinutesOfDay;
        if (length < Shortest) return $"\"{hours}\" is shorter than {Shortest} minutes, so that it could lie between two runs";
        windows.AddRange((days.Count > 0 ? days : Enumerable.Range(0, Days.Length)).Select(day => new ChangeWindow(day * ChangeWindow.MinutesOfDay + from, length)));
        return null;
    }

    /// <summary>Minute of the day, 00:00 to 24:00.</summary>
    private static int? Minute(string text) => text == "24:00" ? ChangeWindow.MinutesOfDay
        : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time.Hour * 60 + time.Minute
        : null;
}
