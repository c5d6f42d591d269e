namespace BlockList.Agent.Metrics;

/// <summary>One figure, once or for each list.</summary>
/// <param name="Name">With the prefix that all share.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Samples">Never empty.</param>
internal sealed record Metric(string Name, string Help, IReadOnlyList<Sample> Samples);
