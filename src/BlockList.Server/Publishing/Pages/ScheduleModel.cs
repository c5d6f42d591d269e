using System.Globalization;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Publishing.Pages;

/// <summary>When a list is published, and a time that may be added.</summary>
/// <param name="List">Id of the list.</param>
/// <param name="Rows">The times it has.</param>
/// <param name="NextRuns">The next five of all of them.</param>
/// <param name="Typed">In the form.</param>
/// <param name="Preview">The next five of what is typed; null where it was not asked for.</param>
/// <param name="Errors">What is wrong with what was typed.</param>
/// <param name="Done">What the step before did.</param>
internal sealed record ScheduleModel(string List, IReadOnlyList<(Guid Id, PublishingSchedule Schedule)> Rows, IReadOnlyList<DateTimeOffset> NextRuns, TypedSchedule Typed,
    IReadOnlyList<DateTimeOffset>? Preview, IReadOnlyList<FieldError> Errors, string? Done);

/// <summary>As it was sent.</summary>
internal sealed record TypedSchedule(IReadOnlyList<string> Days, string At, string Zone)
{
    public const string DayField = "day";
    public const string AtField = "at";
    public const string ZoneField = "zone";

    public static TypedSchedule Empty { get; } = new([], "06:00", "UTC");

    public int[] DayNumbers => [.. Days.Select(day => int.TryParse(day, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)];

    public TimeOnly? Time => TimeOnly.TryParseExact(At, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
