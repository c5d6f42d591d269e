using BlockList.Agent.Configuration;

namespace BlockList.Agent.Resolvers;

/// <summary>The one place that knows which class keeps which type of resolver.</summary>
internal static class KnownResolvers
{
    public static IResolver Of(ListSettings list) =>
        list.Resolver.Type == ResolverType.Bind ? new BindResolver(list) : new UnboundResolver(list);

    public static IReadOnlyList<SnippetPart> Snippet(ResolverSettings resolver, IReadOnlyList<ListSettings> lists) =>
        resolver.Type == ResolverType.Bind ? BindSnippet.Of(lists) : UnboundSnippet.Of(lists);
}
