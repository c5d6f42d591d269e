namespace BlockList.Server.Distribution;

/// <summary>What a provider's agent says is in force, and what it knows that from.</summary>
internal sealed class Receipt
{
    public long Id { get; init; }

    public DateTimeOffset At { get; init; }

    public required Guid ProviderId { get; init; }

    public required string CertificateSha256 { get; init; }

    public required string List { get; init; }

    public required int Version { get; init; }

    public required string Sha256 { get; init; }

    public required string Resolver { get; init; }

    /// <summary><c>dump</c>, <c>serial</c> or <c>probe</c>; <c>none</c> of what is not in force.</summary>
    public required string Evidence { get; init; }

    /// <summary>JSON.</summary>
    public required string Probes { get; init; }

    public required int LeftOut { get; init; }

    public required string AgentVersion { get; init; }

    public required DateTimeOffset AgentClock { get; init; }

    /// <summary>Which installation wrote it, 16 hexadecimal digits; null of agents that name none.</summary>
    public string? Node { get; init; }

    /// <summary><c>applied</c>, <c>failed</c> (the version was to be put in force and is not), <c>held</c> (a brake keeps back what it changed) or
    /// <c>withdrawn</c> (no listing is shown to stand any more).</summary>
    public string Result { get; init; } = ReceiptReader.Applied;

    /// <summary>Of a failure: the step.</summary>
    public string? Reason { get; init; }

    public int HeldAdditions { get; init; }

    public int HeldRemovals { get; init; }

    /// <summary>Additions that wait for the provider's change window.</summary>
    public int Waiting { get; init; }

    /// <summary>Of <see cref="LeftOut"/>: what the provider's own never-block file takes out.</summary>
    public int Own { get; init; }

    /// <summary>How many leaves the list's log had when the agent verified it last; null where it says nothing of a log.</summary>
    public long? LogSize { get; init; }

    /// <summary>The root over them.</summary>
    public string? LogRoot { get; init; }

    /// <summary>Whether our log was another one at that size when the receipt came.</summary>
    public bool? LogDiffers { get; init; }
}
