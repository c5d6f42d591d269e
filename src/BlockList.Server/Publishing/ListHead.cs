namespace BlockList.Server.Publishing;

/// <summary>The newest state of one list: its numbers, and the one file that is replaced, <c>timestamp.json</c>.
/// Whoever changes it compares what it was first, so that two publishers cannot both go on from the same state.</summary>
internal sealed class ListHead
{
    public required string List { get; init; }

    public required int Serial { get; init; }

    public required int RootVersion { get; init; }

    public required int TargetsVersion { get; init; }

    public required int SnapshotVersion { get; init; }

    public required int TimestampVersion { get; init; }

    public required byte[] TimestampContent { get; init; }

    public required byte[] TimestampBrotli { get; init; }

    public required byte[] TimestampGzip { get; init; }

    public required DateTimeOffset TargetsSignedAt { get; init; }

    public required DateTimeOffset SnapshotSignedAt { get; init; }

    public required DateTimeOffset TimestampSignedAt { get; init; }
}
