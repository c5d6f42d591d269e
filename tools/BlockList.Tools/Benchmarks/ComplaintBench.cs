using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using BlockList.Agent.Dns;
using BlockList.Tools.Complaining;
using BlockList.Tools.Deployments;
using BlockList.Tools.Development;

namespace BlockList.Tools.Benchmarks;

/// <summary>
/// How long somebody innocent waits: listed by two agencies and blocked by a provider's Unbound, an owner complains at the public site,
/// proves control by a TXT record, and a complaints officer suspends the entry on its page. From the officer's click to the Unbound's
/// answer; then the owner's status page says so. Every role runs as a program of its own.
/// </summary>
internal static class ComplaintBench
{
    private const string List = DevelopmentKeys.WorstOf;
    private const double MostSeconds = 15;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(string checkout, CancellationToken cancellationToken)
    {
        using var state = StateDirectory.Temporary();
        await using var dns = await PublicDns.StartAsync();
        await using var installation = await DemoInstallation.StartAsync(state, new ClusterOptions { AlwaysPrivate = true }, preferUsualPorts: false, Console.Error.WriteLine, cancellationToken);
        var deployment = installation.Deployment;
        await deployment.ReconfigureAsync("checker", dns.Settings(state), cancellationToken);
        using var portal = new HttpClient { BaseAddress = new Uri(deployment.PortalAddress) };
        var owner = new Complainant(portal, "en");
        await using var agent = await ListWronglyAsync(installation, cancellationToken);

        await StepAsync("the owner complains at the public site", () => owner.ComplainAsync(new Dictionary<string, string>
        {
            ["party"] = "owner",
            ["kind"] = "never",
            ["domain"] = $"https://www.{DemoList.Followed}/contact?from=stop-page",
            ["text"] = "We sell bicycles. Our shop cannot be reached since this morning.",
        }, cancellationToken));
        await StepAsync("control is proven by a TXT record at the zone's own server", () => ProveAsync(owner, dns, cancellationToken));
        await StepAsync("the status page shows the entry, now that control is proven", () => ExpectStatusAsync(owner, "since version", cancellationToken));
        using var officer = await PageVisitor.SignInAsync(deployment.CurationAddress, "carlo", cancellationToken);
        await StepAsync("the case stands on the page that a complaints officer begins with", () => UntilAsync(async () =>
            (await officer.ReadAsync("/cases", cancellationToken)).Contains($"id=\"r-{owner.Reference}\"", StringComparison.Ordinal), cancellationToken));
        var answer = await AnswerAsync(officer, owner.Reference, cancellationToken);
        var decided = Stopwatch.GetTimestamp();
        await StepAsync("the officer suspends the entry, with a signature", () => officer.PostAsync($"/cases/{owner.Reference}/triage", answer, cancellationToken));
        await StepAsync("the provider's Unbound answers again", () => UntilAsync(() => ResolvesAsync(installation, cancellationToken), cancellationToken));
        var seconds = Stopwatch.GetElapsedTime(decided).TotalSeconds;
        await StepAsync("the status page says in which version it was removed", () => ExpectStatusAsync(owner, "with version", cancellationToken));
        return Goal.Conclude(new Goal("complaint-seconds-decision-to-answer", seconds, MostSeconds));
    }

    /// <summary>One name on the list, and a provider that follows it.</summary>
    private static async Task<ManagedProcess> ListWronglyAsync(DemoInstallation installation, CancellationToken cancellationToken)
    {
        var list = new FilledList(installation, List);
        (await installation.Provider.EnrollAgentAsync(cancellationToken)).Require();
        var agent = await ManagedProcess.StartAsync(installation.Deployment.State, new ProgramStart("agent", installation.Deployment.Programs.Agent("run", "--config", installation.Provider.AgentConfiguration)), cancellationToken);
        try
        {
            await StepAsync("two agencies list a name, wrongly; it is published", async () =>
            {
                await list.DecideAsync([DemoList.Followed, .. DemoList.Others.Take(10)], cancellationToken);
                await list.PublishAsync(cancellationToken);
            });
            await StepAsync("the provider's Unbound blocks it", () => UntilAsync(async () => !await ResolvesAsync(installation, cancellationToken), cancellationToken));
            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }

    private static async Task ProveAsync(Complainant owner, PublicDns dns, CancellationToken cancellationToken)
    {
        var (name, text) = Complainant.RecordOf(await owner.StatusAsync("ask", cancellationToken));
        await dns.PublishAsync(name.EndsWith('.') ? name : name + ".", text);
        await owner.StatusAsync("recheck", cancellationToken);
        await UntilAsync(async () => !(await owner.StatusAsync(null, cancellationToken)).Contains("value=\"recheck\"", StringComparison.Ordinal), cancellationToken);
    }

    /// <summary>The form "Suspend now?" as the officer fills it in.</summary>
    private static async Task<(string, string)[]> AnswerAsync(PageVisitor officer, string reference, CancellationToken cancellationToken)
    {
        var page = await officer.ReadAsync($"/cases/{reference}", cancellationToken);
        var entry = Regex.Match(page, "name=\"triage-entries\" value=\"([^\"]+)\"");
        if (!entry.Success) throw new InvalidOperationException($"The page of the case names no entry: {Complainant.TextOf(page)}");
        return [("step", "triage"), ("triage-answer", "suspend"), ("triage-entries", entry.Groups[1].Value), ("triage-reason", "Nothing of the kind was seen.")];
    }

    private static Task ExpectStatusAsync(Complainant owner, string words, CancellationToken cancellationToken) => UntilAsync(async () =>
    {
        var said = Complainant.TextOf(await owner.StatusAsync(null, cancellationToken));
        return said.Contains(DemoList.Followed, StringComparison.Ordinal) && said.Contains(words, StringComparison.OrdinalIgnoreCase);
    }, cancellationToken);

    private static async Task<bool> ResolvesAsync(DemoInstallation installation, CancellationToken cancellationToken)
    {
        var answer = await DnsProbe.QueryAsync(installation.Provider.Resolver.Address, DemoList.Followed, DnsType.A, ProbeTimeout, cancellationToken);
        return answer.Addresses.Contains(DemoList.Zone[DemoList.Followed]);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException($"It did not come within {Patience.TotalSeconds} s.");
            await Task.Delay(Poll, cancellationToken);
        }
    }

    private static async Task StepAsync(string what, Func<Task> run)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await run();
        }
        catch (TimeoutException problem)
        {
            throw new TimeoutException($"{what}: {problem.Message}", problem);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds,8:F2} s  {what}"));
    }
}
