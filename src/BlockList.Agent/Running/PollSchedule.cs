namespace BlockList.Agent.Running;

/// <summary>
/// When the next regular poll is due. Times are those of the daemon's own clock, which no one can set: a wall clock that
/// jumps a year neither stops the polls nor makes a storm of them.
/// </summary>
internal sealed class PollSchedule(Chance chance)
{
    public static TimeSpan Interval { get; } = TimeSpan.FromMinutes(15);

    /// <summary>The longest that trouble delays a poll: short against the day after which a list is stale.</summary>
    public static TimeSpan LongestInterval { get; } = TimeSpan.FromHours(2);

    /// <summary>Agents that were all told the same time come back spread over this.</summary>
    public static TimeSpan PauseSpread { get; } = TimeSpan.FromSeconds(60);

    private const double Jitter = 0.2;

    private int failures;

    /// <summary>The first poll is due at once.</summary>
    public TimeSpan Next { get; private set; }

    public bool LastFailed => failures > 0;

    /// <summary>Notes how a poll ended.</summary>
    /// <param name="now">When.</param>
    /// <param name="code">Its code. What failed here and not at the server is no reason to ask the server less often.</param>
    /// <param name="paused">How long the server asked to be left alone, or zero.</param>
    public void Record(TimeSpan now, ExitCode code, TimeSpan paused)
    {
        failures = code is ExitCode.Network or ExitCode.Refused or ExitCode.Stale or ExitCode.Usage or ExitCode.Fault ? failures + 1 : 0;
        // The first failure changes nothing, so that a broken cable for a minute costs no hour: 15, 30, 60, 120 minutes.
        var interval = Interval * Math.Pow(2, Math.Clamp(failures - 1, 0, 10));
        if (interval > LongestInterval) interval = LongestInterval;
        var regular = now + interval * (1 - Jitter + 2 * Jitter * chance());
        var allowed = now + paused + PauseSpread * chance();
        Next = paused > TimeSpan.Zero && allowed > regular ? allowed : regular;
    }

    public void Hasten(TimeSpan to)
    {
        if (to < Next) Next = to;
    }
}
