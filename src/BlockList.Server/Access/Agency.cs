namespace BlockList.Server.Access;

/// <summary>Display copy of an agency of the register.</summary>
internal sealed class Agency
{
    public required string Id { get; init; }

    public required string Name { get; set; }

    public required string Country { get; set; }
}
