namespace BlockList.Server.Providers;

/// <summary>An Internet access service provider that receives lists.</summary>
internal sealed class Provider
{
    public required Guid Id { get; init; }

    public required string Name { get; set; }

    public required string Contact { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? SuspendedAt { get; set; }
}
