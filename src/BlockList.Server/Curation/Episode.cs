namespace BlockList.Server.Curation;

/// <summary>One stretch of life of one name and scope on one list: from its proposal to its lapse, removal or decline.</summary>
internal sealed class Episode
{
    /// <summary>The id of the proposal that opened it.</summary>
    public required Guid Id { get; init; }

    public required string List { get; init; }

    public required string Name { get; init; }

    /// <summary><c>domain</c> or <c>host</c>.</summary>
    public required string Scope { get; init; }

    public DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; set; }
}
