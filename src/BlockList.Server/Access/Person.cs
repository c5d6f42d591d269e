namespace BlockList.Server.Access;

/// <summary>Display copy of a person who signs for an agency.</summary>
internal sealed class Person
{
    public required string Id { get; init; }

    public required string Agency { get; init; }

    public required string Name { get; set; }
}
