namespace BlockList.Agent.Resolvers;

/// <summary>What a resolver's control command said.</summary>
internal sealed record ControlAnswer(bool Succeeded, string Text)
{
    public static ControlAnswer Done { get; } = new(true, "");
}
