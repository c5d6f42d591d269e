using BlockList.Agent.Configuration;
using BlockList.Agent.Content;
using BlockList.Agent.State;
using BlockList.Format;

namespace BlockList.Agent.Enforcing;

/// <summary>Brings the facts together, decides, and remembers the decision before anybody acts on it. What was decided
/// follows again from what is remembered, so that a crash anywhere costs one more run and nothing else.</summary>
internal sealed class DecideEnforcement(ListSettings settings, ListState state, TimeProvider time)
{
    /// <param name="held">The last verified list.</param>
    /// <param name="accepted">The version that a person accepts, or null.</param>
    /// <param name="now">A person waits for no change window.</param>
    /// <exception cref="HeldException">What changed since the version in force cannot be told.</exception>
    /// <exception cref="ConfigurationException">The never-block file is wrong, or the accepted version is none.</exception>
    public Decision Run(HeldList held, Serial? accepted, bool now)
    {
        var (before, decision) = Decide(held, accepted, now);
        Remember(before, decision.State);
        return decision;
    }

    /// <summary>What would be decided now; nothing is remembered.</summary>
    public Decision Preview(HeldList held) => Decide(held, accepted: null, now: false).Decision;

    /// <summary>Goes back to a version that was held before, and remembers that.</summary>
    /// <param name="to">That version.</param>
    public Decision RollBack(HeldList held, ListVersion to)
    {
        var (before, current) = Decide(held, accepted: null, now: false);
        var back = current.State with { RolledBack = new RolledBack(to, current.State.At.Point) };
        var decision = Decision.Of(Facts(held, back, accepted: null, now: false));
        Remember(before, decision.State);
        return decision;
    }

    private (EnforcingState? Before, Decision Decision) Decide(HeldList held, Serial? accepted, bool now)
    {
        if (accepted > held.Version.Version)
            throw new ConfigurationException($"version {accepted} of list {state.List} is not here, so it cannot be accepted: version {held.Version.Version} is the newest that was verified. Run \"blocklist-agent status\" to see what is held.");
        var before = state.ReadEnforcing();
        return (before, Decision.Of(Facts(held, before, accepted, now)));
    }

    private void Remember(EnforcingState? before, EnforcingState after)
    {
        if (after == before) return;
        state.Write(after);
        // A crash here leaves a decision that nobody acted on; the next run derives the same enforcement from it.
        FaultPoint.Reach(FaultPoints.EnforceDecided);
    }

    private EnforcementFacts Facts(HeldList held, EnforcingState? before, Serial? accepted, bool now)
    {
        var chain = new Chain(state);
        var steps = before is null ? [] : chain.Between(before.At.Point, held.Version.Point);
        if (steps is null && accepted != held.Version.Version) throw Gap(before!.At.Version, held.Version.Version);
        // Without the steps there is no way back either: who accepts the version takes it as if it were the first.
        if (steps is null) before = null;
        var back = before?.RolledBack is { } rolledBack && accepted != rolledBack.From.Version ? StepBack(chain, rolledBack) : null;
        var clock = time.GetUtcNow();
        var clockIsEarly = EarlyClock.Is(clock, state.ReadMemory());
        var leaseIsOver = !settings.KeepAfterLease && !clockIsEarly && Lease.IsOver(held.Version, state.ReadPoll(), clock);
        // Who accepts the newest version wants it now. A clock that is known to be wrong does not know when a window is closed.
        var mayAdd = now || accepted == held.Version.Version || clockIsEarly || settings.ChangeWindows?.OpensAt(clock) is null || NothingIsEnforced();
        return new EnforcementFacts(held, before, steps ?? [], back, [.. settings.NeverBlock.SelectMany(NeverBlockFile.Read)], leaseIsOver, accepted, mayAdd);
    }

    /// <summary>The first application, or the return after a withdrawal: a resolver that blocks nothing waits for no window.</summary>
    private bool NothingIsEnforced() => state.ReadApplied() is not { Enforced.Entries: > 0 };

    private Step StepBack(Chain chain, RolledBack rolledBack) => chain.Between(rolledBack.To.Point, rolledBack.From) is { Count: > 0 } steps
        ? Step.Over(steps)
        : throw new HeldException($"the steps back to version {rolledBack.To.Version} of list {state.List} are not on this disk any more. What is in force stays. " +
            $"To go on with the newest version, run \"blocklist-agent apply --accept {rolledBack.From.Version}\".");

    private HeldException Gap(Serial from, Serial to) => new(
        $"HELD: how list {state.List} came from version {from} to version {to} is not on this disk, so nobody can tell how much it changed. What is in force stays. " +
        $"If version {to} is as large as you expect (\"blocklist-agent diff\"), run \"blocklist-agent apply --accept {to}\".");
}
