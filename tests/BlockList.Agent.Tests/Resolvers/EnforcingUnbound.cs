using BlockList.Agent.Resolvers;

namespace BlockList.Agent.Tests.Resolvers;

/// <summary>One Unbound for a class of tests, started with what <c>config print</c> prints and nothing else about lists.</summary>
public sealed class EnforcingUnbound : IAsyncLifetime
{
    internal RunningUnbound Server { get; } = new();

    internal EnforcedLists Lists { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Lists = new EnforcedLists(ResolverType.Unbound, Server.Control, Server.Address);
        await Lists.PlaceEmptyAsync();
        Server.Snippet = Lists.Snippet(SnippetPlace.TopLevel);
        await Server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Lists.Dispose();
    }
}
