using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Npgsql;
using Xunit;

namespace BlockList.Scenarios.Browser;

/// <summary>A complaints officer in a real browser.</summary>
public sealed class OfficerTests(Installation installation, Chromium chromium)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Officer_suspends_and_decides_by_keyboard_and_the_list_follows()
    {
        await installation.ProposeAsync("officer-a.example", "officer-b.example", "officer-c.example");
        await installation.ReviewAsync();
        await installation.PublishAsync();
        await RunAsync("select complaint.submit('BL-KEYB000001', sha256(''), 'owner', 'shared', 'officer-a.example', true, 'en', null, 'We host ten thousand shops.', null, null, null)");
        await using var person = await chromium.NewPersonAsync(installation.Deployment.CurationAddress);
        var page = await person.NewPageAsync();
        await page.GotoAsync("/development/sign-in");
        await page.Locator("button[value='carlo']").ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));

        // The worker finds out within seconds that it is about an entry.
        await page.GotoAsync("/cases");
        for (var tries = 0; tries < 100 && await page.Locator("#r-BL-KEYB000001").CountAsync() == 0; tries++)
        {
            await Task.Delay(200, Ct);
            await page.ReloadAsync();
        }
        await page.Locator("#r-BL-KEYB000001 a").FocusAsync();
        await GoAsync(page, () => page.Keyboard.PressAsync("Enter"), "/cases/BL-KEYB000001");
        Assert.Equal("carlo", await ScalarAsync("select actor from oversight.audit where action = 'case.read' and subject = 'BL-KEYB000001' order by id desc limit 1"));
        await page.Locator("#triage-answer").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await page.Locator("#triage-reason").FocusAsync();
        await page.Keyboard.TypeAsync("Thousands of innocent shops.");
        await page.Keyboard.PressAsync("Escape");
        await GoAsync(page, () => page.Keyboard.PressAsync("a"), "done=triage");
        await page.Locator("#decide-outcome").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await page.Locator("#decide-reason").FocusAsync();
        await page.Keyboard.TypeAsync("The domain is shared by many.");
        await page.Keyboard.PressAsync("Escape");
        await GoAsync(page, () => page.Keyboard.PressAsync("s"), "done=decide");

        for (var tries = 0; tries < 100 && await ScalarAsync("select 'gone' from publishing.entry where line = 'officer-a.example' and removed_serial is not null") is null; tries++) await Task.Delay(100, Ct);
        Assert.Equal("gone", await ScalarAsync("select 'gone' from publishing.entry where line = 'officer-a.example' and removed_serial is not null"));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_finds_nothing_on_the_pages_of_cases(ColorScheme scheme)
    {
        var reference = $"BL-AXE000000{(scheme == ColorScheme.Light ? 1 : 2)}";
        await installation.ProposeAsync($"{reference.ToLowerInvariant()}.example");
        await installation.ReviewAsync();
        await RunAsync($"select complaint.submit('{reference}', sha256(''), 'owner', 'cleaned', '{reference.ToLowerInvariant()}.example', true, 'ar', '2026-01-31', 'نظّفنا الموقع.', null, null, null)");
        await using var person = await chromium.NewPersonAsync(installation.Deployment.CurationAddress, scheme);
        var page = await person.NewPageAsync();
        await page.GotoAsync("/development/sign-in");
        await page.Locator("button[value='otto']").ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
        var found = new List<string>();
        foreach (var address in new[] { "/cases", "/cases?tab=open", "/cases?tab=over", $"/cases/{reference}", "/cases/holidays" })
        {
            await page.GotoAsync(address);
            await page.EvaluateAsync("() => document.querySelectorAll('main details').forEach(details => { details.open = true; })");
            var result = await page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
            found.AddRange(result.Violations.SelectMany(v => v.Nodes.Select(n => $"{address}: {v.Id}: {n.Html}")));
            if (Environment.GetEnvironmentVariable("BLOCKLIST_SCREENSHOTS") is { Length: > 0 } folder)
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, Regex.Replace($"{scheme}{address}", "[^A-Za-z0-9]+", "-") + ".png"), FullPage = true });
        }
        Assert.Empty(found);
    }

    private static async Task GoAsync(IPage page, Func<Task> press, string to)
    {
        var going = page.WaitForURLAsync(url => url.Contains(to, StringComparison.Ordinal));
        await press();
        await going;
        await page.WaitForLoadStateAsync(LoadState.DOMContentLoaded);
    }

    private Task<string?> RunAsync(string sql) => ScalarAsync(sql);

    private async Task<string?> ScalarAsync(string sql)
    {
        await using var database = NpgsqlDataSource.Create(installation.Deployment.SuperuserConnectionString);
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Ct) as string;
    }
}
