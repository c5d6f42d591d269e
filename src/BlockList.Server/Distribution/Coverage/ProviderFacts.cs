using System.Text.Json;

namespace BlockList.Server.Distribution.Coverage;

/// <summary>All that is known of one provider, as <c>distribution.facts</c> writes it: the same for the operator's page and for the provider's own.</summary>
internal sealed record ProviderFacts(string Provider, DateTimeOffset? SuspendedAt, DateTimeOffset At, IReadOnlyList<CertificateFacts> Certificates, IReadOnlyList<ProviderListFacts> Lists,
    IReadOnlyList<RefusalFacts> Refusals, IReadOnlyList<FailureFacts> Failures)
{
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static ProviderFacts Parse(string json) => JsonSerializer.Deserialize<ProviderFacts>(json, Snake) ?? throw new InvalidOperationException("there are no facts");
}

internal sealed record CertificateFacts(string Sha256, DateTimeOffset NotAfter, int DaysLeft, DateTimeOffset? RevokedAt);

/// <param name="Whole">The newest version that is in force, all of it, at all resolvers that were heard of lately; 0 for none.</param>
/// <param name="Freed">The newest whose removals are.</param>
/// <param name="WholeAt">Since when.</param>
/// <param name="Behind">How many versions came since.</param>
internal sealed record ProviderListFacts(string List, int? Newest, DateTimeOffset? NewestAt, int Whole, int Freed, DateTimeOffset? WholeAt, IReadOnlyList<string> States, int Behind,
    DateTimeOffset? ContactAt, DateTimeOffset? ReceiptAt, DateTimeOffset? RefusedAt, string? Refusal, IReadOnlyList<ResolverFacts> Resolvers, IReadOnlyList<ExceptionFacts> Exceptions, DelayFacts? Delays);

/// <param name="Node">Which installation.</param>
/// <param name="Counts">Whether it was heard of in the last seven days; one that was not is left out of what is in force.</param>
/// <param name="Tested">What the list of test names shows; null for other lists.</param>
/// <param name="ClockAheadSeconds">The agent's clock when it wrote the receipt, against ours when it came; negative where it is late or lay waiting.</param>
internal sealed record ResolverFacts(string Node, string Kind, DateTimeOffset SeenAt, bool Counts, int Version, bool Ours, int Whole, string Evidence, string Result, string? Reason,
    int HeldAdditions, int HeldRemovals, int Waiting, int LeftOut, int Own, string? Tested, bool? LogDiffers, string AgentVersion, long ClockAheadSeconds, IReadOnlyDictionary<string, string>? Probes);

/// <param name="Line">As the list has it.</param>
internal sealed record ExceptionFacts(string Line, DateTimeOffset Since);

/// <summary>Seconds from publication, of the newest ten versions, newest first.</summary>
internal sealed record DelayFacts(IReadOnlyList<long>? Block, IReadOnlyList<long>? Unblock);

internal sealed record RefusalFacts(DateTimeOffset At, string? List, string Path, int Status, string Refusal);

internal sealed record FailureFacts(DateTimeOffset At, string List, int Version, string? Reason, string Resolver);
