using BlockList.Agent.Configuration;
using BlockList.Agent.State;

namespace BlockList.Agent.Running;

/// <summary>When the next change window opens for which something waits. Told after each run, for the daemon's own clock: a wall
/// clock that is set in between is heeded with the next poll.</summary>
internal sealed class WindowOpening(TimeProvider time)
{
    /// <summary>Null where nothing waits.</summary>
    public TimeSpan? Due { get; private set; }

    public void Look(AgentConfiguration configuration, TimeSpan now)
    {
        var clock = time.GetUtcNow();
        var opens = configuration.Lists.Where(list => list.ChangeWindows is not null && SomethingWaits(configuration, list)).Min(list => list.ChangeWindows!.OpensAt(clock));
        Due = now + (opens - clock);
    }

    /// <summary>Somebody else is at work: once more, before the window closes and long before a poll that failures put off.</summary>
    public void PutOff(TimeSpan to) => Due = to;

    private static bool SomethingWaits(AgentConfiguration configuration, ListSettings list)
    {
        try
        {
            return new ListState(configuration.StateDirectory, list.Id).ReadEnforcing()?.Waiting is not null;
        }
        catch (StateException)
        {
            // Said by the poll itself.
            return false;
        }
    }
}
