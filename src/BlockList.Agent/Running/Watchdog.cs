namespace BlockList.Agent.Running;

/// <summary>
/// Gives the sign of life that systemd waits for, for as long as the daemon gets on: a run that takes longer than any
/// can stops it, and systemd starts the daemon anew. What is in force stays in force meanwhile.
/// </summary>
internal sealed class Watchdog(ServiceNotify notify, TimeProvider time)
{
    /// <summary>Above every limit that a run keeps by itself: fetching, reloading and probing of several lists.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(30);

    private long busySince;

    public void Begin() => Interlocked.Exchange(ref busySince, time.GetTimestamp());

    public void End() => Interlocked.Exchange(ref busySince, 0);

    public void Tick()
    {
        var since = Interlocked.Read(ref busySince);
        if (since == 0 || time.GetElapsedTime(since) < LongestRun) notify.Alive();
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
