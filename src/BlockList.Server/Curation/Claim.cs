namespace BlockList.Server.Curation;

/// <summary>Someone of an agency is at work on an episode; their colleagues cannot vote on it until it ends. Other agencies
/// do not see it.</summary>
internal sealed class Claim
{
    public required Guid EpisodeId { get; init; }

    public required string Agency { get; init; }

    public required string Person { get; init; }

    public DateTimeOffset TakenAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}
