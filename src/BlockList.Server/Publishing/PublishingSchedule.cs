namespace BlockList.Server.Publishing;

/// <summary>One row of the schedule: on these days of the week, at this time of this zone.</summary>
/// <param name="Days">ISO 8601: Monday is 1, Sunday 7.</param>
/// <param name="At">Local time.</param>
/// <param name="Zone">IANA name.</param>
/// <param name="ActiveFrom">Slots before it are not due.</param>
internal sealed record PublishingSchedule(IReadOnlyList<int> Days, TimeOnly At, string Zone, DateTimeOffset ActiveFrom)
{
    /// <summary>The newest slot at or before <paramref name="now"/>, or null where none has come yet. After an outage only
    /// this one is due: late rather than never, and once.</summary>
    public DateTimeOffset? NewestSlot(DateTimeOffset now)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(Zone);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        for (var back = 0; back <= 7; back++)
        {
            var day = today.AddDays(-back);
            if (!Days.Contains(day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek)) continue;
            var slot = InUtc(day.ToDateTime(At), zone);
            if (slot <= now) return slot >= ActiveFrom ? slot : null;
        }
        return null;
    }

    /// <summary>The slots after <paramref name="now"/>, the next one first, without end.</summary>
    public IEnumerable<DateTimeOffset> NextSlots(DateTimeOffset now)
    {
        if (Days.Count == 0) yield break;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(Zone);
        var from = now < ActiveFrom ? ActiveFrom : now;
        for (var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(from, zone).DateTime); ; day = day.AddDays(1))
            if (Days.Contains(day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek) && InUtc(day.ToDateTime(At), zone) is var slot && slot > now && slot >= ActiveFrom)
                yield return slot;
    }

    /// <summary>A local time that the clocks skip is moved on by what they skip; one that comes twice is the first.</summary>
    private static DateTimeOffset InUtc(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local)) local = local.AddHours(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
