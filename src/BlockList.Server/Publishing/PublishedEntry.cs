namespace BlockList.Server.Publishing;

/// <summary>An entry of the newest published version, for other modules to show.</summary>
internal sealed class PublishedEntry
{
    public required string List { get; init; }

    public required string Name { get; init; }

    public required string Scope { get; init; }

    public required int AddedSerial { get; init; }
}
