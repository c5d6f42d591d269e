namespace BlockList.Tools.Development;

/// <summary>How to start a long-running program, and which signals end it well.</summary>
internal sealed record ProgramStart(string Name, IReadOnlyList<string> CommandLine)
{
    /// <summary>Added to a bare environment: the caller's own may hold secrets that no server process should see.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The state directory unless given: the unprivileged user may not even enter the caller's.</summary>
    public string? WorkingDirectory { get; init; }

    public UnixSignal StopSignal { get; init; } = UnixSignal.Terminate;

    /// <summary>How long a stop may take before SIGKILL.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(20);
}
