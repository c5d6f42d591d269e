using System.Text.Json.Nodes;
using BlockList.Agent.Configuration;
using BlockList.Agent.Resolvers;
using BlockList.Agent.State;
using BlockList.Agent.Trust;
using BlockList.Format.Json;

namespace BlockList.Agent.Reporting;

/// <summary>How one list stands at this provider, read from the state directory alone.</summary>
internal sealed record ListStatus(string List, AppliedRecord? InForce, ListVersion? Held, bool ZoneIntact, PollRecord Poll, DateTimeOffset? ExpiresAt, DateTimeOffset Now)
{
    /// <summary>Metadata is signed every few hours; a day without a fresh timestamp is trouble.</summary>
    public static TimeSpan StaleAfter { get; } = TimeSpan.FromHours(24);

    public bool Stale => Poll.SucceededAt is not { } last || Now - last >= StaleAfter;

    public bool Expired => ExpiresAt is { } at && at <= Now;

    /// <summary>One word for a monitoring system, the gravest first.</summary>
    public string Word =>
        InForce is null ? "nothing in force"
        : !ZoneIntact ? "zone file changed"
        : Expired ? "expired"
        : Stale ? "stale"
        : Poll.Error is not null ? "last poll failed"
        : Held is not null && Held.Version != InForce.List.Version ? "newer version not applied"
        : "ok";

    public static ListStatus Read(ListSettings settings, ListState state, DateTimeOffset now)
    {
        var applied = state.ReadApplied();
        var intact = applied is not null && KnownResolvers.Of(settings).Sha256 == applied.ZoneSha256;
        return new ListStatus(settings.Id, applied, state.ReadMemory()?.Held, intact, state.ReadPoll(), StoredTrust.Expiry(state), now);
    }

    public ExitCode Code => Stale || Expired ? ExitCode.Stale : InForce is null || !ZoneIntact ? ExitCode.ApplyFailed : ExitCode.Done;

    public JsonObject ToJson() => new()
    {
        ["list"] = List,
        ["status"] = Word,
        ["version"] = InForce?.List.Version.Value,
        ["sha256"] = InForce?.List.Sha256,
        ["entries"] = InForce?.List.Count,
        ["published_at"] = Text(InForce?.List.PublishedAt),
        ["applied_at"] = Text(InForce?.AppliedAt),
        ["age_seconds"] = InForce is null ? null : (long)(Now - InForce.List.PublishedAt).TotalSeconds,
        ["resolver"] = InForce?.Resolver,
        ["zone_file"] = InForce?.ZoneFile,
        ["zone_file_intact"] = ZoneIntact,
        ["evidence"] = InForce?.Evidence,
        ["probes"] = InForce?.ProbesToJson(),
        ["verified_version"] = Held?.Version.Value,
        ["last_poll_at"] = Text(Poll.AttemptedAt),
        ["last_successful_poll_at"] = Text(Poll.SucceededAt),
        ["failed_polls"] = Poll.Failures,
        ["last_error"] = Poll.Error,
        ["metadata_expires_at"] = Text(ExpiresAt),
        ["stale"] = Stale,
        ["expired"] = Expired,
    };

    private static string? Text(DateTimeOffset? time) => time is { } at ? Timestamp.Format(at) : null;
}
