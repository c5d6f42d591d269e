using Microsoft.Playwright;
using Npgsql;
using Xunit;

namespace BlockList.Scenarios.Browser;

/// <summary>Both ends of a complaint, each in a browser of their own: a question and its answer, a rejection and the appeal, and the letter to print.</summary>
public sealed class CorrespondenceTests(Installation installation, Chromium chromium)
{
    private static Task? _listed;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en", true, ColorScheme.Light, 1280, false)]
    [InlineData("fr", false, ColorScheme.Dark, 360, false)]
    [InlineData("es", false, ColorScheme.Light, 320, false)]
    [InlineData("ar", true, ColorScheme.Dark, 320, true)]
    public async Task Question_is_answered_rejection_appealed_and_the_letter_printed(string language, bool hasScript, ColorScheme scheme, int width, bool isUpheld)
    {
        var name = NameOf(language);
        await (_listed ??= ListAsync());
        await using var person = await chromium.NewPersonAsync(installation.Deployment.PortalAddress, scheme, width, hasScript: true);
        var site = await person.NewPageAsync();
        await PublicSiteTests.FillAsync(site, language, "owner", "cleaned", "", domain: name);
        await site.ClickAsync("#send");
        await site.WaitForSelectorAsync("[data-reference]");
        var (reference, secret) = (await site.InnerTextAsync("[data-reference]"), await site.InnerTextAsync("[data-secret]"));
        await using var carlo = await NewOfficerAsync("carlo", reference);
        var desk = carlo.Pages[0];

        await SignAsync(desk, "question", () => desk.SelectOptionAsync("#question-which", new SelectOptionValue { Index = 1 }));
        // From here on with scripts or without.
        await using var reader = hasScript ? null : await chromium.NewPersonAsync(installation.Deployment.PortalAddress, scheme, width, hasScript: false);
        var status = reader is null ? site : await reader.NewPageAsync();
        await FollowAsync(status, language, reference, secret);
        await LookAsync(status, $"{language}-question", hasScript);
        // Sent empty: it says so, beside the field.
        await PressAsync(status, "button[value=answer]");
        Assert.Equal("true", await status.GetAttributeAsync("#answer", "aria-invalid"));
        await status.FocusAsync("#answer");
        await status.Keyboard.TypeAsync("We removed it <b>in May</b>.");
        await PressAsync(status, "button[value=answer]");
        Assert.Equal(0, await status.Locator("#answer").CountAsync());

        await desk.ReloadAsync();
        Assert.Contains("We removed it <b>in May</b>.", await desk.InnerTextAsync("main"), StringComparison.Ordinal);
        await SignAsync(desk, "letter", () => desk.FillAsync("#letter-reason", "Their registrar confirmed it."));
        await SignAsync(desk, "decide", () => DecideAsync(desk, "rejected", "It was there on Monday still."));

        await FollowAsync(status, language, reference, secret);
        Assert.Contains("It was there on Monday still.", await status.InnerTextAsync("main"), StringComparison.Ordinal);
        await LookAsync(status, $"{language}-rejected", hasScript);
        await status.FocusAsync("#appeal");
        await status.Keyboard.TypeAsync("Look again, please.");
        await PressAsync(status, "button[value=appeal]");
        Assert.Equal(0, await status.Locator("#appeal").CountAsync());

        await using var otto = await NewOfficerAsync("otto", reference);
        desk = otto.Pages[0];
        Assert.Contains("Look again, please.", await desk.InnerTextAsync("main"), StringComparison.Ordinal);
        if (!isUpheld)
        {
            // Of those that take an entry off at once, a list has five a day, and other tests need some.
            await SignAsync(desk, "decide", () => DecideAsync(desk, "rejected", "It was there on Tuesday too."));
            await FollowAsync(status, language, reference, secret);
            Assert.Contains("It was there on Tuesday too.", await status.InnerTextAsync("main"), StringComparison.Ordinal);
            Assert.Equal(0, await status.Locator("#appeal").CountAsync());
            await LookAsync(status, $"{language}-over", hasScript);
            return;
        }
        await SignAsync(desk, "decide", () => DecideAsync(desk, "upheld", "It is gone, and was on Monday."));
        for (var tries = 0; tries < 150 && await ScalarAsync($"select 'gone' from publishing.entry where line = '{name}' and removed_serial is not null") is null; tries++) await Task.Delay(100, Ct);

        await FollowAsync(status, language, reference, secret);
        Assert.Contains("It is gone, and was on Monday.", await status.InnerTextAsync("main"), StringComparison.Ordinal);
        await PressAsync(status, "button[value=letter]");
        Assert.Contains(name, await status.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.Contains(reference, await status.InnerTextAsync("main"), StringComparison.Ordinal);
        await LookAsync(status, $"{language}-letter", hasScript);
    }

    private static string NameOf(string language) => $"letters-{language}.example";

    /// <summary>Once for all languages: each step is a program that starts.</summary>
    private async Task ListAsync()
    {
        string[] names = [.. new[] { "en", "fr", "es", "ar", "beside" }.Select(NameOf)];
        await installation.ProposeAsync(names);
        await installation.ReviewAsync(names);
        await installation.PublishAsync();
    }

    private async Task<IBrowserContext> NewOfficerAsync(string officer, string reference)
    {
        var context = await chromium.NewPersonAsync(installation.Deployment.CurationAddress);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/development/sign-in");
        await page.Locator($"button[value='{officer}']").ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
        // The worker finds out within seconds that it is about an entry.
        for (var tries = 0; tries < 100; tries++)
        {
            await page.GotoAsync($"/cases/{reference}");
            if (await page.Locator("#decide-entries").CountAsync() > 0) return context;
            await Task.Delay(200, Ct);
        }
        throw new InvalidOperationException($"case {reference} was about no entry after 20 seconds");
    }

    private static async Task DecideAsync(IPage desk, string outcome, string reason)
    {
        await desk.CheckAsync($"input[name=decide-outcome][value={outcome}]");
        await desk.FillAsync("#decide-reason", reason);
    }

    private static async Task SignAsync(IPage desk, string step, Func<Task> fill)
    {
        await desk.EvaluateAsync("() => document.querySelectorAll('main details').forEach(details => { details.open = true; })");
        await fill();
        var done = desk.WaitForURLAsync(url => url.Contains($"done={step}", StringComparison.Ordinal));
        await desk.Locator($"form:has(input[name=step][value={step}]) button[type=submit]").ClickAsync();
        await done;
        await desk.WaitForLoadStateAsync(LoadState.DOMContentLoaded);
    }

    private static async Task FollowAsync(IPage page, string language, string reference, string secret)
    {
        await page.GotoAsync($"/{language}/status");
        await page.FillAsync("#reference", reference);
        await page.FillAsync("#secret", secret);
        await PressAsync(page, "button[value=look].primary");
        Assert.Equal(language, await page.GetAttributeAsync("html", "lang"));
    }

    private static async Task PressAsync(IPage page, string button)
    {
        await page.FocusAsync(button);
        await PublicSiteTests.GoAsync(page, "Enter");
    }

    private static async Task LookAsync(IPage page, string what, bool hasScript)
    {
        Assert.False(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > innerWidth"));
        if (hasScript)
        {
            // A script itself, that waits for ever where there are none.
            var found = new List<string>();
            await PublicSiteTests.ExamineAsync(page, what, found);
            Assert.Empty(found);
        }
        if (Environment.GetEnvironmentVariable("BLOCKLIST_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{what}.png"), FullPage = true });
    }

    private async Task<string?> ScalarAsync(string sql)
    {
        await using var database = NpgsqlDataSource.Create(installation.Deployment.SuperuserConnectionString);
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Ct) as string;
    }
}
