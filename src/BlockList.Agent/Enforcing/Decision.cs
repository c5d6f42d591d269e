using BlockList.Agent.Content;
using BlockList.Format.Lists;

namespace BlockList.Agent.Enforcing;

/// <summary>What follows from the facts: what is to be in force, and what must be remembered so that it follows again.</summary>
internal sealed record Decision(EnforcingState State, Enforcement Enforcement)
{
    public static Decision Of(EnforcementFacts facts)
    {
        var (held, accepted) = (facts.Held, facts.Accepted);
        var state = FollowChain.Run(facts.State ?? EnforcingState.First(held.Version), held.Version, facts.Steps, accepted == held.Version.Version);
        // Before anything is accepted: what a person lets go of does not wait.
        state = state with { Waiting = WaitingOf(facts, state) };
        if (accepted is { } version) state = state.Accept(version);

        // Where brakes do not let the list come to the held version, it stays at the one before the steps.
        var stands = state.At.Point == held.Version.Point ? held.List : Before(facts);
        var list = Followed(state, stands, facts.BackTo);
        var waiting = state.Waiting is { } wait ? Followed(state with { Waiting = null }, stands, facts.BackTo).Intersect(wait.Additions).Count : 0;
        var leftOut = NeverBlock.EntriesOver(facts.NeverBlock, list);
        list = facts.LeaseIsOver ? ListFile.Empty : list.Except(leftOut);

        var of = state.RolledBack?.To ?? state.At;
        // What a brake keeps in is no entry of the version any more.
        var own = leftOut.Intersect(state.RolledBack is null ? stands : facts.BackTo!.Undo(stands));
        return new Decision(state, new Enforcement(
            list, ReferenceEquals(list, held.List) ? held.Version.Sha256 : list.Sha256, of.Version, of,
            leftOut.Count, Union(state.Holds.Select(h => h.Additions)).Count, Union(state.Holds.Select(h => h.Removals)).Count, state.HeldBecause(held.Version), waiting, facts.LeaseIsOver, state.RolledBack?.From.Version) { Own = own });
    }

    /// <summary>A list as the state says to follow it, before the provider's own names and the lease.</summary>
    /// <param name="stands">The list of <see cref="EnforcingState.At"/>.</param>
    /// <param name="backTo">The step from the version gone back to.</param>
    private static ListFile Followed(EnforcingState state, ListFile stands, Step? backTo)
    {
        var goneBackTo = state.RolledBack is null ? null : backTo!.Undo(stands);
        var list = goneBackTo?.Intersect(stands) ?? stands;
        list = list.Except(Union(state.Holds.Select(h => h.Additions))).Union(Union(state.Holds.Select(h => h.Removals)));
        if (state.Waiting is not { } waiting) return list;
        // What stays until a wider entry may come is of the version before that entry: who went further back did not have it.
        return list.Except(waiting.Additions).Union(goneBackTo is null ? waiting.Removals : waiting.Removals.Intersect(goneBackTo));
    }

    private static Hold? WaitingOf(EnforcementFacts facts, EnforcingState state)
    {
        if (facts.MayAdd || facts.State is not { } before) return null;
        if (state.At.Point == before.At.Point) return before.Waiting;
        // A rollback that a person ends with this run keeps nothing waiting either.
        var was = Followed(facts.BackTo is null ? before with { RolledBack = null } : before, Before(facts), facts.BackTo);
        var (additions, removals) = ChangeWait.Between(was, Followed(state, facts.Held.List, backTo: null));
        return additions.Count == 0 ? null : new Hold(facts.Held.Version.Version, "came outside the change window", additions, removals);
    }

    private static ListFile Before(EnforcementFacts facts) => facts.Steps.Count == 0 ? facts.Held.List : Step.Over(facts.Steps).Undo(facts.Held.List);

    private static ListFile Union(IEnumerable<ListFile> lists) => lists.Aggregate(ListFile.Empty, (all, next) => all.Union(next));
}
