using BlockList.Agent.Resolvers;

namespace BlockList.Agent.Tests.Resolvers;

/// <summary>One BIND for a class of tests, started with what <c>config print</c> prints and nothing else about lists.</summary>
public sealed class EnforcingBind : IAsyncLifetime
{
    internal RunningUnbound Upstream { get; } = new();

    internal RunningBind Server { get; private set; } = null!;

    internal EnforcedLists Lists { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Upstream.StartAsync();
        Server = new RunningBind(Upstream.Address);
        Lists = new EnforcedLists(ResolverType.Bind, Server.Control, Server.Address);
        await Lists.PlaceEmptyAsync();
        Server.Options = Lists.Snippet(SnippetPlace.Options);
        Server.Zones = Lists.Snippet(SnippetPlace.TopLevel);
        await Server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Upstream.DisposeAsync();
        Lists.Dispose();
    }
}
