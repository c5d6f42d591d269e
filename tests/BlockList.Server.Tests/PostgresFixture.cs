using BlockList.Tools.Development;
using Xunit;

[assembly: AssemblyFixture(typeof(BlockList.Server.Tests.PostgresFixture))]

namespace BlockList.Server.Tests;

/// <summary>One real cluster for all tests of this project; each test class asks it for a database of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private TestCluster? _tests;

    public async ValueTask InitializeAsync() => _tests = await TestCluster.StartAsync(PrepareTemplateAsync);

    public async ValueTask DisposeAsync()
    {
        if (_tests is not null)
            await _tests.DisposeAsync();
    }

    internal Task<TestDatabase> CreateDatabaseAsync() =>
        _tests!.CreateDatabaseAsync(TestContext.Current.CancellationToken);

    /// <summary>What every test class's database starts from.</summary>
    private static Task PrepareTemplateAsync(PrivateCluster cluster, string database, CancellationToken ct) => Task.CompletedTask;
}
