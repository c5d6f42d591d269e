namespace BlockList.Agent.Transport;

/// <summary>How long a server may take.</summary>
/// <param name="Connect">Until a connection with TLS stands.</param>
/// <param name="Idle">Between two pieces of an answer, and before the first.</param>
/// <param name="Whole">For one answer, plus a second for each 16 kB of it: who drips slower than that is no server.</param>
internal sealed record Patience(TimeSpan Connect, TimeSpan Idle, TimeSpan Whole)
{
    private const long SlowestBytesPerSecond = 16 * 1024;

    public static Patience Default { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));

    public TimeSpan For(long bytes) => Whole + TimeSpan.FromSeconds(bytes / SlowestBytesPerSecond);
}
