using BlockList.Tools.Development;
using Xunit;

[assembly: AssemblyFixture(typeof(BlockList.Server.Tests.PostgresFixture))]

namespace BlockList.Server.Tests;

/// <summary>One real cluster for all tests of this project; each test class has a migrated database of its own from it.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private TestCluster? _tests;

    public PostgresFixture()
    {
    }

    /// <summary>Over a cluster that somebody else starts and stops.</summary>
    internal PostgresFixture(TestCluster tests) => _tests = tests;

    public async ValueTask InitializeAsync() => _tests = await TestCluster.StartAsync(Database.MigratedDatabase.PrepareTemplateAsync);

    public async ValueTask DisposeAsync()
    {
        if (_tests is not null)
            await _tests.DisposeAsync();
    }

    internal Task<TestDatabase> CreateDatabaseAsync() =>
        _tests!.CreateDatabaseAsync(TestContext.Current.CancellationToken);
}
