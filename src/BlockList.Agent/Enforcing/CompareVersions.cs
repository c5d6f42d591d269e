using BlockList.Agent.Configuration;
using BlockList.Agent.Content;
using BlockList.Agent.State;
using BlockList.Format.Lists;

namespace BlockList.Agent.Enforcing;

/// <summary>What lies between the version in force and the newest verified one, and what would become of it.</summary>
internal sealed class CompareVersions(ListSettings settings, ListState state, TimeProvider time)
{
    /// <exception cref="HeldException">The steps between the two are not on this disk.</exception>
    public Comparison Run()
    {
        var held = HeldList.Require(state);
        var inForce = state.ReadApplied()?.List;
        var (added, removed) = inForce is null ? (held.List, ListFile.Empty) : Between(inForce.Point, held.Version.Point);
        var decision = new DecideEnforcement(settings, state, time).Preview(held);
        return new Comparison(state.List, inForce, held.Version, added, removed, decision,
            NeverBlock.EntriesOver([.. settings.NeverBlock.SelectMany(NeverBlockFile.Read)], held.List));
    }

    private (ListFile Added, ListFile Removed) Between(ChainPoint from, ChainPoint to)
    {
        var chain = new Chain(state);
        if (chain.Between(from, to) is { } forward) return forward.Count == 0 ? (ListFile.Empty, ListFile.Empty) : Net(forward);
        throw new HeldException($"how list {state.List} came from version {from.Version} to version {to.Version} is not on this disk. Compare the counts that \"blocklist-agent status\" shows.");
    }

    private static (ListFile Added, ListFile Removed) Net(IReadOnlyList<Step> steps)
    {
        var net = Step.Over(steps);
        return (net.Added, net.Removed);
    }
}
