using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BlockList.Format.Enrolment;
using BlockList.Server.Providers.Enrolling;
using BlockList.Server.Providers.Issuing;
using BlockList.Server.Roles;
using BlockList.Server.Tests.Database;
using BlockList.Server.Tests.Distribution;
using BlockList.Tools.Development;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Providers;

/// <summary>Portal and distribution as they run, and an issuer that answers when a test says so; each with its own login, over one database.</summary>
public sealed class EnrolmentWorld(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Passphrase = "passphrase of the tests";

    private readonly HttpClient _http = new();
    private NpgsqlDataSource? _issuerDatabase, _curationDatabase;
    private WebApplication? _portal;
    private LoggerFactory? _loggers;
    private IssuingAuthority? _authority;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public DistributionNode Node { get; } = new(postgres);

    public MigratedDatabase Database => Node.Database;

    internal IssueCertificates Issuer { get; private set; } = null!;

    internal IssuingOptions IssuingSettings { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Node.InitializeAsync();
        _portal = await StartPortalAsync();
        _loggers = new LoggerFactory([Node.Log]);
        using var key = Node.Clients.SelfWithKey.GetECDsaPrivateKey()!;
        IssuingSettings = new IssuingOptions
        {
            Authority = Node.Write("issuing.pem", Node.Clients.Certificate.ExportCertificatePem()),
            AuthorityKey = Node.Write("issuing.p8", key.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000))),
            PassphraseFile = Node.Write("issuing.pass", Passphrase + "\n"),
            Deployment = "test-deployment",
        };
        _authority = IssuingAuthority.Open(Options.Create(IssuingSettings));
        (_issuerDatabase, _curationDatabase) = (NpgsqlDataSource.Create(Database.Issuer), NpgsqlDataSource.Create(Database.Curation));
        Issuer = AnotherIssuer();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_portal is not null) await _portal.DisposeAsync();
        if (_issuerDatabase is not null) await _issuerDatabase.DisposeAsync();
        if (_curationDatabase is not null) await _curationDatabase.DisposeAsync();
        _authority?.Dispose();
        _loggers?.Dispose();
        await Node.DisposeAsync();
    }

    internal IssueCertificates AnotherIssuer() => new(_issuerDatabase!, _authority!, Node.Clock, _loggers!.CreateLogger<IssueCertificates>());

    /// <summary>Another process of the portal; the caller disposes it.</summary>
    internal async Task<WebApplication> StartPortalAsync(int enrolmentsPerHour = 1_000_000)
    {
        var port = FreePort.Pick(0).Port;
        var builder = RoleHost.CreateBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:ConnectionString"] = Database.Portal + ";Maximum Pool Size=4",
            ["Portal:Listen"] = $"127.0.0.1:{port}",
            ["Portal:Origin"] = $"http://localhost:{port}",
            ["Portal:Operator"] = "Operator of the tests",
            ["Portal:PostalAddress"] = "1 Test Street, 00000 Example",
            ["Portal:EnrolmentsPerHour"] = $"{enrolmentsPerHour}",
            ["Complaints:KeyFile"] = Node.Write("complaints-key", RandomNumberGenerator.GetHexString(64, lowercase: true)),
        });
        builder.Logging.ClearProviders().AddProvider(Node.Log);
        var app = PortalRole.Build(builder);
        await app.StartAsync(Ct);
        return app;
    }

    /// <summary>A provider without a certificate.</summary>
    internal Task<Guid> RegisterAsync() => Node.RegisterAsync(DistributionNode.List);

    internal async Task<EnrolmentCode> CodeAsync(Guid provider)
    {
        var outcome = await new MakeCode(MigratedDatabase.Contexts(Database.Curation), _curationDatabase!).RunAsync(provider.ToString(), "manager", Ct);
        return Assert.IsType<MakeCodeOutcome.Made>(outcome).Code;
    }

    /// <summary>Asks as an agent does.</summary>
    internal Task<HttpResponseMessage> AskAsync(EnrolmentCode code, AsymmetricAlgorithm key, byte[]? csr = null, WebApplication? portal = null) =>
        AskAsync(new { handle = code.Handle, proof = Convert.ToHexStringLower(code.ProofFor(key.ExportSubjectPublicKeyInfo())), csr = Convert.ToBase64String(csr ?? Csr(key)) }, portal);

    internal async Task<HttpResponseMessage> AskAsync(object body, WebApplication? portal = null)
    {
        using var content = JsonContent.Create(body);
        // Its length stands before it, as agents send it.
        await content.LoadIntoBufferAsync(Ct);
        return await _http.PostAsync(new Uri((portal ?? _portal!).Urls.Single() + "/enrol"), content, Ct);
    }

    /// <summary>Asked for, made, fetched.</summary>
    internal async Task<X509Certificate2> EnrolAsync(Guid provider, ECDsa? key = null)
    {
        var code = await CodeAsync(provider);
        using var made = key is null ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : null;
        var own = key ?? made!;
        Assert.Equal(HttpStatusCode.Accepted, (await AskAsync(code, own)).StatusCode);
        await Issuer.RunAsync(Ct);
        return await CertificateAsync(await AskAsync(code, own), own);
    }

    /// <summary>Of an answer that has one; with its key.</summary>
    internal static async Task<X509Certificate2> CertificateAsync(HttpResponseMessage response, ECDsa key)
    {
        Assert.Equal((HttpStatusCode.OK, "application/x-pem-file"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        using var certificate = X509Certificate2.CreateFromPem(await response.Content.ReadAsStringAsync(Ct));
        return certificate.CopyWithPrivateKey(key);
    }

    internal static byte[] Csr(AsymmetricAlgorithm key, string subject = "CN=blocklist-agent", params X509Extension[] extensions)
    {
        var request = key is RSA rsa ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
        foreach (var extension in extensions) request.CertificateExtensions.Add(extension);
        return request.CreateSigningRequest();
    }

    internal static Task<(string Code, string Detail)> ProblemAsync(HttpResponseMessage response, HttpStatusCode status) => ProviderConnection.ProblemAsync(response, status);

    internal async Task<string[]> AuditAsync(Guid provider) => await Database.ScalarAsync<string[]>(
        "select array_agg(login || ' ' || actor || ' ' || action order by id) from oversight.audit where subject = $1 and action <> 'provider.register'", provider.ToString()) ?? [];
}
