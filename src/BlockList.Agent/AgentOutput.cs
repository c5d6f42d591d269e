namespace BlockList.Agent;

/// <summary>Where the program speaks: results on standard output, for scripts; progress and problems on standard error.
/// Neither ever shows a listed name.</summary>
internal sealed record AgentOutput(TextWriter Results, TextWriter Progress);
