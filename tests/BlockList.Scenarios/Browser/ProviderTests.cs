using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using BlockList.Agent.Dns;
using BlockList.Tools.Deployments;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace BlockList.Scenarios.Browser;

/// <summary>Somebody becomes a provider: forms and pages in a real browser, the rest in a shell.</summary>
public sealed class ProviderTests(Installation installation, Chromium chromium)
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);

    private readonly List<string> steps = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Deployment Deployment => installation.Deployment;

    [Fact]
    public async Task Provider_comes_from_the_public_site_to_a_resolver_that_blocks()
    {
        await using var provider = await NewProvider.StartAsync(Deployment, installation.Demo.Authority, "browser-isp", Ct);
        await using var nora = await chromium.NewPersonAsync(Deployment.PortalAddress);
        await using var petra = await chromium.NewPersonAsync(Deployment.CurationAddress);
        var began = Stopwatch.GetTimestamp();
        var code = "";

        await StepAsync("provider: fills in the form of the public site", async () =>
        {
            var page = await nora.NewPageAsync();
            await page.GotoAsync("/en/");
            await page.ClickAsync("a[href='/en/apply']");
            await FillAsync(page, provider.Name);
            await page.ClickAsync("main button.primary");
            await page.WaitForSelectorAsync(".done");
        });
        await StepAsync("operator: the provider manager reads the application and approves it", async () =>
        {
            var page = await SignInAsync(petra);
            await page.GotoAsync("/applications");
            var panel = page.Locator("section.panel", new() { HasText = provider.Name });
            await panel.Locator("select").SelectOptionAsync(DevelopmentKeys.Followed);
            await panel.Locator("button.primary").ClickAsync();
            code = await page.InnerTextAsync("[data-code]");
            var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("section[aria-labelledby=made] a[download]").ClickAsync());
            await provider.UnpackBundleAsync(await download.PathAsync());
            // The sums of the roots that are in force stand beside the code, to be said with it.
            foreach (var list in DevelopmentKeys.Followed) Assert.Contains($"{list}={Format.Hashes.Sha256(await File.ReadAllBytesAsync(provider.RootFile(list), Ct))}", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        });
        await StepAsync("provider: blocklist-agent enroll --bundle BUNDLE --code CODE", async () => (await provider.EnrollAsync(code, Ct)).Require());
        await StepAsync("provider: blocklist-agent apply", async () => (await provider.AgentAsync(["apply"], Ct)).Require());
        var took = Stopwatch.GetElapsedTime(began);

        var status = JsonDocument.Parse((await provider.AgentAsync(["status", "--json"], Ct)).Output).RootElement;
        var version = status.GetProperty("lists").EnumerateArray().Single(list => list.GetProperty("list").GetString() == DevelopmentKeys.EnforcementTest).GetProperty("version").GetInt32();
        foreach (var (serial, expected) in new[] { (version, 3), (version - 1, 0) })
            Assert.Equal(expected, (await DnsProbe.QueryAsync(provider.Resolver.Address, string.Create(CultureInfo.InvariantCulture, $"t{serial}.enforcement-test.example"), DnsType.A, ProbeTimeout, Ct)).RCode);
        steps.Add(string.Create(CultureInfo.InvariantCulture, $"{steps.Count} steps, {took.TotalMinutes:F1} minutes"));
        foreach (var line in steps) TestContext.Current.TestOutputHelper!.WriteLine(line);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        Assert.Empty(await nora.CookiesAsync());
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_finds_nothing_on_the_form_on_applications_and_on_coverage(ColorScheme scheme)
    {
        var found = new List<string>();
        foreach (var language in new[] { "en", "ar" })
        {
            await using var visitor = await chromium.NewPersonAsync(Deployment.PortalAddress, scheme, width: 360);
            var form = await visitor.NewPageAsync();
            await form.GotoAsync($"/{language}/apply");
            found.AddRange(await AxeAsync(form));
            await form.ClickAsync("main button.primary");
            await form.WaitForSelectorAsync(".error-summary");
            found.AddRange(await AxeAsync(form));
            await FillAsync(form, $"axe-{scheme}-{language}".ToLowerInvariant());
            await form.ClickAsync("main button.primary");
            await form.WaitForSelectorAsync(".done");
            found.AddRange(await AxeAsync(form));
        }
        await using var petra = await chromium.NewPersonAsync(Deployment.CurationAddress, scheme);
        var page = await SignInAsync(petra);
        await page.GotoAsync("/applications");
        found.AddRange(await AxeAsync(page));
        var panel = page.Locator("section.panel", new() { HasText = $"axe-{scheme}-en".ToLowerInvariant() });
        await panel.Locator("select").SelectOptionAsync([DevelopmentKeys.WorstOf]);
        await panel.Locator("button.primary").ClickAsync();
        await page.WaitForSelectorAsync("[data-code]");
        found.AddRange(await AxeAsync(page));
        // What is in force where, of all, of a list, and of a provider.
        await page.GotoAsync("/coverage");
        found.AddRange(await AxeAsync(page));
        await page.Locator("a[data-action=open]").First.ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("/coverage/", StringComparison.Ordinal));
        found.AddRange(await AxeAsync(page));
        await page.Locator("a[href^='/providers/']").First.ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("/providers/", StringComparison.Ordinal));
        found.AddRange(await AxeAsync(page));

        Assert.Empty(found);
    }

    private static async Task FillAsync(IPage page, string organisation)
    {
        foreach (var (field, value) in new[] { ("organisation", organisation), ("country", "Norway"), ("person", "Nora Nilsen"), ("email", $"noc@{organisation}.example"), ("telephone", "+00 12 34 56"), ("networks", "AS64500"), ("resolvers", "one with Unbound"), ("domains", $"{organisation}.example") })
            await page.FillAsync("#" + field, value);
        await page.CheckAsync("#agree");
    }

    private static async Task<IPage> SignInAsync(IBrowserContext person)
    {
        var page = await person.NewPageAsync();
        await page.GotoAsync("/development/sign-in");
        await page.Locator("button[value='petra']").ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
        return page;
    }

    private static async Task<IEnumerable<string>> AxeAsync(IPage page)
    {
        var result = await page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        return result.Violations.SelectMany(v => v.Nodes.Select(n => $"{page.Url}: {v.Id}: {n.Html}"));
    }

    private async Task StepAsync(string what, Func<Task> run)
    {
        var started = Stopwatch.GetTimestamp();
        await run();
        steps.Add(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds,6:F1} s  {what}"));
    }
}
