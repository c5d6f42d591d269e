namespace BlockList.Agent.State;

/// <summary>Another agent process is at work on the same state directory.</summary>
internal sealed class AgentLockedException(string directory, string holder, Exception inner) : Exception(
    $"another agent works on {directory} now ({holder}). Nothing was done. Wait until it has finished, then run the command again.", inner);
