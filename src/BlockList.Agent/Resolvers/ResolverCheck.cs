namespace BlockList.Agent.Resolvers;

/// <summary>What a running resolver showed after it was told of a new version.</summary>
/// <param name="Evidence"><c>serial</c> where it said itself which serial it loaded, else <c>probe</c>.</param>
/// <param name="Probes">Which name was asked for (never the name itself) and what came, as <see cref="ProbeResult"/> has it.</param>
/// <param name="NegativeProof">What proves that the version is not in force, or null. Doubt is no proof.</param>
internal sealed record ResolverCheck(string Evidence, IReadOnlyDictionary<string, string> Probes, string? NegativeProof);
