namespace BlockList.Agent.Running;

/// <summary>
/// Gives the sign of life that systemd waits for, for as long as the daemon gets on: a step that takes longer than any
/// can stops it, and systemd starts the daemon anew. What is in force stays in force meanwhile.
/// </summary>
internal sealed class Watchdog(ServiceNotify notify, TimeProvider time)
{
    /// <summary>Above every limit that one step of one list keeps by itself: fetching (<see cref="Transport.Patience.Longest"/>), or
    /// rendering, loading and probing.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(30);

    private long busySince;

    /// <summary>A run begins, or gets on to its next step.</summary>
    public void Begin() => Interlocked.Exchange(ref busySince, time.GetTimestamp());

    public void End() => Interlocked.Exchange(ref busySince, 0);

    public void Tick()
    {
        var since = Interlocked.Read(ref busySince);
        if (since == 0 || time.GetElapsedTime(since) < LongestStep) notify.Alive();
    }

    public async Task RunAsync(CancellationToken ct)
    {
        if (notify.WatchdogInterval is not { } interval) return;
        // Half of it, as sd_watchdog_enabled(3) advises.
        using var timer = new PeriodicTimer(interval / 2, time);
        try
        {
            do Tick();
            while (await timer.WaitForNextTickAsync(ct));
        }
        catch (OperationCanceledException)
        {
            // The daemon ends.
        }
    }
}
