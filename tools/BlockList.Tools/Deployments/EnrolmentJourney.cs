using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using BlockList.Agent.Dns;

namespace BlockList.Tools.Deployments;

/// <summary>How a provider comes to a blocking resolver by a code: what the operator types, what the provider types, and how long it takes.</summary>
internal sealed class EnrolmentJourney(Deployment deployment, NewProvider provider, Action<string> report)
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);
    private readonly long began = Stopwatch.GetTimestamp();

    /// <summary>Commands and deeds of the operator.</summary>
    public int OperatorSteps { get; private set; }

    /// <summary>Those of the provider.</summary>
    public int ProviderSteps { get; private set; }

    /// <summary>From the first step to the end of the last.</summary>
    public TimeSpan Took { get; private set; }

    /// <exception cref="InvalidOperationException">A step did not show what it must.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var code = "";
        OperatorSteps += await StepAsync("operator: registers the provider", () => deployment.RunAsync("curation",
            ["provider", "register", provider.Name, "--contact", $"noc@{provider.Name}.example", .. DevelopmentKeys.Followed.SelectMany(list => new[] { "--list", list })], cancellationToken));
        OperatorSteps += await StepAsync("operator: makes a code, and says it by telephone", async () =>
            code = JsonDocument.Parse(await deployment.RunAsync("curation", ["provider", "code", provider.Name, "--json"], cancellationToken)).RootElement.GetProperty("code").GetString()!);
        OperatorSteps += await StepAsync("operator: hands over the bundle, which holds no key", () => provider.TakeBundleAsync(cancellationToken));
        ProviderSteps += await StepAsync("provider: blocklist-agent enroll --code", async () => (await provider.EnrollAsync(code, cancellationToken)).Require());
        ProviderSteps += await StepAsync("provider: blocklist-agent apply", async () => (await provider.AgentAsync(["apply"], cancellationToken)).Require());
        await StepAsync("the resolver blocks the test list's newest name and no other", () => ProbeAsync(cancellationToken));
        Took = Stopwatch.GetElapsedTime(began);
        report(string.Create(CultureInfo.InvariantCulture, $"{OperatorSteps} steps of the operator, {ProviderSteps} of the provider, {Took.TotalMinutes:F1} minutes of machines"));
    }

    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        var status = JsonDocument.Parse((await provider.AgentAsync(["status", "--json"], cancellationToken)).Output).RootElement;
        var version = status.GetProperty("lists").EnumerateArray().Single(list => list.GetProperty("list").GetString() == DevelopmentKeys.EnforcementTest).GetProperty("version").GetInt32();
        foreach (var (name, blocked) in new[] { (Name(version), true), (Name(version - 1), false) })
        {
            var answer = await DnsProbe.QueryAsync(provider.Resolver.Address, name, DnsType.A, ProbeTimeout, cancellationToken);
            if (blocked != (answer.RCode == 3)) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{name} answered code {answer.RCode}; it should {(blocked ? "be blocked" : "resolve")}."));
        }
    }

    private static string Name(int version) => string.Create(CultureInfo.InvariantCulture, $"t{version}.enforcement-test.example");

    private async Task<int> StepAsync(string what, Func<Task> run)
    {
        var started = Stopwatch.GetTimestamp();
        await run();
        report(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds,6:F1} s  {what}"));
        return 1;
    }
}
