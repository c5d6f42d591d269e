namespace BlockList.Server.Curation;

/// <summary>One stretch of life of one name and scope on one list: from its proposal to its lapse, removal or decline.
/// Beside its name stands what its decisions and the calendar come to; see <see cref="EpisodeSummary"/>.</summary>
internal sealed class Episode
{
    /// <summary>The id of the proposal that opened it.</summary>
    public required Guid Id { get; init; }

    public required string List { get; init; }

    public required string Name { get; init; }

    /// <summary><c>domain</c> or <c>host</c>.</summary>
    public required string Scope { get; init; }

    /// <summary>The entry's handle, across lists and episodes.</summary>
    public required Guid SubjectId { get; init; }

    public DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>The newest episode of its entry.</summary>
    public bool IsCurrent { get; init; }

    public required string Stage { get; init; }

    /// <summary>Ids of the agencies that voted, in order, a space between them.</summary>
    public required string Voters { get; init; }

    public DateTimeOffset? LapsesAt { get; init; }
}
