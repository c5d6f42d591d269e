using BlockList.Agent.Configuration;
using BlockList.Agent.Content;
using BlockList.Agent.Enforcing;
using BlockList.Agent.State;
using BlockList.Format;

namespace BlockList.Agent.Updating;

/// <summary>Goes back to a version that was in this agent's hands before, with what lies on this disk.</summary>
internal sealed class RollBackList(AgentConfiguration configuration, ListSettings settings, TimeProvider time, AgentOutput output)
{
    private readonly ListState state = new(configuration.StateDirectory, settings.Id);

    /// <param name="to">The version, or null for the one before.</param>
    /// <exception cref="ConfigurationException">There is no such version here.</exception>
    public async Task<ExitCode> RunAsync(Serial? to, CancellationToken ct)
    {
        using var taken = AgentLock.Take(configuration.StateDirectory, "rollback");
        var held = HeldList.Require(state);
        var target = Choose(to, held);
        var decision = new DecideEnforcement(settings, state, time).RollBack(held, target);
        return await new EnforceDecision(settings, state, time, output).RunAsync(decision.Enforcement, ct);
    }

    private ListVersion Choose(Serial? wanted, HeldList held)
    {
        var chain = new Chain(state);
        var stands = new DecideEnforcement(settings, state, time).Preview(held).State;
        var at = stands.RolledBack?.To.Point ?? stands.At.Point;
        var reachable = state.ReadMemory()!.Earlier.Where(v => chain.Between(v.Point, at) is { Count: > 0 }).ToArray();
        return reachable.FirstOrDefault(v => wanted is null || v.Version == wanted) ?? throw new ConfigurationException(
            wanted is null || reachable.Length == 0
                ? $"there is no version of list {state.List} before {at.Version} on this disk to go back to. What is in force stays."
                : $"version {wanted} of list {state.List} cannot be gone back to from {at.Version}. These can: {string.Join(", ", reachable.Select(v => v.Version))}.");
    }
}
