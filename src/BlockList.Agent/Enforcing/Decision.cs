using BlockList.Agent.Content;
using BlockList.Format;
using BlockList.Format.Lists;

namespace BlockList.Agent.Enforcing;

/// <summary>What follows from the facts: what is to be in force, and what must be remembered so that it follows again.</summary>
internal sealed record Decision(EnforcingState State, Enforcement Enforcement)
{
    public static Decision Of(EnforcementFacts facts)
    {
        var (held, accepted) = (facts.Held, facts.Accepted);
        var state = FollowChain.Run(facts.State ?? EnforcingState.First(held.Version), held.Version, facts.Steps, accepted == held.Version.Version);
        if (accepted is { } version) state = state.Accept(version);

        // Where brakes do not let the list come to the held version, it stays at the one before the steps.
        var stands = state.At.Point == held.Version.Point ? held.List : Step.Over(facts.Steps).Undo(held.List);
        var list = stands;
        if (state.RolledBack is not null) list = facts.BackTo!.Undo(stands).Intersect(stands);
        var (additions, removals) = (Union(state.Holds.Select(h => h.Additions)), Union(state.Holds.Select(h => h.Removals)));
        list = list.Except(additions).Union(removals);
        var leftOut = NeverBlock.EntriesOver(facts.NeverBlock, list);
        list = facts.LeaseIsOver ? ListFile.Empty : list.Except(leftOut);

        var of = state.RolledBack?.To ?? state.At;
        return new Decision(state, new Enforcement(
            list, ReferenceEquals(list, held.List) ? held.Version.Sha256 : Hashes.Sha256(list.Bytes), of.Version, of,
            leftOut.Count, additions.Count, removals.Count, state.HeldBecause(held.Version), facts.LeaseIsOver, state.RolledBack?.From.Version));
    }

    private static ListFile Union(IEnumerable<ListFile> lists) => lists.Aggregate(ListFile.Empty, (all, next) => all.Union(next));
}
