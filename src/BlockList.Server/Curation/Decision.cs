namespace BlockList.Server.Curation;

/// <summary>
/// A signed decision as it was received. The columns beside <see cref="Statement"/> are copies for queries and
/// constraints; whoever decides what is published reads the statement and its signature only.
/// </summary>
internal sealed class Decision
{
    /// <summary>Order of arrival.</summary>
    public long Position { get; init; }

    public required Guid Id { get; init; }

    public required string Kind { get; init; }

    public required string List { get; init; }

    public required string Name { get; init; }

    public required string Scope { get; init; }

    public required Guid EpisodeId { get; init; }

    /// <summary>Null of people who belong to none.</summary>
    public required string? Agency { get; init; }

    public required string Person { get; init; }

    public required string Credential { get; init; }

    public required long Sequence { get; init; }

    public string? PreviousSha256 { get; init; }

    public Guid? Supersedes { get; init; }

    /// <summary>Whether an assessment finds all criteria met; null for other kinds.</summary>
    public bool? Met { get; init; }

    public DateTimeOffset? SightedAt { get; init; }

    public required DateTimeOffset DecidedAt { get; init; }

    public required byte[] Statement { get; init; }

    public string StatementSha256 { get; init; } = "";

    public required Guid AssertionId { get; init; }

    /// <summary>Place in the batch that was signed, from 0.</summary>
    public required int Leaf { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }
}
