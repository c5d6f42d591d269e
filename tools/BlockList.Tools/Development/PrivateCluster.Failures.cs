using Npgsql;

namespace BlockList.Tools.Development;

/// <summary>What befalls a server: stopped without a word, started again, and another one in its place.</summary>
internal sealed partial class PrivateCluster
{
    private const string StandbyName = "standby";

    private readonly List<PrivateCluster> _standbys = [];

    private string Data => (_postmaster ?? throw new InvalidOperationException("This server is not ours.")).CommandLine[2];

    /// <summary><c>pg_ctl stop -m immediate</c>: as after a crash, what was not committed is gone and recovery comes first.</summary>
    public async Task StopImmediatelyAsync()
    {
        await Process!.StopAsync(UnixSignal.Quit);
        await Process.DisposeAsync();
    }

    public async Task StartAgainAsync(CancellationToken ct = default)
    {
        Process = await ManagedProcess.StartAsync(_state, _postmaster ?? throw new InvalidOperationException("This server is not ours."), ct);
        try
        {
            // A standby says "read-only connections".
            await Process.WaitForLineAsync(line => line.Contains("database system is ready to accept", StringComparison.Ordinal), ct: ct);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary><c>pg_ctl restart -m immediate</c>.</summary>
    public async Task RestartImmediatelyAsync(CancellationToken ct = default)
    {
        await StopImmediatelyAsync();
        await StartAgainAsync(ct);
    }

    /// <summary>A server that follows this one, which waits for it with each commit. Connection strings made from then on name both.</summary>
    /// <param name="state">Of its own.</param>
    /// <param name="options">Of its own.</param>
    /// <param name="ct">Ends the copying.</param>
    public async Task<PrivateCluster> StartStandbyAsync(StateDirectory state, ClusterOptions options, CancellationToken ct = default)
    {
        var sockets = state.Directory("s");
        var passfile = state.Write(Path.Combine(state.Directory("secrets"), $"{Superuser}.pgpass"), await File.ReadAllTextAsync(SecretFile(_state, Superuser), ct), secret: true);
        var standby = new PrivateCluster(state, Connection(sockets, passfile, Superuser), Postmaster(NewestPrograms(), state.Directory([.. options.DataFolder]), sockets, options));
        await standby.FollowAsync(this, ct);
        _standbys.Add(standby);
        return standby;
    }

    /// <summary>Becomes a copy of another server, whatever this one had, and its synchronous standby.</summary>
    public async Task FollowAsync(PrivateCluster primary, CancellationToken ct = default)
    {
        Directory.Delete(Data, recursive: true);
        (await Subprocess.RunAsync(_state.User.Wrap([Path.Combine(NewestPrograms(), "pg_basebackup"), "--pgdata", Data, "--write-recovery-conf", "--checkpoint", "fast", "--no-sync",
            "--dbname", $"host={primary.Host} user={Superuser} passfile={SecretFile(_state, Superuser)} application_name={StandbyName}"]), _state.Root, ct: ct)).Require();
        await StartAgainAsync(ct);
        await primary.ExecuteAsync($"alter system set synchronous_standby_names = '{StandbyName}'", ct);
        await primary.ExecuteAsync("select pg_reload_conf()", ct);
        await primary.Process!.WaitUntilAsync(async token => await primary.ReadAsync<string>("select max(sync_state) from pg_stat_replication", token) == "sync", ct: ct);
    }

    /// <summary><c>pg_ctl promote</c>; returns when it takes writes.</summary>
    public async Task PromoteAsync(CancellationToken ct = default) =>
        (await Subprocess.RunAsync(_state.User.Wrap([Path.Combine(NewestPrograms(), "pg_ctl"), "promote", "--wait", "--pgdata", Data]), _state.Root, ct: ct)).Require();

    /// <summary>Runs and takes writes, whatever became of it and its standby, and waits for nobody any more.</summary>
    public async Task BeAloneAsync(CancellationToken ct = default)
    {
        _standbys.Clear();
        if (Process!.ExitCode is not null) await StartAgainAsync(ct);
        if (await ReadAsync<bool>("select pg_is_in_recovery()", ct)) await PromoteAsync(ct);
        await ExecuteAsync("alter system reset synchronous_standby_names", ct);
        await ExecuteAsync("select pg_reload_conf()", ct);
    }

    /// <summary>As the superuser, outside of any application's database.</summary>
    public async Task<T?> ReadAsync<T>(string sql, CancellationToken ct = default)
    {
        await using var connection = new NpgsqlConnection(Maintenance);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct) is T value ? value : default;
    }
}
