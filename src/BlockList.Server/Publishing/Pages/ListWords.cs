using System.Globalization;
using BlockList.Server.Criteria;

namespace BlockList.Server.Publishing.Pages;

/// <summary>A list's parameters as people say them.</summary>
internal static class ListWords
{
    public static readonly string[] Weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    /// <summary>What an entry needs to be on it.</summary>
    public static string Needs(ListParameters list)
    {
        if (list.TestDomain is not null) return "Nobody decides: one harmless test name is added and one removed with each version, so that providers see their filter follow.";
        var agencies = list.AgenciesNeeded == 1 ? "1 agency" : $"{list.AgenciesNeeded} agencies";
        var whose = list.Country is { } country ? $" of {country}" : list.CountriesNeeded > 1 ? $" of {list.CountriesNeeded} countries" : " of any country";
        return $"{agencies}{whose} found the criteria met; {Lease(list)}.";
    }

    public static string Lease(ListParameters list) => list.LeaseMonths == 1 ? "lapses 1 month after the newest sighting" : $"lapses {list.LeaseMonths} months after the newest sighting";

    public static string Days(PublishingSchedule schedule) =>
        $"{string.Join(", ", schedule.Days.Order().Select(day => Weekdays[day - 1]))} at {schedule.At.ToString("HH:mm", CultureInfo.InvariantCulture)} {schedule.Zone}";

    /// <summary>With thin spaces between thousands.</summary>
    public static string Number(long number) => number.ToString("#,0", Thousands);

    public static string Plain(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static readonly NumberFormatInfo Thousands = new() { NumberGroupSeparator = "\u202F" };
}
