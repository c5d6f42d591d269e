namespace BlockList.Agent.Resolvers;

/// <summary>A kind of resolver that this agent can keep.</summary>
/// <param name="Word">As configuration and receipts have it.</param>
/// <param name="Title">As sentences have it.</param>
/// <param name="Control">Its control command, where the configuration names none.</param>
/// <param name="Settling">How long it may go on answering as before, once it says that a version is loaded.</param>
internal sealed record ResolverType(string Word, string Title, string Control, TimeSpan Settling)
{
    public static ResolverType Unbound { get; } = new("unbound", "Unbound", "unbound-control", TimeSpan.Zero);

    /// <summary>BIND's <c>min-update-interval</c> is 60 seconds unless it was given the one that <c>config print</c> says.</summary>
    public static ResolverType Bind { get; } = new("bind", "BIND", "rndc", TimeSpan.FromSeconds(65));

    public static IReadOnlyList<ResolverType> All { get; } = [Unbound, Bind];
}
