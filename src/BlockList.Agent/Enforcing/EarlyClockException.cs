namespace BlockList.Agent.Enforcing;

/// <summary>Metadata verified, but by this clock nobody can tell whether it is fresh.</summary>
internal sealed class EarlyClockException(string message) : Exception(message);
