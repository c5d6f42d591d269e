using System.Globalization;
using System.Text.Json;
using BlockList.Tools.Commands;
using BlockList.Tools.Deployments;
using BlockList.Tools.Development;
using Npgsql;
using Xunit;

namespace BlockList.Scenarios;

/// <summary>The steps of the runbook after a database restore, on an installation of its own, with a copy of the log that an outsider
/// made by the runbook's commands: the agent goes on, and no key is replaced.</summary>
public sealed class RestoredDatabaseTests : IAsyncLifetime
{
    private const string List = DevelopmentKeys.WorstOf;
    private const string Backup = "backup";
    private static readonly string[] Stopped = ["publisher", "verifier", "distribution", "worker", "checker", "curation"];

    private readonly StateDirectory state = StateDirectory.Temporary();
    private DemoInstallation demo = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Deployment Deployment => demo.Deployment;

    public async ValueTask InitializeAsync()
    {
        demo = await DemoInstallation.StartAsync(state, new ClusterOptions { Durable = false, AlwaysPrivate = true }, preferUsualPorts: false, _ => { }, Ct);
        (await demo.Provider.EnrollAgentAsync(Ct)).Require();
    }

    public async ValueTask DisposeAsync()
    {
        if (demo is not null) await demo.DisposeAsync();
        state.Dispose();
    }

    [Fact]
    public async Task Agent_goes_on_after_a_restore_when_both_roles_resumed_and_no_key_was_replaced()
    {
        Prerequisite.Require(File.Exists("/usr/bin/curl"), "curl is not installed: apt-get install curl");
        await PublishAsync("kept.example");
        await StopAsync();
        await demo.Cluster.CopyDatabaseAsync(DemoInstallation.Database, Backup, Ct);
        await StartAsync();

        await PublishAsync("lost.example");
        await PublishAsync("lost-too.example");
        Assert.Equal(0, (await AgentAsync()).ExitCode);
        var seen = await VersionAsync();
        var copies = new Dictionary<string, string>();
        foreach (var list in DevelopmentKeys.Followed) copies.Add(list, await CopyLogAsync(list));

        // The database burns, and the backup takes its place. Whoever goes on as if nothing had happened gets nowhere.
        await StopAsync();
        await demo.Cluster.CopyDatabaseAsync(Backup, DemoInstallation.Database, Ct);
        await StartAsync();
        await DecideAsync("new.example");
        var refused = await Deployment.TryAsync("publisher", ["publish", "--list", List], Ct);
        Assert.Equal(4, refused.ExitCode);
        Assert.Contains($"blocklist publisher resume --list {List} --log DIR --serial {seen} --targets", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(4, (await AgentAsync()).ExitCode);
        Assert.Equal(seen, await VersionAsync());

        // Both resume, every list, and a second time finds nothing to do.
        await StopAsync("publisher");
        var targets = refused.Errors[(refused.Errors.LastIndexOf("--targets ", StringComparison.Ordinal) + "--targets ".Length)..].Split('"')[0];
        foreach (var list in DevelopmentKeys.Followed)
        {
            string[] numbers = list == List ? ["--serial", seen.ToString(CultureInfo.InvariantCulture), "--targets", targets] : [];
            Assert.Contains(list == List ? "signs list" : "nothing to do", await Deployment.RunAsync("verifier", ["verifier", "resume", "--list", list], Ct), StringComparison.Ordinal);
            Assert.Contains("goes on above version", await Deployment.RunAsync("publisher", ["publisher", "resume", "--list", list, "--log", copies[list], .. numbers], Ct), StringComparison.Ordinal);
            Assert.Contains("nothing to do", await Deployment.RunAsync("verifier", ["verifier", "resume", "--list", list], Ct), StringComparison.Ordinal);
            Assert.Contains("nothing to do", await Deployment.RunAsync("publisher", ["publisher", "resume", "--list", list, "--log", copies[list], .. numbers], Ct), StringComparison.Ordinal);
        }
        foreach (var list in DevelopmentKeys.Followed) await Deployment.RunAsync("publisher", ["publish", "--list", list], Ct);

        var agent = await AgentAsync();
        Assert.True(agent.ExitCode == 0, agent.Errors + agent.Output);
        Assert.Equal(seen + 1, await VersionAsync());
        var zone = await File.ReadAllTextAsync(demo.Provider.ZoneFile(List), Ct);
        // What was decided since the backup is lost, and has to be decided again.
        Assert.Contains("new.example", zone, StringComparison.Ordinal);
        Assert.Contains("kept.example", zone, StringComparison.Ordinal);
        Assert.DoesNotContain("lost.example", zone, StringComparison.Ordinal);

        // And from there on as ever, by a step.
        await Deployment.StartRoleAsync("publisher", Ct);
        await PublishAsync("lost.example");
        Assert.Equal(0, (await AgentAsync()).ExitCode);
        Assert.Equal(seen + 2, await VersionAsync());
        using var client = new ProviderClient(Deployment, demo.Provider);
        foreach (var list in DevelopmentKeys.Followed) await client.VerifyWholeAsync(list);
        await using var superuser = NpgsqlDataSource.Create(Deployment.SuperuserConnectionString);
        await using var command = superuser.CreateCommand("select count(*) from publishing.file where path like 'tuf/%.root.json' and path <> 'tuf/1.root.json'");
        Assert.Equal(0L, await command.ExecuteScalarAsync(Ct));
    }

    private Task<SubprocessResult> AgentAsync() => demo.Provider.AgentAsync(["apply"], Ct);

    private async Task<int> VersionAsync() => (await demo.Provider.StatusAsync(Ct)).GetProperty("lists").EnumerateArray()
        .Single(list => list.GetProperty("list").GetString() == List).GetProperty("version").GetInt32();

    private async Task StopAsync(params string[] roles)
    {
        foreach (var role in Deployment.Roles.Where(role => (roles.Length == 0 ? Stopped : roles).Contains(role.Name)).ToArray()) await role.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
    }

    private async Task StartAsync()
    {
        foreach (var role in Stopped) await Deployment.StartRoleAsync(role, Ct);
    }

    private async Task PublishAsync(string name)
    {
        await DecideAsync(name);
        await Deployment.RunAsync("publisher", ["publish", "--list", List], Ct);
    }

    private async Task DecideAsync(string name)
    {
        var file = state.Write(state.File("scenario.csv"), DemoList.Csv([(name, "domain")], TimeProvider.System.GetUtcNow().AddDays(-1)));
        var staged = await Deployment.RunAsync("curation", ["import", file, "--list", List, "--person", "anna", "--json"], Ct);
        await Deployment.RunAsync("curation", ["decide", "import", JsonDocument.Parse(staged).RootElement.GetProperty("import").GetString()!, "--passkey", Deployment.Cast["anna"].PasskeyFile], Ct);
        await Deployment.RunAsync("curation", ["decide", "review", "--list", List, "--name", name, "--passkey", Deployment.Cast["bram"].PasskeyFile], Ct);
    }

    /// <summary>The commands that the runbook gives to whoever keeps a copy, as they stand there.</summary>
    private async Task<string> CopyLogAsync(string list)
    {
        var runbook = await File.ReadAllTextAsync(Path.Combine(Checkout.Own().FullName, "docs", "runbook.md"), Ct);
        var block = runbook.Split("```sh\n").Skip(1).Select(text => text.Split("```")[0]).Single(text => text.Contains("tile/entries", StringComparison.Ordinal));
        var folder = state.Directory("outside", list);
        var bundle = demo.Provider.BundleDirectory;
        (await Subprocess.RunAsync(state.User.Wrap(["bash", "-euc", block]), folder, new Dictionary<string, string>
        {
            ["log"] = $"{Deployment.ServerAddress}/v1/{list}/log",
            ["certificate"] = $"--cacert {bundle}/ca.pem --cert {bundle}/certificate.pem --key {bundle}/key.pem",
        }, ct: Ct)).Require();
        return folder;
    }
}
