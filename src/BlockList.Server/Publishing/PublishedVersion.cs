namespace BlockList.Server.Publishing;

/// <summary>One published version and all that it was computed from: the same inputs give the same bytes.</summary>
internal sealed class PublishedVersion
{
    public required string List { get; init; }

    public required int Serial { get; init; }

    public required long LedgerPosition { get; init; }

    /// <summary>The instant the list was computed for.</summary>
    public required DateTimeOffset EvaluatedAt { get; init; }

    public required DateTimeOffset PublishedAt { get; init; }

    public required int RegisterVersion { get; init; }

    public required string SuffixesSha256 { get; init; }

    /// <summary>The list's parameters as JSON.</summary>
    public required string Parameters { get; init; }

    public required string ListSha256 { get; init; }

    public required string? PreviousSha256 { get; init; }

    public required int Count { get; init; }

    public required int Added { get; init; }

    public required int Removed { get; init; }

    public required string Salt { get; init; }

    /// <summary>It only removed, and was published at once.</summary>
    public required bool Urgent { get; init; }

    /// <summary>What was decided and is not in it, as the bytes of a delta from it; null where nothing waited.</summary>
    public required byte[]? Waiting { get; init; }
}
