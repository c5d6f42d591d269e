using BlockList.Server.Access;
using BlockList.Server.Curation;
using BlockList.Server.Roles;
using BlockList.Server.Tests.Database;
using BlockList.Tools.Deployments;
using BlockList.Tools.Development;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>
/// The curation role as it runs: Kestrel on loopback, its own login, the demo register, the demo people and a software
/// passkey for each who decides. As a class fixture; <see cref="SignInAsync"/> gives a browser with a session.
/// </summary>
public sealed class CurationSite(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly StateDirectory _state = StateDirectory.Temporary();
    private WebApplication? _app;

    public MigratedDatabase Database { get; } = new(postgres);

    internal SettableClock Clock { get; } = new();

    internal CapturedLog Log { get; } = new();

    internal DemoCast Cast { get; private set; } = null!;

    internal DevelopmentKeys Keys { get; private set; } = null!;

    /// <summary>Of the running role, for what a test arranges through a use case.</summary>
    internal IServiceProvider Services => _app!.Services;

    internal WebApplication App => _app!;

    public async ValueTask InitializeAsync()
    {
        await Database.InitializeAsync();
        Cast = DemoCast.Prepare(_state);
        Keys = DevelopmentKeys.Prepare(_state, Cast, Clock);
        _app = await StartAsync();
        await Services.GetRequiredService<LoadRegisterCopy>().RunAsync(Keys.ComposeRegister(Cast, 1), TestContext.Current.CancellationToken);
        foreach (var person in DemoCast.Others)
            Assert.IsType<AddPersonOutcome.Added>(await Services.GetRequiredService<AddPerson>().RunAsync(new AddPersonRequest(person.Id, person.Name, person.Agency, person.Roles), "operator:test", TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        await Database.DisposeAsync();
        _state.Dispose();
    }

    /// <summary>Another process of the role over the same database; the caller disposes it.</summary>
    internal async Task<WebApplication> StartAsync(params (string Setting, string Value)[] changes)
    {
        // Not port 0: the origin that people use must be known before it listens.
        var port = FreePort.Pick(0).Port;
        var builder = RoleHost.CreateBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:ConnectionString"] = Database.Curation + ";Maximum Pool Size=6",
            ["Access:Deployment"] = Keys.Deployment,
            ["Access:RelyingPartyId"] = DevelopmentKeys.RelyingParty.Id,
            ["Access:Origin"] = DevelopmentKeys.RelyingParty.Origin,
            ["Curation:Listen"] = $"127.0.0.1:{port}",
            ["Curation:Origin"] = $"http://localhost:{port}",
            // One address does the work of all people here.
            ["Access:AttemptsPerMinute"] = "100000",
            ["Access:AllAttemptsPerMinute"] = "1000000",
            ["Development:Passkeys"] = _state.Directory("passkeys"),
        }).AddInMemoryCollection(changes.Select(change => KeyValuePair.Create(change.Setting, (string?)change.Value)));
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Logging.ClearProviders().AddProvider(Log);
        var app = CurationWeb.Build(builder);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    /// <summary>A browser of someone who is not signed in.</summary>
    internal Browser Open(WebApplication? app = null) => new(AddressOf(app ?? App), Log);

    /// <summary>A browser in which the person has signed in through the development page.</summary>
    internal async Task<Browser> SignInAsync(string person, WebApplication? app = null)
    {
        var browser = Open(app);
        await browser.SignInAsDemoPersonAsync(person);
        return browser;
    }

    /// <summary>A person beside the demo cast, for a test that changes them.</summary>
    internal async Task<string> AddPersonAsync(string id, string? agency, params string[] roles)
    {
        await Database.ExecuteAsync("insert into access.person (id, agency, name, roles) values ($1, nullif($2, ''), $1, $3)", id, agency ?? "", roles);
        return id;
    }

    /// <summary>By name: passkeys are made for a name and not for an address.</summary>
    internal static Uri AddressOf(WebApplication app) => new(app.Urls.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
}
