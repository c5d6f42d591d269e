using BlockList.Tools.Deployments;
using BlockList.Tools.Development;
using Xunit;

[assembly: AssemblyFixture(typeof(BlockList.Scenarios.Installation))]
// Scenarios share one installation and its lists; they take turns.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace BlockList.Scenarios;

/// <summary>One whole installation for all scenarios: real processes, real mutual TLS, a real resolver.</summary>
public sealed class Installation : IAsyncLifetime
{
    private DemoInstallation? installation;

    internal StateDirectory State { get; } = StateDirectory.Temporary();

    internal DemoInstallation Demo => installation!;

    internal Deployment Deployment => Demo.Deployment;

    internal DemoProvider Provider => Demo.Provider;

    public async ValueTask InitializeAsync()
    {
        var token = TestContext.Current.CancellationToken;
        installation = await DemoInstallation.StartAsync(State, new ClusterOptions { Durable = false, AlwaysPrivate = true }, preferUsualPorts: false, _ => { }, token);
        (await Provider.EnrollAgentAsync(token)).Require();
    }

    public async ValueTask DisposeAsync()
    {
        if (installation is not null) await installation.DisposeAsync();
        State.Dispose();
    }

    /// <summary>Lists names by two agencies of two countries, as people would; they are decided, not yet published.</summary>
    internal async Task ProposeAsync(params IEnumerable<string> names)
    {
        var token = TestContext.Current.CancellationToken;
        var file = State.Write(State.File("scenario.csv"), DemoList.Csv(names.Select(n => (n, "domain")), TimeProvider.System.GetUtcNow().AddDays(-1)));
        var staged = await Deployment.RunAsync("curation", ["import", file, "--list", DevelopmentKeys.WorstOf, "--person", "anna", "--json"], token);
        var import = System.Text.Json.JsonDocument.Parse(staged).RootElement.GetProperty("import").GetString()!;
        await Deployment.RunAsync("curation", ["decide", "import", import, "--passkey", Deployment.Cast["anna"].PasskeyFile], token);
    }

    internal Task ReviewAsync(params IEnumerable<string> names) => Deployment.RunAsync("curation",
        ["decide", "review", "--list", DevelopmentKeys.WorstOf, .. names.SelectMany(n => new[] { "--name", n }), "--passkey", Deployment.Cast["bram"].PasskeyFile], TestContext.Current.CancellationToken);

    internal Task<string> PublishAsync(string list = DevelopmentKeys.WorstOf) =>
        Deployment.RunAsync("publisher", ["publish", "--list", list], TestContext.Current.CancellationToken);
}
