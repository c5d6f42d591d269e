namespace BlockList.Server.Criteria;

/// <summary>One published version of a list's criteria; an assessment names its hash.</summary>
internal sealed class CriteriaVersion
{
    public required string List { get; init; }

    public required int Version { get; init; }

    public required string Sha256 { get; init; }

    public required string[] DecidedByCurator { get; init; }

    public required string Text { get; init; }
}
