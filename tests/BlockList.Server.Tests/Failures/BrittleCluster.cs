using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Server.Tests.Failures;

/// <summary>A PostgreSQL for those who break it, on a small disk of its own where one can be mounted, and a deployment in it. Its tests
/// take turns.</summary>
public sealed class BrittleCluster : IAsyncLifetime
{
    public const string Collection = "a cluster that fails";
    private const int Megabytes = 320;

    private readonly StateDirectory state = StateDirectory.Temporary();
    private TestCluster? tests;

    /// <summary>Little write-ahead log beside the data, so that the disk can be small.</summary>
    internal static ClusterOptions Options { get; } = new()
    {
        Durable = false,
        AlwaysPrivate = true,
        DataFolder = ["disk", "postgres"],
        Settings = ["min_wal_size=48MB", "max_wal_size=64MB", "shared_buffers=32MB", "wal_retrieve_retry_interval=100ms"],
    };

    internal PrivateCluster Cluster => tests!.Cluster;

    internal PostgresFixture Postgres { get; private set; } = null!;

    internal FailingWorld World { get; private set; } = null!;

    internal SmallDisk? Disk { get; private set; }

    internal string? WhyNoDisk { get; private set; }

    public async ValueTask InitializeAsync()
    {
        (Disk, WhyNoDisk) = SmallDisk.Mount(state.Directory("disk"), Megabytes, state.User);
        tests = await TestCluster.StartAsync(Database.MigratedDatabase.PrepareTemplateAsync, Options, state, TestContext.Current.CancellationToken);
        Postgres = new PostgresFixture(tests);
        World = new FailingWorld(Postgres);
        await World.StartAsync("kept0.example", "kept1.example", "kept2.example");
    }

    public async ValueTask DisposeAsync()
    {
        if (World is not null) await World.DisposeAsync();
        if (tests is not null) await tests.DisposeAsync();
        Disk?.Dispose();
        state.Dispose();
    }
}
