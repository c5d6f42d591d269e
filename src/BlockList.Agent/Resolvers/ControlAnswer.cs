namespace BlockList.Agent.Resolvers;

/// <summary>What a resolver's control command said.</summary>
internal sealed record ControlAnswer(bool Succeeded, string Text)
{
    public static ControlAnswer Done { get; } = new(true, "");

    /// <summary>It failed when all that the version lists was in force already, and something that it does not list still is: to go on
    /// is due, and going back would free what is rightly blocked.</summary>
    public bool AllAdded { get; init; }
}
