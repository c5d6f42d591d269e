namespace BlockList.Server.Complaints.Cases;

/// <summary>Days on which the operator works: Monday to Friday without holidays, in UTC.</summary>
internal static class WorkingDays
{
    /// <summary>How long a suspension holds before it must be decided or looked at again.</summary>
    public const int OfSuspension = 10;

    /// <summary>The same time of day so many working days later.</summary>
    /// <param name="from">From when.</param>
    /// <param name="days">How many, 1 or more.</param>
    /// <param name="holidays">The operator's.</param>
    public static DateTimeOffset After(DateTimeOffset from, int days, IReadOnlySet<DateOnly> holidays)
    {
        var at = from.ToUniversalTime();
        while (days > 0)
        {
            at = at.AddDays(1);
            if (at.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !holidays.Contains(DateOnly.FromDateTime(at.UtcDateTime))) days--;
        }
        return at;
    }
}
