namespace BlockList.Agent.Tests.Fixtures;

/// <summary>A clock that starts now, so that certificates made for the test are in date, and goes only where it is told.
/// Whoever waits by it wakes when it has gone far enough.</summary>
internal sealed class TestClock : TimeProvider
{
    private readonly Lock access = new();
    private readonly List<TestTimer> timers = [];
    private readonly List<TaskCompletionSource> changes = [];
    private DateTimeOffset now = new(System.GetUtcNow().UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
    private TimeSpan uptime = TimeSpan.FromHours(1);

    public DateTimeOffset Now => now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => now;

    public override long GetTimestamp() => uptime.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new TestTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        var end = uptime + by;
        while (NextDue(end) is { } timer)
        {
            now += timer.Due!.Value - uptime;
            uptime = timer.Due.Value;
            timer.Fire();
        }
        now += end - uptime;
        uptime = end;
    }

    /// <summary>Somebody sets the wall clock; what waits goes on waiting as long as before.</summary>
    public void Set(TimeSpan ahead) => now += ahead;

    /// <summary>Waits until something waits by this clock for <paramref name="from"/> to <paramref name="to"/>.</summary>
    public async Task WaiterAsync(TimeSpan from, TimeSpan to)
    {
        while (true)
        {
            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (access)
            {
                if (timers.Any(t => t.Due is { } due && due - uptime >= from && due - uptime <= to)) return;
                changes.Add(changed);
            }
            await changed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        }
    }

    private TestTimer? NextDue(TimeSpan end)
    {
        lock (access) return timers.Where(t => t.Due <= end).MinBy(t => t.Due);
    }

    private void Changed(TestTimer timer, bool waits)
    {
        TaskCompletionSource[] told;
        lock (access)
        {
            if (!waits) timers.Remove(timer);
            else if (!timers.Contains(timer)) timers.Add(timer);
            told = [.. changes];
            changes.Clear();
        }
        foreach (var change in told) change.SetResult();
    }

    private sealed class TestTimer(TestClock clock, Action fire) : ITimer
    {
        private TimeSpan period;

        public TimeSpan? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            this.period = period;
            Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock.uptime + dueTime;
            clock.Changed(this, Due is not null);
            return true;
        }

        public void Fire()
        {
            Change(period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan, period);
            fire();
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
