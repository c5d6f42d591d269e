namespace BlockList.Agent.Tests.Fixtures;

/// <summary>A clock that starts now, so that certificates made for the test are in date, and goes only where it is told.</summary>
internal sealed class TestClock : TimeProvider
{
    private DateTimeOffset now = new(System.GetUtcNow().UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);

    public DateTimeOffset Now => now;

    public override DateTimeOffset GetUtcNow() => now;

    public void Advance(TimeSpan by) => now += by;
}
