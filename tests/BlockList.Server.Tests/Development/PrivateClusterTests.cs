using BlockList.Tools.Development;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Development;

public sealed class PrivateClusterTests : IDisposable
{
    private static readonly ClusterOptions Options = new() { Durable = false, AlwaysPrivate = true };
    private readonly StateDirectory _state = StateDirectory.Temporary();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task The_cluster_keeps_its_data_over_a_stop_and_over_kills()
    {
        await using (var cluster = await PrivateCluster.StartAsync(_state, Options, Ct))
        {
            await cluster.CreateDatabaseAsync("kept", ct: Ct);
            await ExecuteAsync(cluster.SuperuserConnectionString("kept"), "CREATE TABLE t (v int); INSERT INTO t VALUES (1)");
        }

        await using (var killed = await PrivateCluster.StartAsync(_state, Options, Ct))
        {
            await ExecuteAsync(killed.SuperuserConnectionString("kept"), "INSERT INTO t VALUES (2)");
            killed.Process!.Kill();
            Assert.Equal(128 + (int)UnixSignal.Kill, await killed.Process.Exited);
        }

        await using var again = await PrivateCluster.StartAsync(_state, Options, Ct);
        Assert.Equal(3L, await ScalarAsync(again.SuperuserConnectionString("kept"), "SELECT sum(v) FROM t"));
        Assert.Equal(0, await again.Process!.StopAsync());
    }

    [Fact]
    public async Task The_cluster_listens_on_its_socket_only_and_asks_for_a_password()
    {
        await using var cluster = await PrivateCluster.StartAsync(_state, Options, Ct);
        var superuser = new NpgsqlConnectionStringBuilder(cluster.SuperuserConnectionString("postgres")) { Pooling = false };

        Assert.Equal("", await ScalarAsync(superuser.ConnectionString, "SHOW listen_addresses"));
        Assert.Equal("UTF8 C.UTF-8 200", await ScalarAsync(
            superuser.ConnectionString,
            "SELECT pg_encoding_to_char(encoding) || ' ' || datcollate || ' ' || current_setting('max_connections') FROM pg_database WHERE datname = 'postgres'"));
        superuser.Passfile = "/nonexistent";
        superuser.Password = "wrong";
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(superuser.ConnectionString, "SELECT 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
        Assert.Equal($"{_state.User.Name} 600", Stat("secrets", "postgres.pgpass"));
        Assert.Equal($"{_state.User.Name} 700", Stat("s"));
    }

    [Fact]
    public async Task A_login_made_with_the_password_kept_for_it_can_connect()
    {
        await using var cluster = await PrivateCluster.StartAsync(_state, Options, Ct);
        await cluster.CreateDatabaseAsync("app", ct: Ct);
        await ExecuteAsync(cluster.SuperuserConnectionString("app"), $"CREATE ROLE bl_some LOGIN PASSWORD '{cluster.PasswordOf("bl_some")}'");

        var connection = cluster.ConnectionString("bl_some", "app") + ";Pooling=false";

        Assert.DoesNotContain(cluster.PasswordOf("bl_some"), connection, StringComparison.Ordinal);
        Assert.Equal("bl_some", await ScalarAsync(connection, "SELECT current_user::text"));
    }

    [Fact]
    public async Task A_database_is_copied_from_its_template_and_dropped_while_someone_is_connected()
    {
        await using var cluster = await PrivateCluster.StartAsync(_state, Options, Ct);
        await cluster.CreateDatabaseAsync("template", ct: Ct);
        await ExecuteAsync(cluster.SuperuserConnectionString("template"), "CREATE TABLE t AS SELECT 41 AS v");
        await cluster.CreateDatabaseAsync("copy \"one\"", "template", Ct);
        await using var connected = new NpgsqlConnection(cluster.SuperuserConnectionString("copy \"one\"") + ";Pooling=false");
        await connected.OpenAsync(Ct);

        Assert.Equal(41, await new NpgsqlCommand("SELECT v FROM t", connected).ExecuteScalarAsync(Ct));
        await cluster.DropDatabaseAsync("copy \"one\"", Ct);

        Assert.Equal(0L, await ScalarAsync(cluster.SuperuserConnectionString("postgres") + ";Pooling=false", "SELECT count(*) FROM pg_database WHERE datname LIKE 'copy%'"));
    }

    [Fact]
    public async Task A_cluster_whose_making_was_interrupted_is_made_anew()
    {
        _state.Write(Path.Combine(_state.Directory("postgres"), "postgresql.conf"), "half written");

        await using var cluster = await PrivateCluster.StartAsync(_state, Options, Ct);

        Assert.Equal(1, await ScalarAsync(cluster.SuperuserConnectionString("postgres") + ";Pooling=false", "SELECT 1"));
    }

    private static async Task ExecuteAsync(string connectionString, string sql) => _ = await ScalarAsync(connectionString + ";Pooling=false", sql);

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Ct);
    }

    private string Stat(params string[] names) =>
        Subprocess.Run("/usr/bin/stat", "--format=%U %a", _state.File(names)).Require().Output.Trim();
}
