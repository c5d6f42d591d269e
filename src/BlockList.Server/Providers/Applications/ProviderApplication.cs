namespace BlockList.Server.Providers.Applications;

/// <summary>Somebody who wants to become a provider, as they wrote it, and what became of it. Written by functions of the database alone.</summary>
internal sealed class ProviderApplication
{
    public const string Open = "open", Approved = "approved";

    public required Guid Id { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }

    public required string Language { get; init; }

    public required string Organisation { get; init; }

    public required string Country { get; init; }

    public required string Person { get; init; }

    public required string Email { get; init; }

    public required string Telephone { get; init; }

    public required long[] Networks { get; init; }

    public required string Resolvers { get; init; }

    /// <summary>A-labels.</summary>
    public required string[] Domains { get; init; }

    /// <summary><c>open</c>, <c>approved</c> or <c>refused</c>.</summary>
    public required string State { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    public string? DecidedBy { get; init; }

    public string? Reason { get; init; }

    public Guid? ProviderId { get; init; }
}
