using System.IO.Compression;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using BlockList.Format;
using BlockList.Server.Http.ClientCertificates;
using BlockList.Server.Providers;
using BlockList.Server.Roles;
using BlockList.Server.Tests.Database;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Distribution;

/// <summary>The role as it runs, on a free port of loopback with its own login, over a database of its own.</summary>
public sealed class DistributionNode(PostgresFixture postgres) : IAsyncLifetime
{
    public const string List = "worst-of";
    public const string OtherList = "national";

    private readonly string _directory = Directory.CreateTempSubdirectory("bl-tls-").FullName;
    private readonly TestAuthority _clients = new("Clients of the test");
    private readonly TestAuthority _servers = new("Servers of the test");
    private WebApplication? _app;
    private int _providers;

    public MigratedDatabase Database { get; } = new(postgres);

    internal TestAuthority Clients => _clients;

    internal TestAuthority Servers => _servers;

    internal X509Certificate2 ServerAuthority => _servers.Certificate;

    internal SettableClock Clock { get; } = new();

    internal CapturedLog Log { get; } = new();

    public Uri Address => AddressOf(_app!);

    public async ValueTask InitializeAsync()
    {
        await Database.InitializeAsync();
        await Database.ExecuteAsync("insert into criteria.list (id, agencies_needed, countries_needed, lease_months) values ($1, 2, 2, 3), ($2, 1, 1, 3)", List, OtherList);
        _app = Build(100_000);
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        await Database.DisposeAsync();
        _clients.Dispose();
        _servers.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Another node over the same database; the caller starts and disposes it.</summary>
    internal WebApplication Build(int requestsPerMinute, Dictionary<string, string?>? changes = null)
    {
        var builder = RoleHost.CreateBuilder(null);
        builder.Configuration.AddInMemoryCollection(WriteSettings(requestsPerMinute)).AddInMemoryCollection(changes);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Logging.ClearProviders().AddProvider(Log);
        return DistributionRole.Build(builder);
    }

    /// <summary>Writes the TLS files anew and names them.</summary>
    internal Dictionary<string, string?> WriteSettings(int requestsPerMinute = 600)
    {
        using var server = _servers.Server();
        return new Dictionary<string, string?>
        {
            ["Database:ConnectionString"] = Database.Distribution,
            ["Distribution:Listen"] = "127.0.0.1:0",
            ["Distribution:Certificate"] = Write("server.pem", server.ExportCertificatePem()),
            ["Distribution:CertificateKey"] = Write("server.key", server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
            ["Distribution:ClientCa"] = Write("clients.pem", _clients.Certificate.ExportCertificatePem()),
            ["Distribution:Deployment"] = "test-deployment",
            ["Distribution:RequestsPerMinute"] = $"{requestsPerMinute}",
        };
    }

    /// <summary>By name, as the server's certificate is checked for it.</summary>
    internal static Uri AddressOf(WebApplication app) => new(app.Urls.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

    /// <summary>A file that goes with this node; returns its path.</summary>
    internal string Write(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }

    internal ProviderConnection Connect(X509Certificate2? certificate, Uri? address = null) => new(address ?? Address, _servers.Certificate, certificate);

    /// <summary>A connection of a new provider that may read <paramref name="lists"/>, with a certificate that is enrolled.</summary>
    internal async Task<ProviderConnection> ConnectProviderAsync(params string[] lists) => Connect(await EnrolAsync(await RegisterAsync(lists)));

    internal async Task<Guid> RegisterAsync(params string[] lists)
    {
        var request = new RegisterProviderRequest($"Provider {Interlocked.Increment(ref _providers)}", "noc@provider.example", lists);
        var outcome = await new RegisterProvider(MigratedDatabase.Contexts(Database.Curation), Clock).RunAsync(request, "test", TestContext.Current.CancellationToken);
        return Assert.IsType<RegisterProviderOutcome.Registered>(outcome).Id;
    }

    internal async Task<X509Certificate2> EnrolAsync(Guid provider, X509Certificate2? certificate = null, string? renewedFrom = null)
    {
        certificate ??= _clients.Issue("provider");
        var request = new EnrolCertificateRequest(provider.ToString(), certificate.ExportCertificatePem(), renewedFrom);
        var outcome = await new EnrolCertificate(MigratedDatabase.Contexts(Database.Curation), Clock).RunAsync(request, "test", TestContext.Current.CancellationToken);
        Assert.Equal(ClientCertificate.Sha256(certificate), Assert.IsType<EnrolCertificateOutcome.Enrolled>(outcome).Sha256);
        return certificate;
    }

    internal async Task RevokeAsync(string sha256)
    {
        var outcome = await new RevokeCertificate(MigratedDatabase.Contexts(Database.Curation), Clock).RunAsync(new RevokeCertificateRequest.One(sha256), "test", TestContext.Current.CancellationToken);
        Assert.IsType<RevokeCertificateOutcome.Revoked>(outcome);
    }

    /// <summary>As the publisher writes it, by its login.</summary>
    internal async Task PublishAsync(string path, byte[] content, bool compressed = true, string list = List) => await PublisherAsync(
        "insert into publishing.file (list, path, sha256, content, brotli, gzip) values ($1, $2, $3, $4, $5, $6)",
        list, path, Hashes.Sha256(content), content, compressed ? Brotli(content) : DBNull.Value, compressed ? Gzip(content) : DBNull.Value);

    internal async Task PublishTimestampAsync(int version, byte[] content, string list = List) => await PublisherAsync("""
        insert into publishing.head (list, serial, root_version, targets_version, snapshot_version, timestamp_version,
          timestamp_content, timestamp_brotli, timestamp_gzip, targets_signed_at, snapshot_signed_at, timestamp_signed_at)
        values ($1, 1, 1, 1, 1, $2, $3, $4, $5, now(), now(), now())
        on conflict (list) do update set timestamp_version = $2, timestamp_content = $3, timestamp_brotli = $4, timestamp_gzip = $5
        """, list, version, content, Brotli(content), Gzip(content));

    /// <summary>A version whose targets say whether it is urgent; the other files of it are left out.</summary>
    internal async Task PublishHeadAsync(int serial, bool urgent = false, int? targetsVersion = null, string list = List)
    {
        var targets = targetsVersion ?? serial;
        await PublishAsync($"tuf/{targets}.targets.json", Encoding.ASCII.GetBytes(
            string.Concat("""{"signed":{"targets":{"list.txt":{"custom":{"urgent":""", urgent ? "true" : "false", "}}}}}")), compressed: false, list);
        await PublisherAsync("""
            insert into publishing.head (list, serial, root_version, targets_version, snapshot_version, timestamp_version,
              timestamp_content, timestamp_brotli, timestamp_gzip, targets_signed_at, snapshot_signed_at, timestamp_signed_at)
            values ($1, $2, 1, $3, 1, 1, ''::bytea, ''::bytea, ''::bytea, now(), now(), now())
            on conflict (list) do update set serial = $2, targets_version = $3
            """, list, serial, targets);
    }

    internal async Task<IReadOnlyList<DownloadRow>> RowsAsync(string certificateSha256)
    {
        await using var command = Database.Superuser.CreateCommand("select provider_id, list, path, status, refusal, bytes from distribution.download where certificate_sha256 = $1 order by id");
        command.Parameters.AddWithValue(certificateSha256);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<DownloadRow>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            rows.Add(new DownloadRow(reader[0] as Guid?, reader[1] as string, reader.GetString(2), reader.GetInt32(3), reader[4] as string, reader.GetInt64(5)));
        return rows;
    }

    internal static byte[] Brotli(byte[] content) => Compress(content, s => new BrotliStream(s, CompressionLevel.SmallestSize));

    internal static byte[] Gzip(byte[] content) => Compress(content, s => new GZipStream(s, CompressionLevel.SmallestSize));

    private static byte[] Compress(byte[] content, Func<Stream, Stream> open)
    {
        using var output = new MemoryStream();
        using (var stream = open(output)) stream.Write(content);
        return output.ToArray();
    }

    private async Task PublisherAsync(string sql, params object[] parameters)
    {
        await using var connection = new NpgsqlConnection(Database.Publisher);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter is DBNull ? new NpgsqlParameter { Value = parameter, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea } : new NpgsqlParameter { Value = parameter });
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
