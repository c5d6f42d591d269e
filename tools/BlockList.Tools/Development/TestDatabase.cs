using Npgsql;

namespace BlockList.Tools.Development;

/// <summary>A test class's own database; disposal drops it, whoever is still connected.</summary>
internal sealed class TestDatabase(PrivateCluster cluster, string name) : IAsyncDisposable
{
    public string Name => name;

    public string SuperuserConnectionString => cluster.SuperuserConnectionString(name);

    /// <summary>Few connections each: logins times classes add up.</summary>
    public string ConnectionString(string login) =>
        new NpgsqlConnectionStringBuilder(cluster.ConnectionString(login, name)) { MaxPoolSize = 4 }.ConnectionString;

    /// <summary>Keeps what it is now; nobody may be at work on it.</summary>
    public Task BackUpAsync(CancellationToken ct) => cluster.CopyDatabaseAsync(name, BackupName, ct);

    /// <summary>Makes it what it was.</summary>
    public Task RestoreAsync(CancellationToken ct) => cluster.CopyDatabaseAsync(BackupName, name, ct);

    public async ValueTask DisposeAsync()
    {
        await cluster.DropDatabaseAsync(name);
        await cluster.DropDatabaseAsync(BackupName);
    }

    private string BackupName => name + "_backup";
}
