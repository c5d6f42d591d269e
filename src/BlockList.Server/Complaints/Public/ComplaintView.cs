using BlockList.Format.Names;

namespace BlockList.Server.Complaints.Public;

/// <summary>A complaint as whoever has reference and secret sees it. Nothing of it depends on what is listed.</summary>
internal sealed record ComplaintView
{
    public required string Reference { get; init; }

    /// <summary>As it was typed just now: the page's own forms carry it on.</summary>
    public required string Secret { get; init; }

    public required string Party { get; init; }

    public required DomainName Domain { get; init; }

    public required string State { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary><c>none</c>, <c>asked</c> or <c>proven</c>.</summary>
    public required string ProofState { get; init; }

    /// <summary><c>txt</c> or <c>letter</c>.</summary>
    public string? ProofMethod { get; init; }

    public DateTimeOffset? ProofAt { get; init; }

    /// <summary>Of the proof that is open; null where none is.</summary>
    public string? Token { get; init; }

    public DateTimeOffset? TokenUntil { get; init; }

    public DateTimeOffset? NextLookAt { get; init; }

    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>Of <see cref="DnsChecks.ProofAnswer"/>: what the last look found.</summary>
    public string? Looked { get; init; }

    public bool IsProven => ProofState == "proven";

    public bool IsUnconfirmed => State == "unconfirmed";
}
