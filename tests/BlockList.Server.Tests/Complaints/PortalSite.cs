using System.Globalization;
using System.Security.Cryptography;
using BlockList.Server.Roles;
using BlockList.Server.Tests.Database;
using BlockList.Server.Tests.Web;
using BlockList.Tools.Development;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Complaints;

/// <summary>The portal as it runs: Kestrel on loopback and its own login. As a class fixture.</summary>
public sealed class PortalSite(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly StateDirectory _state = StateDirectory.Temporary();
    private WebApplication? _app;
    private int _files;
    private static int _names;

    public MigratedDatabase Database { get; } = new(postgres);

    internal SettableClock Clock { get; } = new();

    internal CapturedLog Log { get; } = new();

    internal WebApplication App => _app!;

    internal string KeyFile { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await Database.InitializeAsync();
        KeyFile = _state.Write(_state.File("complaints-key"), RandomNumberGenerator.GetHexString(64, lowercase: true), secret: true);
        _app = await StartAsync();
        await Database.ExecuteAsync("insert into criteria.list (id, agencies_needed, countries_needed, lease_months) values ('worst-of', 2, 2, 3)");
        foreach (var version in new[] { 1, 2 })
            await Database.ExecuteAsync("insert into criteria.version (list, version, sha256, decided_by_curator, text) values ('worst-of', $1, $2, '{c1}', $3)", version, version.ToString(CultureInfo.InvariantCulture).PadLeft(64, '0'),
                version == 1 ? BlockList.Server.Criteria.CriteriaTexts.Read("worst-of.1") : "Criteria, version 2\n\nC1  A criterion that nobody translated.\n");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        await Database.DisposeAsync();
        _state.Dispose();
    }

    internal Dictionary<string, string?> Settings(int port) => new()
    {
        ["Database:ConnectionString"] = Database.Portal + ";Maximum Pool Size=6",
        ["Portal:Listen"] = $"127.0.0.1:{port}",
        ["Portal:Origin"] = $"http://localhost:{port}",
        ["Portal:Operator"] = "Operator of the tests",
        ["Portal:PostalAddress"] = "1 Test Street, 00000 Example",
        ["Portal:PostsPerMinute"] = "1000000",
        ["Portal:ComplaintsPerHour"] = "1000000",
        ["Portal:LinksPerMinute"] = "1000000",
        ["Complaints:KeyFile"] = KeyFile,
        // Tests do the work in a moment.
        ["Complaints:WorkBits"] = "8",
        ["Complaints:BusyPerMinute"] = "100000",
    };

    /// <summary>Another process of the role over the same database; the caller disposes it.</summary>
    internal async Task<WebApplication> StartAsync(params (string Setting, string Value)[] changes)
    {
        var builder = RoleHost.CreateBuilder(null);
        builder.Configuration.AddInMemoryCollection(Settings(FreePort.Pick(0).Port)).AddInMemoryCollection(changes.Select(change => KeyValuePair.Create(change.Setting, (string?)change.Value)));
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Logging.ClearProviders().AddProvider(Log);
        var app = PortalRole.Build(builder);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    /// <summary>A file of settings as an operator has it.</summary>
    internal string Write(IReadOnlyDictionary<string, string?> settings) => _state.Write(_state.File($"portal-{Interlocked.Increment(ref _files)}.ini"), IniFile.Of(settings), secret: true);

    internal Browser Open(WebApplication? app = null) => new(CurationSite.AddressOf(app ?? App), Log);

    /// <summary>A domain that no other test complains about.</summary>
    internal static string NewName => $"complaint{Interlocked.Increment(ref _names)}.example";

    /// <summary>Somebody who is about to fill in the form; the caller disposes them.</summary>
    internal Complainant Complain(string language = "en", WebApplication? app = null) => new(Open(app), language);

    /// <summary>Puts a published entry where the publisher would.</summary>
    /// <param name="line">As in a list file: <c>=host.example</c> or <c>domain.example</c>.</param>
    /// <param name="removedAt">When a version without it was published; null while it stands.</param>
    internal async Task PublishAsync(string line, DateTimeOffset? removedAt = null)
    {
        await using var connection = await Database.Superuser.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var serial = 1 + await ScalarAsync(connection, "select coalesce(max(serial), 0) from publishing.version");
        var now = Clock.GetUtcNow();
        await RunAsync(connection, "set session_replication_role = replica");
        await VersionAsync(connection, serial, now.AddDays(-30));
        if (removedAt is { } at) await VersionAsync(connection, serial + 1, at);
        await RunAsync(connection, "insert into publishing.entry (list, line, added_serial, removed_serial) values ('worst-of', $1, $2, $3)", line, serial, removedAt is null ? DBNull.Value : serial + 1);
        await RunAsync(connection, "set session_replication_role = origin");
    }

    private static Task VersionAsync(NpgsqlConnection connection, int serial, DateTimeOffset at) => RunAsync(connection, """
        insert into publishing.version (list, serial, ledger_position, evaluated_at, published_at, register_version, suffixes_sha256, parameters, list_sha256, count, added, removed, salt)
        values ('worst-of', $1, 1, $2, $2, 1, '', '{}', '', 0, 0, 0, '')
        """, serial, at);

    private static async Task<int> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (int)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters) command.Parameters.AddWithValue(parameter);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
