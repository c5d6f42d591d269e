using BlockList.Tools.Deployments;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Tests with a publishing world for each of them.</summary>
/// <param name="postgres">Shared by all tests.</param>
public abstract class PublishingTests(PostgresFixture postgres) : IAsyncLifetime
{
    protected const string List = DevelopmentKeys.WorstOf;

    private protected PublishingWorld World { get; } = new(postgres);

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await World.InitializeAsync();
        await PrepareAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>What stands in the world before a test.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;
}
