using System.Security.Cryptography;
using Npgsql;

namespace BlockList.Tools.Development;

/// <summary>
/// One cluster for a whole test program, one database per test class, each copied from a template that is prepared
/// once. Database names carry a random part, since an external cluster may serve several test programs at once.
/// </summary>
internal sealed class TestCluster : IAsyncDisposable
{
    /// <summary>Null where whoever started it keeps it.</summary>
    private readonly StateDirectory? _state;

    private readonly string _run = RandomNumberGenerator.GetHexString(8, lowercase: true);
    private int _databases;

    private TestCluster(StateDirectory? state, PrivateCluster cluster)
    {
        _state = state;
        Cluster = cluster;
    }

    public PrivateCluster Cluster { get; }

    private string Template => $"bl_{_run}_template";

    public static async Task<TestCluster> StartAsync(
        Func<PrivateCluster, string, CancellationToken, Task> prepareTemplate, ClusterOptions? options = null, StateDirectory? ownState = null, CancellationToken ct = default)
    {
        var state = ownState ?? StateDirectory.Temporary();
        PrivateCluster? cluster = null;
        try
        {
            cluster = await PrivateCluster.StartAsync(state, options ?? new ClusterOptions { Durable = false }, ct);
            var tests = new TestCluster(ownState is null ? state : null, cluster);
            await cluster.CreateDatabaseAsync(tests.Template, ct: ct);
            await prepareTemplate(cluster, tests.Template, ct);
            // A database that anyone is connected to, a pooled connection included, cannot be a template.
            NpgsqlConnection.ClearAllPools();
            return tests;
        }
        catch
        {
            if (cluster is not null)
                await cluster.DisposeAsync();
            if (ownState is null) state.Dispose();
            throw;
        }
    }

    public async Task<TestDatabase> CreateDatabaseAsync(CancellationToken ct = default)
    {
        var name = $"bl_{_run}_{Interlocked.Increment(ref _databases)}";
        await Cluster.CreateDatabaseAsync(name, Template, ct);
        return new TestDatabase(Cluster, name);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await Cluster.DropDatabaseAsync(Template);
        await Cluster.DisposeAsync();
        _state?.Dispose();
    }
}
