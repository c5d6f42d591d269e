namespace BlockList.Server.Publishing.Resuming;

/// <summary>That somebody had a list go on after a restore, and above which numbers.</summary>
internal sealed class ResumedList
{
    public required Guid Id { get; init; }

    public required string List { get; init; }

    public required int Serial { get; init; }

    public required int TargetsVersion { get; init; }

    public required int SnapshotVersion { get; init; }

    public required int TimestampVersion { get; init; }

    /// <summary>Of the log with the leaves that came back; 0 where the list has none.</summary>
    public required long LogSize { get; init; }

    public required string ResumedBy { get; init; }

    public DateTimeOffset ResumedAt { get; init; }
}
