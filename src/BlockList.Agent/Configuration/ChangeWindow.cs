namespace BlockList.Agent.Configuration;

/// <summary>A stretch of every week, in whole minutes.</summary>
/// <param name="Start">Minute of the week in which it opens; 0 is Sunday, 00:00 UTC.</param>
/// <param name="Length">How long it stays open; it may run into the next day, and from Saturday into Sunday.</param>
internal sealed record ChangeWindow(int Start, int Length)
{
    public const int MinutesOfDay = 24 * 60;
    public const int MinutesOfWeek = 7 * MinutesOfDay;

    public bool Has(int minute) => Since(Start, minute) < Length;

    /// <summary>Minutes until it opens next.</summary>
    public int Until(int minute) => Since(minute, Start);

    private static int Since(int from, int to) => (to - from + MinutesOfWeek) % MinutesOfWeek;
}
