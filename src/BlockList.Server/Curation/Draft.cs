namespace BlockList.Server.Curation;

/// <summary>One row of a staged import: nothing yet that anyone decided.</summary>
internal sealed class Draft
{
    public required Guid ImportId { get; init; }

    /// <summary>Line of the file, the header being 1.</summary>
    public required int Line { get; init; }

    public required string Name { get; init; }

    public required string Scope { get; init; }

    /// <summary>Another agency proposed the name already: a task to review it, never a vote.</summary>
    public required bool IsReview { get; init; }

    public required DateTimeOffset SightedAt { get; init; }

    public required string C1 { get; init; }

    public required string C2 { get; init; }

    public required string C3 { get; init; }

    public string? ReferenceType { get; init; }

    public string? ReferenceNumber { get; init; }

    public string? Note { get; init; }
}
