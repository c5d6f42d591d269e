namespace BlockList.Agent.Transport;

/// <summary>How long a server may take.</summary>
/// <param name="Connect">Until a connection with TLS stands.</param>
/// <param name="Idle">Between two pieces of an answer, and before the first.</param>
/// <param name="Whole">For one answer, plus a second for each 16 kB of it up to <see cref="Longest"/>: who drips slower than that is no server.</param>
internal sealed record Patience(TimeSpan Connect, TimeSpan Idle, TimeSpan Whole)
{
    private const long SlowestBytesPerSecond = 16 * 1024;

    public static Patience Default { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));

    /// <summary>The longest that any answer may take. The service's watchdog waits longer.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromMinutes(20);

    public TimeSpan For(long bytes)
    {
        var due = Whole + TimeSpan.FromSeconds(bytes / SlowestBytesPerSecond);
        return due < Longest ? due : Longest;
    }
}
