using BlockList.Format;

namespace BlockList.Agent.Resolvers;

/// <summary>What a running BIND says of a zone.</summary>
/// <param name="Answered">False where it could not be asked.</param>
/// <param name="Serial">The serial as loaded, or null.</param>
/// <param name="LoadedAt">When it was loaded last by BIND's clock, to the second, or null.</param>
internal readonly record struct BindZone(bool Answered, Serial? Serial, DateTimeOffset? LoadedAt);
