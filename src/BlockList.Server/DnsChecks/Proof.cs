namespace BlockList.Server.DnsChecks;

/// <summary>Somebody was asked to show that a domain is theirs, by a text that nobody else could publish there.</summary>
internal sealed class Proof
{
    public required Guid Id { get; init; }

    public required string Domain { get; init; }

    /// <summary><c>agency</c>, <c>provider</c> or <c>complaint</c>.</summary>
    public required string OwnerKind { get; init; }

    /// <summary>Id of the agency or the provider, or the reference of the complaint.</summary>
    public required string Owner { get; init; }

    /// <summary>32 hexadecimal digits.</summary>
    public required string Token { get; init; }

    public required string AskedBy { get; init; }

    public DateTimeOffset AskedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Null when it is over.</summary>
    public DateTimeOffset? NextCheckAt { get; init; }

    public int ChecksMade { get; init; }

    public DateTimeOffset? ProvenAt { get; init; }
}
