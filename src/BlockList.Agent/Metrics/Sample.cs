namespace BlockList.Agent.Metrics;

/// <summary>One value.</summary>
/// <param name="Label">What tells it from the others: a name and a value of characters that need no escape; or null.</param>
/// <param name="Value">In the unit that the metric's name ends in.</param>
internal readonly record struct Sample((string Name, string Value)? Label, double Value);
