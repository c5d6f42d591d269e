using System.Text.Json.Nodes;
using BlockList.Agent.Configuration;
using BlockList.Agent.Enforcing;
using BlockList.Agent.Resolvers;
using BlockList.Agent.State;
using BlockList.Agent.Trust;
using BlockList.Format.Json;

namespace BlockList.Agent.Reporting;

/// <summary>How one list stands at this provider, read from the state directory alone.</summary>
/// <param name="List">The list.</param>
/// <param name="InForce">What was applied last.</param>
/// <param name="Memory">What was seen and held.</param>
/// <param name="HeldBecause">What a brake keeps back, or null.</param>
/// <param name="ZoneIntact">The zone is as it was written.</param>
/// <param name="Poll">How polls went.</param>
/// <param name="Run">How the last run ended, or null where there was none.</param>
/// <param name="ExpiresAt">When the signed metadata ends.</param>
/// <param name="Now">By this machine's clock.</param>
internal sealed record ListStatus(
    string List, AppliedRecord? InForce, VersionMemory? Memory, string? HeldBecause, bool ZoneIntact, PollRecord Poll, RunRecord? Run, DateTimeOffset? ExpiresAt, DateTimeOffset Now)
{
    /// <summary>Metadata is signed every few hours; a day without a fresh timestamp is trouble.</summary>
    public static TimeSpan StaleAfter { get; } = TimeSpan.FromHours(24);

    /// <summary>When the change window opens, or null where it is open or there is none.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    public ListVersion? Held => Memory?.Held;

    /// <summary>A poll that succeeded in the future is no news either: the clock was wrong then, or is now.</summary>
    public bool Stale => Poll.SucceededAt is not { } last || (Now - last).Duration() >= StaleAfter;

    public bool Expired => ExpiresAt is { } at && at <= Now;

    public bool ClockIsEarly => EarlyClock.Is(Now, Memory);

    /// <summary>Entries that are not blocked before the change window opens: no trouble, and it goes by itself.</summary>
    public int Waiting => Withdrawn ? 0 : InForce?.Enforced.Waiting ?? 0;

    public bool Withdrawn => InForce is { Enforced.Withdrawn: true };

    public DateTimeOffset? LeaseEndsAt => Held is { } held ? Lease.EndOf(held) : null;

    /// <summary>Half of the lease is over: publishers evaluate a list every few days.</summary>
    public bool EvaluationIsOld => Held is { } held && LeaseEndsAt is { } end && Now - held.EvaluatedAt > (end - held.EvaluatedAt) / 2;

    /// <summary>One word for a monitoring system, the gravest first.</summary>
    public string Word =>
        InForce is null ? "nothing in force"
        : !ZoneIntact ? "zone file changed"
        : Withdrawn ? "withdrawn"
        : ClockIsEarly ? "early clock"
        : Expired ? "expired"
        : Stale ? "stale"
        : HeldBecause is not null ? "held"
        : RunFailed ? "last run failed"
        : Poll.Error is not null ? "last poll failed"
        : Waiting > 0 ? "waits for change window"
        : InForce.Enforced.RolledBackFrom is not null ? "rolled back"
        : Held is not null && Held.Version != InForce.List.Version ? "newer version not applied"
        : "ok";

    public static ListStatus Read(ListSettings settings, ListState state, DateTimeOffset now)
    {
        var (applied, memory) = (state.ReadApplied(), state.ReadMemory());
        var intact = applied is not null && KnownResolvers.Of(settings).Sha256 == applied.ZoneSha256;
        var heldBecause = memory?.Held is { } held ? state.ReadEnforcing()?.HeldBecause(held) : null;
        return new ListStatus(settings.Id, applied, memory, heldBecause, intact, state.ReadPoll(), state.ReadRun(), StoredTrust.Expiry(state), now) { OpensAt = settings.ChangeWindows?.OpensAt(now) };
    }

    /// <summary>The last run ended with what no next one mends by itself. A server that did not answer is none of it, until a list is stale.</summary>
    public bool RunFailed => Run is { Code: ExitCode.Refused or ExitCode.ApplyFailed or ExitCode.Usage };

    public ExitCode Code => Failure.Gravest(RunFailed ? Run!.Code : ExitCode.Done,
        Stale || Expired || ClockIsEarly || Withdrawn ? ExitCode.Stale
        : InForce is null || !ZoneIntact ? ExitCode.ApplyFailed
        : HeldBecause is not null ? ExitCode.Held
        : ExitCode.Done);

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
        ["enforced"] = InForce?.Enforced.ToJson(),
        ["held_because"] = HeldBecause,
        ["waiting"] = Waiting == 0 ? null : new JsonObject { ["version"] = InForce!.List.Version.Value, ["additions"] = Waiting, ["opens_at"] = Text(OpensAt) },
        ["lease_ends_at"] = Text(LeaseEndsAt),
        ["last_poll_at"] = Text(Poll.AttemptedAt),
        ["last_successful_poll_at"] = Text(Poll.SucceededAt),
        ["failed_polls"] = Poll.Failures,
        ["failed_days"] = Poll.FailedDays,
        ["last_error"] = Poll.Error,
        ["last_run_at"] = Text(Run?.At),
        ["last_run_code"] = Run is { } run ? (int)run.Code : null,
        ["last_run_error"] = Run?.Message,
        ["metadata_expires_at"] = Text(ExpiresAt),
        ["stale"] = Stale,
        ["expired"] = Expired,
        ["withdrawn"] = Withdrawn,
        ["early_clock"] = ClockIsEarly,
    };

    private static string? Text(DateTimeOffset? time) => time is { } at ? Timestamp.Format(at) : null;
}
