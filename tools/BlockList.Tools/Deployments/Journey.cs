using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using BlockList.Agent.Dns;

namespace BlockList.Tools.Deployments;

/// <summary>
/// One domain's way through the whole house, without a person: proposed, assessed by a second agency, published, fetched
/// over mutual TLS, blocked by a real resolver, removed, and free again. Each step is timed and proves itself.
/// </summary>
internal sealed class Journey(Deployment deployment, DemoProvider provider, TimeProvider clock, Action<string> report)
{
    private const string List = DevelopmentKeys.WorstOf;
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);

    /// <exception cref="InvalidOperationException">A step did not show what it must.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await StepAsync("the agent enrols with its bundle", async () => (await provider.EnrollAgentAsync(cancellationToken)).Require());
        await StepAsync($"{DemoList.Followed} resolves before it is listed", () => ExpectAsync(resolves: true, cancellationToken, DemoList.Followed, DemoList.BelowFollowed, DemoList.Neighbour));
        await StepAsync("an agency of NO imports and signs a batch of proposals", () => ProposeAsync(cancellationToken));
        await StepAsync("a version is published: one agency is not enough", () => PublishAsync(expectListed: false, cancellationToken));
        await StepAsync("an agency of NL assesses the entries and signs", () => deployment.RunAsync("curation", ["decide", "review", "--list", List, "--passkey", deployment.Cast["bram"].PasskeyFile], cancellationToken));
        await StepAsync("a version is published: two agencies of two countries are", () => PublishAsync(expectListed: true, cancellationToken));
        await StepAsync("the agent fetches over mutual TLS, verifies and applies", () => ApplyAsync(cancellationToken));
        await StepAsync($"{DemoList.Followed} and what is below it are blocked", () => ExpectAsync(resolves: false, cancellationToken, DemoList.Followed, DemoList.BelowFollowed));
        await StepAsync("its neighbour still resolves", () => ExpectAsync(resolves: true, cancellationToken, DemoList.Neighbour));
        await StepAsync($"{DemoList.Host} is blocked as a host, its customer resolves", async () =>
        {
            await ExpectAsync(resolves: false, cancellationToken, DemoList.Host);
            await ExpectAsync(resolves: true, cancellationToken, DemoList.BelowHost);
        });
        await StepAsync("the test list's newest name is blocked, the one before is free", () => CheckTestListAsync(cancellationToken));
        await StepAsync("a release officer removes the entry", () => deployment.RunAsync("curation", ["decide", "remove", "--list", List, "--name", DemoList.Followed, "--note", "demo", "--passkey", deployment.Cast["olav"].PasskeyFile], cancellationToken));
        await StepAsync("a version without it is published", () => PublishAsync(expectListed: false, cancellationToken));
        await StepAsync("the agent applies it", () => ApplyAsync(cancellationToken));
        await StepAsync($"{DemoList.Followed} resolves again", () => ExpectAsync(resolves: true, cancellationToken, DemoList.Followed, DemoList.BelowFollowed, DemoList.Neighbour));
        await StepAsync("every audit row is sealed and the chain holds", () => VerifyAuditAsync(cancellationToken));
    }

    private async Task ProposeAsync(CancellationToken cancellationToken)
    {
        var csv = deployment.State.Write(deployment.State.File("demo.csv"), DemoList.Csv(
            DemoList.Others.Append(DemoList.Followed).Select(n => (n, "domain")).Append((DemoList.Host, "host")), clock.GetUtcNow().AddDays(-1)));
        await deployment.RunAsync("curation", ["import", csv, "--list", List, "--person", "anna", "--dry-run", "--skip-known"], cancellationToken);
        var staged = await deployment.RunAsync("curation", ["import", csv, "--list", List, "--person", "anna", "--skip-known", "--json"], cancellationToken);
        var import = JsonDocument.Parse(staged).RootElement.GetProperty("import").GetString()
            ?? throw new InvalidOperationException("Everything in the demo file was proposed before; remove .local to start from nothing.");
        await deployment.RunAsync("curation", ["decide", "import", import, "--passkey", deployment.Cast["anna"].PasskeyFile], cancellationToken);
    }

    private async Task PublishAsync(bool expectListed, CancellationToken cancellationToken)
    {
        foreach (var list in DevelopmentKeys.Lists) await deployment.RunAsync("publisher", ["publish", "--list", list], cancellationToken);
        var entries = await deployment.RunAsync("curation", ["entries", "--list", List, "--reader", "anna"], cancellationToken);
        var published = entries.Split('\n').Any(line => line.StartsWith(DemoList.Followed + "\t", StringComparison.Ordinal) && line.Contains("published since", StringComparison.Ordinal));
        if (published != expectListed) throw new InvalidOperationException($"{DemoList.Followed} is {(published ? "" : "not ")}in the published list.");
    }

    private async Task ApplyAsync(CancellationToken cancellationToken) => (await provider.AgentAsync(["apply"], cancellationToken)).Require();

    private async Task ExpectAsync(bool resolves, CancellationToken cancellationToken, params string[] names)
    {
        foreach (var name in names)
        {
            var answer = await DnsProbe.QueryAsync(provider.Resolver.Address, name, DnsType.A, ProbeTimeout, cancellationToken);
            var expected = resolves ? answer.Addresses.Contains(ExpectedAddress(name)) : answer.RCode == 3;
            if (!expected)
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{name} answered code {answer.RCode} with {answer.Addresses.Count} addresses; it should {(resolves ? "resolve" : "be blocked")}."));
        }
    }

    private static IPAddress ExpectedAddress(string name) => DemoList.Zone.TryGetValue(name, out var address) ? address : DemoList.Zone["*.enforcement-test.example"];

    private async Task CheckTestListAsync(CancellationToken cancellationToken)
    {
        var status = await provider.StatusAsync(cancellationToken);
        var version = status.GetProperty("lists").EnumerateArray().Single(l => l.GetProperty("list").GetString() == DevelopmentKeys.EnforcementTest).GetProperty("version").GetInt32();
        await ExpectAsync(resolves: false, cancellationToken, string.Create(CultureInfo.InvariantCulture, $"t{version}.enforcement-test.example"));
        await ExpectAsync(resolves: true, cancellationToken, string.Create(CultureInfo.InvariantCulture, $"t{version - 1}.enforcement-test.example"));
    }

    private async Task VerifyAuditAsync(CancellationToken cancellationToken)
    {
        await using var superuser = Npgsql.NpgsqlDataSource.Create(deployment.SuperuserConnectionString);
        await using var unsealed = superuser.CreateCommand("select count(*) from oversight.audit where seal_id is null and at < clock_timestamp() - interval '5 seconds'");
        if (await unsealed.ExecuteScalarAsync(cancellationToken) is not 0L) throw new InvalidOperationException("Audit rows older than five seconds are not sealed.");
        await deployment.RunAsync("worker", ["worker", "verify-audit"], cancellationToken);
    }

    private async Task StepAsync(string what, Func<Task> run)
    {
        var started = Stopwatch.GetTimestamp();
        await run();
        report(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds,6:F1} s  {what}"));
    }
}
