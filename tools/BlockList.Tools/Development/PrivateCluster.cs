using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace BlockList.Tools.Development;

/// <summary>
/// A PostgreSQL cluster of one's own, reached through a Unix socket only; or, when <see cref="ExternalVariable"/> holds
/// a superuser's connection string, that server instead.
/// </summary>
internal sealed partial class PrivateCluster : IAsyncDisposable
{
    public const string ExternalVariable = "BLOCKLIST_TEST_DATABASE";
    private const string Superuser = "postgres";
    private const int OldestVersion = 15;

    private readonly StateDirectory _state;
    private readonly NpgsqlConnectionStringBuilder _superuser;
    private readonly ProgramStart? _postmaster;

    private PrivateCluster(StateDirectory state, NpgsqlConnectionStringBuilder superuser, ProgramStart? postmaster)
    {
        _state = state;
        _superuser = superuser;
        _postmaster = postmaster;
    }

    /// <summary>Null when the server is not ours.</summary>
    public ManagedProcess? Process { get; private set; }

    public string Host => _superuser.Host!;

    /// <summary>To this server alone.</summary>
    private string Maintenance => new NpgsqlConnectionStringBuilder(_superuser.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString;

    /// <summary>To this one, and to who stands by.</summary>
    private string Named(NpgsqlConnectionStringBuilder settings)
    {
        if (_standbys.Count > 0) (settings.Host, settings.HostRecheckSeconds) = (string.Join(',', [Host, .. _standbys.Select(standby => standby.Host)]), 1);
        return settings.ConnectionString;
    }

    public static async Task<PrivateCluster> StartAsync(StateDirectory state, ClusterOptions options, CancellationToken ct = default)
    {
        if (!options.AlwaysPrivate && Environment.GetEnvironmentVariable(ExternalVariable) is { Length: > 0 } external)
            return new PrivateCluster(state, new NpgsqlConnectionStringBuilder(external), postmaster: null);

        var programs = NewestPrograms();
        var data = state.Directory([.. options.DataFolder]);
        var sockets = state.Directory("s");
        _ = state.Socket("s", ".s.PGSQL.5432");
        if (!File.Exists(Path.Combine(data, "PG_VERSION")))
            await InitializeAsync(state, programs, options, data, ct);
        RequireSameVersion(programs, data);
        await LeftoverPostmaster.EndAsync(data, ct);

        var cluster = new PrivateCluster(state, Connection(sockets, SecretFile(state, Superuser), Superuser), Postmaster(programs, data, sockets, options));
        await cluster.StartAgainAsync(ct);
        return cluster;
    }

    public string SuperuserConnectionString(string database) => Named(new NpgsqlConnectionStringBuilder(_superuser.ConnectionString) { Database = database });

    /// <summary>For a login of the server; its password is read from its own file, whose owner alone may read it.</summary>
    public string ConnectionString(string login, string database)
    {
        _ = PasswordOf(login);
        return Named(new NpgsqlConnectionStringBuilder(_superuser.ConnectionString)
        {
            Username = login,
            Password = null,
            Passfile = SecretFile(_state, login),
            Database = database,
        });
    }

    /// <summary>The password that whoever creates the login gives it: random, made on first use, kept in the state directory.</summary>
    public string PasswordOf(string login) => PasswordOf(_state, login);

    public async Task CreateDatabaseAsync(string name, string? template = null, CancellationToken ct = default) =>
        // template0, since template1 refuses to be copied while anyone is connected to it.
        await ExecuteAsync($"CREATE DATABASE {Quote(name)} TEMPLATE {Quote(template ?? "template0")} ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'", ct);

    public async Task DropDatabaseAsync(string name, CancellationToken ct = default) =>
        await ExecuteAsync($"DROP DATABASE IF EXISTS {Quote(name)} WITH (FORCE)", ct);

    /// <summary>A backup of a database, or one that takes its place, as a restore does. Whoever is connected to either is sent away.</summary>
    public async Task CopyDatabaseAsync(string from, string to, CancellationToken ct = default)
    {
        await DropDatabaseAsync(to, ct);
        await ExecuteAsync($"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{from}'", ct);
        await CreateDatabaseAsync(to, from, ct);
    }

    /// <summary>A shell command that opens a session of the superuser.</summary>
    public string PsqlCommand(string database) =>
        $"PGPASSFILE={SecretFile(_state, Superuser)} psql -h {Host} -U {_superuser.Username} {database}";

    public async ValueTask DisposeAsync()
    {
        if (Process is not null)
            await Process.DisposeAsync();
    }

    private static string SecretFile(StateDirectory state, string login) =>
        Path.Combine(state.Directory("secrets"), $"{login}.pgpass");

    private static string PasswordOf(StateDirectory state, string login)
    {
        var file = SecretFile(state, login);
        if (!File.Exists(file))
            state.Write(file, $"*:*:*:{login}:{RandomNumberGenerator.GetHexString(32, lowercase: true)}\n", secret: true);
        return File.ReadAllText(file).Trim().Split(':')[^1];
    }

    private static NpgsqlConnectionStringBuilder Connection(string host, string passfile, string login) =>
        new() { Host = host, Username = login, Passfile = passfile };

    private static async Task InitializeAsync(StateDirectory state, string programs, ClusterOptions options, string data, CancellationToken ct)
    {
        // What an interrupted initdb left is no cluster, and initdb refuses a directory that is not empty.
        Directory.Delete(data, recursive: true);
        state.Directory([.. options.DataFolder]);
        var password = state.Write(Path.Combine(state.Directory("secrets"), "initdb-password"), PasswordOf(state, Superuser) + "\n", secret: true);
        var made = await Subprocess.RunAsync(
            state.User.Wrap([Path.Combine(programs, "initdb"), "--pgdata", data, "--username", Superuser, "--pwfile", password,
                "--auth-local", "scram-sha-256", "--auth-host", "reject", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]),
            state.Root, ct: ct);
        File.Delete(password);
        made.Require();
    }

    private static ProgramStart Postmaster(string programs, string data, string sockets, ClusterOptions options)
    {
        List<string> settings =
        [
            "listen_addresses=", $"unix_socket_directories={sockets}", "unix_socket_permissions=0700",
            $"max_connections={options.MaxConnections.ToString(CultureInfo.InvariantCulture)}", "timezone=UTC", "log_timezone=UTC", "lc_messages=C",
        ];
        if (options.SharedBuffers is { } megabytes) settings.Add(string.Create(CultureInfo.InvariantCulture, $"shared_buffers={megabytes}MB"));
        if (!options.Durable)
            // Nothing more than this: what a killed process had committed, or half written, must still be right.
            settings.Add("fsync=off");
        settings.AddRange(options.Settings);
        return new ProgramStart("postgres", [Path.Combine(programs, "postgres"), "-D", data, .. settings.SelectMany(setting => new[] { "-c", setting })])
        {
            // SIGTERM would wait for every client to leave by itself.
            StopSignal = UnixSignal.Interrupt,
        };
    }

    private static string NewestPrograms()
    {
        const string Installed = "/usr/lib/postgresql";
        var found = Directory.Exists(Installed)
            ? Directory.GetDirectories(Installed).Where(path => File.Exists(Path.Combine(path, "bin", "initdb"))).ToList()
            : [];
        var newest = found.MaxBy(Version) ?? throw new InvalidOperationException($"No PostgreSQL server is installed in {Installed}. Install it with: apt-get install postgresql");
        return Version(newest) >= OldestVersion
            ? Path.Combine(newest, "bin")
            : throw new InvalidOperationException($"PostgreSQL {Version(newest)} is too old; BlockList needs {OldestVersion} or newer. Install it with: apt-get install postgresql");

        static int Version(string path) => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var version) ? version : 0;
    }

    private static void RequireSameVersion(string programs, string data)
    {
        var made = File.ReadAllText(Path.Combine(data, "PG_VERSION")).Trim();
        var installed = Path.GetFileName(Path.GetDirectoryName(programs));
        if (made != installed)
            throw new InvalidOperationException($"{data} was made by PostgreSQL {made}, and {installed} is installed now. Remove that directory and start again; its data is for development only.");
    }

    private static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(Maintenance);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
