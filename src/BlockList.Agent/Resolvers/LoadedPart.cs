using BlockList.Format;

namespace BlockList.Agent.Resolvers;

/// <summary>What a running resolver itself says that it has loaded of a list.</summary>
/// <param name="What">What was asked for, as it stands in a sentence: <c>zone worst-of</c>.</param>
/// <param name="Answered">False where it could not be asked: that is doubt and no proof.</param>
/// <param name="Serial">The version, or null where it has none loaded.</param>
internal sealed record LoadedPart(string What, bool Answered, Serial? Serial);
