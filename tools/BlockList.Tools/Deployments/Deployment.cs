using System.Globalization;
using BlockList.Server.Data;
using BlockList.Tools.Development;
using Npgsql;

namespace BlockList.Tools.Deployments;

/// <summary>
/// A whole deployment on this machine: one database, one process and one database login for each role, each with a
/// configuration file that only the roles' user can read. Everything is done by the commands that an operator has.
/// </summary>
internal sealed class Deployment : IAsyncDisposable
{
    private const string Owner = "blocklist_migrate";
    private static readonly string[] Logins = ["curation", "publisher", "verifier", "distribution", "worker", "checker", "portal", "issuer"];

    private readonly StateDirectory state;
    private readonly PrivateCluster cluster;
    private readonly string database;
    private readonly List<ManagedProcess> roles = [];

    private Deployment(StateDirectory state, PrivateCluster cluster, string database, Programs programs, DemoCast cast, DevelopmentKeys keys, DevelopmentPki pki)
    {
        this.state = state;
        this.cluster = cluster;
        this.database = database;
        Programs = programs;
        Cast = cast;
        Keys = keys;
        Pki = pki;
    }

    public StateDirectory State => state;

    public Programs Programs { get; }

    public DemoCast Cast { get; }

    public DevelopmentKeys Keys { get; }

    public DevelopmentPki Pki { get; }

    /// <summary>Where providers connect; 0 until distribution runs.</summary>
    public int DistributionPort { get; private set; }

    public string ServerAddress => string.Create(CultureInfo.InvariantCulture, $"https://localhost:{DistributionPort}");

    /// <summary>Where people connect; 0 until curation runs.</summary>
    public int CurationPort { get; private set; }

    public string CurationAddress => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{CurationPort}");

    /// <summary>Where the public connects; 0 until the portal runs.</summary>
    public int PortalPort { get; private set; }

    public string PortalAddress => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{PortalPort}");

    public IReadOnlyList<ManagedProcess> Roles => roles;

    /// <summary>Where mails become files.</summary>
    public string MailFolder => state.Directory("mail");

    private string CurationSettings => $"""
        [Access]
        Deployment = {Keys.Deployment}
        RelyingPartyId = {DevelopmentKeys.RelyingParty.Id}
        Origin = {DevelopmentKeys.RelyingParty.Origin}
        # Everybody comes from this machine.
        AttemptsPerMinute = 100000
        AllAttemptsPerMinute = 1000000

        """;

    /// <summary>Database, schema, keys, register and roots; no process runs yet.</summary>
    public static async Task<Deployment> PrepareAsync(StateDirectory state, PrivateCluster cluster, string database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var cast = DemoCast.Prepare(state);
        var deployment = new Deployment(state, cluster, database, await Programs.StageAsync(state), cast, DevelopmentKeys.Prepare(state, cast, clock), DevelopmentPki.Open(state, [], clock));
        await deployment.CreateDatabaseAsync(cancellationToken);
        deployment.WriteConfigurations();
        await deployment.RunAsync("migrate", ["migrate"], cancellationToken);
        await deployment.SetPasswordsAsync(cancellationToken);
        await deployment.RunAsync("curation", ["register", deployment.Keys.RegisterFile, "--roots", deployment.Keys.RegisterRootsFile], cancellationToken);
        await deployment.RunAsync("curation", ["person", "add", "--file", state.Write(state.File("people.csv"), DemoCast.OthersAsCsv())], cancellationToken);
        foreach (var list in DevelopmentKeys.Lists)
        {
            await deployment.RunAsync("curation", ["schedule", "--list", list], cancellationToken);
            await deployment.RunAsync("publisher", ["publisher", "root", deployment.Keys.RootFile(list)], cancellationToken);
        }
        return deployment;
    }

    /// <summary>Starts every role that keeps running, and waits until each one answers.</summary>
    public async Task StartRolesAsync(int preferredPort, int preferredCurationPort, int preferredPortalPort, CancellationToken cancellationToken)
    {
        // Its mails lead to the public site.
        PortalPort = FreePort.Pick(preferredPortalPort).Port;
        WriteConfiguration("worker", $"""
            [Mail]
            From = BlockList <complaints@blocklist.example>
            Folder = {MailFolder}
            Site = {PortalAddress}
            [Alarms]
            MailTo = duty@blocklist.example
            [Health]
            Port = {FreePort.Pick(18082).Port}
            """);
        foreach (var role in new[] { "verifier", "publisher" }) await StartRoleAsync(role, cancellationToken);
        await StartDistributionAsync(preferredPort, cancellationToken);
        foreach (var role in new[] { "worker", "checker", "issuer" }) await StartRoleAsync(role, cancellationToken);
        await StartCurationAsync(preferredCurationPort, cancellationToken);
        await StartPortalAsync(PortalPort, cancellationToken);
    }

    /// <summary>Starts the endpoint of the providers.</summary>
    /// <param name="preferredPort">0 takes any.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="settings">More lines of the section <c>Distribution</c>.</param>
    public async Task<ManagedProcess> StartDistributionAsync(int preferredPort, CancellationToken cancellationToken, string settings = "")
    {
        DistributionPort = FreePort.Pick(preferredPort).Port;
        WriteConfiguration("distribution", $"""
            [Distribution]
            Listen = 127.0.0.1:{DistributionPort}
            Certificate = {Pki.ServerCertificateFile}
            CertificateKey = {Pki.ServerKeyFile}
            ClientCa = {Pki.ClientAuthorityFile}
            Deployment = {Keys.Deployment}
            {settings}
            """);
        return await StartRoleAsync("distribution", cancellationToken);
    }

    /// <summary>Starts the pages of the agencies, at an address where a browser gives passkeys.</summary>
    public async Task<ManagedProcess> StartCurationAsync(int preferredPort, CancellationToken cancellationToken)
    {
        CurationPort = FreePort.Pick(preferredPort).Port;
        WriteConfiguration("curation", CurationSettings + $"""
            [Curation]
            Listen = 127.0.0.1:{CurationPort}
            Origin = {CurationAddress}
            [Development]
            Passkeys = {state.Directory("passkeys")}
            {(DistributionPort == 0 ? "" : $"[Bundle]\nServer = {ServerAddress}\nEnrolment = {PortalAddress}\nAuthority = {Pki.ServerAuthorityFile}")}
            """);
        return await StartRoleAsync("curation", cancellationToken);
    }

    /// <summary>Starts the public site.</summary>
    /// <param name="preferredPort">0 takes any.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="complaints">More lines of the section <c>Complaints</c>.</param>
    public async Task<ManagedProcess> StartPortalAsync(int preferredPort, CancellationToken cancellationToken, string complaints = "")
    {
        PortalPort = FreePort.Pick(preferredPort).Port;
        var key = Path.Combine(state.Directory("secrets"), "complaints-key");
        if (!File.Exists(key)) state.Write(key, System.Security.Cryptography.RandomNumberGenerator.GetHexString(64, lowercase: true) + "\n", secret: true);
        WriteConfiguration("portal", $"""
            [Portal]
            Listen = 127.0.0.1:{PortalPort}
            Origin = {PortalAddress}
            Operator = BlockList (demonstration)
            PostalAddress = BlockList, Complaints, 1 Example Street, 00000 Example
            # Everybody comes from this machine.
            PostsPerMinute = 1000000
            EnrolmentsPerHour = 1000000
            ComplaintsPerHour = 1000000
            LinksPerMinute = 1000000
            [Complaints]
            KeyFile = {key}
            {complaints}
            """);
        return await StartRoleAsync("portal", cancellationToken);
    }

    public async Task<ManagedProcess> StartRoleAsync(string role, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? environment = null)
    {
        var process = await ManagedProcess.StartAsync(state, new ProgramStart(role, Programs.Server(role, "--config", ConfigurationOf(role)))
        {
            Environment = environment ?? new Dictionary<string, string>(),
        }, cancellationToken);
        roles.Add(process);
        await process.WaitForLineAsync(line => line.Contains("listen", StringComparison.OrdinalIgnoreCase), TimeSpan.FromSeconds(60), cancellationToken);
        return process;
    }

    /// <summary>Adds settings to a running role's configuration, and starts it anew.</summary>
    public async Task ReconfigureAsync(string role, string settings, CancellationToken cancellationToken)
    {
        state.Write(ConfigurationOf(role), await File.ReadAllTextAsync(ConfigurationOf(role), cancellationToken) + settings, secret: true);
        var running = roles.Single(process => process.Name == role);
        await running.DisposeAsync();
        roles.Remove(running);
        await StartRoleAsync(role, cancellationToken);
    }

    /// <summary>Runs one command to its end, under a role's login, as the unprivileged user.</summary>
    public async Task<string> RunAsync(string role, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        (await TryAsync(role, arguments, cancellationToken)).Require().Output;

    public Task<SubprocessResult> TryAsync(string role, IReadOnlyList<string> arguments, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? environment = null) =>
        Subprocess.RunAsync(state.User.Wrap(Programs.Server([.. arguments, "--config", ConfigurationOf(role)])), state.Root, environment, ct: cancellationToken);

    public Task<SubprocessResult> AgentAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? environment = null) =>
        Subprocess.RunAsync(state.User.Wrap(Programs.Agent(arguments)), state.Root, environment, ct: cancellationToken);

    public string SuperuserConnectionString => cluster.SuperuserConnectionString(database);

    public string ConnectionString(string login) => cluster.ConnectionString("blocklist_" + login, database);

    public string ConfigurationOf(string role) => Path.Combine(state.Directory("config"), role + ".ini");

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(roles.Select(r => r.DisposeAsync().AsTask()));
        Pki.Dispose();
    }

    private async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var maintenance = NpgsqlDataSource.Create(cluster.SuperuserConnectionString("postgres"));
        await ExecuteAsync(maintenance, $"""
            do $$ begin
              if not exists (select from pg_roles where rolname = '{Owner}') then create role {Owner} login createrole; end if;
              alter role {Owner} password '{cluster.PasswordOf(Owner)}';
            end $$
            """, cancellationToken);
        await using var exists = maintenance.CreateCommand("select exists (select from pg_database where datname = $1)");
        exists.Parameters.AddWithValue(database);
        if (!(bool)(await exists.ExecuteScalarAsync(cancellationToken))!) await cluster.CreateDatabaseAsync(database, ct: cancellationToken);
        await ExecuteAsync(maintenance, $"alter database \"{database}\" owner to {Owner}", cancellationToken);
    }

    private async Task SetPasswordsAsync(CancellationToken cancellationToken)
    {
        await using var superuser = NpgsqlDataSource.Create(SuperuserConnectionString);
        foreach (var login in Logins) await ExecuteAsync(superuser, $"alter role blocklist_{login} password '{cluster.PasswordOf("blocklist_" + login)}'", cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private void WriteConfigurations()
    {
        WriteConfiguration("migrate", "");
        WriteConfiguration("curation", CurationSettings);
        WriteConfiguration("publisher", $"""
            [Publishing]
            Register = {Keys.RegisterFile}
            RegisterRoots = {Keys.RegisterRootsFile}
            LedgerKeyFile = {Keys.LedgerKeyFile}
            ServerCa = {Pki.ServerAuthorityFile}
            SweepSeconds = 2
            [Signing]
            Directory = {Keys.OnlineFolder}
            PassphraseFile = {Keys.PassphraseFile}
            [Health]
            Port = {FreePort.Pick(18081).Port}
            """);
        // Each role has its own copy of what it goes by, and its own keys.
        WriteConfiguration("verifier", $"""
            [Verifying]
            Register = {Keys.VerifierRegisterFile}
            RegisterRoots = {Keys.VerifierRootsFile}
            Directory = {Path.Combine(Keys.VerifierFolder, "keys")}
            PassphraseFile = {Keys.VerifierPassphraseFile}
            RecordKeyFile = {Keys.VerifierRecordKeyFile}
            RecordFile = {Keys.VerifierRecordFile}
            [Health]
            Port = {FreePort.Pick(18086).Port}
            """);
        var passphrase = Path.Combine(state.Directory("secrets"), "issuer-passphrase");
        if (!File.Exists(passphrase)) state.Write(passphrase, System.Security.Cryptography.RandomNumberGenerator.GetHexString(32, lowercase: true) + "\n", secret: true);
        WriteConfiguration("issuer", $"""
            [Issuing]
            Authority = {Pki.ClientAuthorityFile}
            AuthorityKey = {state.Write(Path.Combine(state.Directory("secrets"), "client-ca.p8"), Pki.ClientAuthority.EncryptedKeyPem(File.ReadLines(passphrase).First()), secret: true)}
            PassphraseFile = {passphrase}
            Deployment = {Keys.Deployment}
            [Health]
            Port = {FreePort.Pick(18087).Port}
            """);
        WriteConfiguration("checker", $"""
            [Health]
            Port = {FreePort.Pick(18083).Port}
            """);
    }

    private void WriteConfiguration(string role, string settings)
    {
        // Small pools: every process of every role has one.
        var connectionString = cluster.ConnectionString("blocklist_" + role, database) + ";Maximum Pool Size=8";
        state.Write(ConfigurationOf(role),
            $"; Written by the development tools; a role reads nothing else.\n[{DatabaseOptions.Section}]\nConnectionString = {connectionString}\n{settings}\n", secret: true);
    }
}
