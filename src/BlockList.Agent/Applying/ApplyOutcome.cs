using BlockList.Agent.State;

namespace BlockList.Agent.Applying;

/// <param name="Record">What is in force.</param>
/// <param name="Changed">False where it was in force already and nothing was touched.</param>
internal sealed record ApplyOutcome(AppliedRecord Record, bool Changed);
