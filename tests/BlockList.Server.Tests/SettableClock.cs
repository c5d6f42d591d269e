namespace BlockList.Server.Tests;

/// <summary>The machine's clock, moved by as much as a test says.</summary>
internal sealed class SettableClock : TimeProvider
{
    private long _offset;

    /// <summary>How far ahead of the machine's clock.</summary>
    public TimeSpan Offset
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _offset));
        set => Interlocked.Exchange(ref _offset, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
}
