namespace BlockList.Agent.State;

/// <summary>A file of the state directory is missing or cannot be believed.</summary>
internal sealed class StateException(string message, Exception? inner = null) : Exception(message, inner);
