using BlockList.Agent.Content;
using BlockList.Agent.State;

namespace BlockList.Agent.Enforcing;

/// <summary>Takes the steps that lead to the held version, as far as brakes allow.</summary>
internal static class FollowChain
{
    /// <param name="state">Where the list stands.</param>
    /// <param name="to">The held version, to which the steps lead.</param>
    /// <param name="steps">From there to it; none where it stands there already.</param>
    /// <param name="acceptedJump">The held version was accepted by its number: it is taken as it is.</param>
    /// <returns>Where the list stands then; unchanged where the version runs too far ahead.</returns>
    public static EnforcingState Run(EnforcingState state, ListVersion to, IReadOnlyList<Step> steps, bool acceptedJump)
    {
        if (steps.Count == 0) return state with { At = to };
        var jumps = Brakes.IsJump(state.At.Version, to.Version);
        if (jumps && !acceptedJump) return state;

        var holds = state.Holds;
        foreach (var step in jumps || IsDetour(steps) ? [Step.Over(steps)] : steps)
            holds = Take(holds, step, brake: !jumps);
        return new EnforcingState(to, holds, RolledBack: null);
    }

    /// <summary>On the way a number ran ahead, or began again: what a thief signed in between was never accepted and does not count.</summary>
    private static bool IsDetour(IEnumerable<Step> steps) =>
        steps.Any(step => step.To.Version <= step.From.Version || Brakes.IsJump(step.From.Version, step.To.Version));

    private static List<Hold> Take(IReadOnlyList<Hold> before, Step step, bool brake)
    {
        var holds = before.Select(hold => hold.After(step)).ToList();
        if (brake && Brakes.On(step) is { } hold)
        {
            // What was kept out never was in force, and what was kept in still is: neither changes with this step.
            holds.Add(before.Aggregate(hold, (left, earlier) => left with
            {
                Additions = left.Additions.Except(earlier.Removals),
                Removals = left.Removals.Except(earlier.Additions),
            }));
        }
        return [.. holds.Where(h => !h.IsEmpty)];
    }
}
