namespace BlockList.Agent.Enforcing;

/// <summary>Nothing can be decided without a person. What is in force stays.</summary>
internal sealed class HeldException(string message) : Exception(message);
