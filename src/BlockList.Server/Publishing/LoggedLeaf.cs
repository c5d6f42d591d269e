namespace BlockList.Server.Publishing;

/// <summary>One leaf of a list's transparency log, with the checkpoint that was signed when it was the last.</summary>
internal sealed class LoggedLeaf
{
    public required string List { get; init; }

    /// <summary>From 0; the log has one more leaf than that with it.</summary>
    public required long Position { get; init; }

    public required int TargetsVersion { get; init; }

    /// <summary>The leaf itself.</summary>
    public required string Leaf { get; init; }

    /// <summary>Root over this leaf and all before it.</summary>
    public required string RootSha256 { get; init; }

    /// <summary>The signed note over size and root.</summary>
    public required string Checkpoint { get; init; }

    public DateTimeOffset At { get; init; }
}
