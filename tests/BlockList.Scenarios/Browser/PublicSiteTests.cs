using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Npgsql;
using Xunit;

namespace BlockList.Scenarios.Browser;

/// <summary>The public site in a real browser: with scripts and without, by keyboard, in each language, on a telephone.</summary>
public sealed class PublicSiteTests(Installation installation, Chromium chromium)
{
    private static int _names;

    public static TheoryData<string> Languages => ["en", "fr", "es", "ar"];

    public static MatrixTheoryData<string, bool> Branches => new(["owner/never", "owner/cleaned", "owner/new-owner", "owner/shared", "owner/technical", "host/cleaned", "customer/shared", "visitor/never"], [true, false]);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Branches))]
    public async Task Branch_leads_to_a_receipt_with_scripts_and_to_a_link_without(string branch, bool hasScript)
    {
        await using var person = await NewPersonAsync(hasScript: hasScript);
        var page = await person.NewPageAsync();
        var (party, kind) = (branch.Split('/')[0], branch.Split('/')[1]);

        await FillAsync(page, "en", party, kind, "anna" + Interlocked.Increment(ref _names) + "@mail.example");
        await page.ClickAsync("#send");
        await page.WaitForSelectorAsync("[data-reference]");

        var reference = await page.InnerTextAsync("[data-reference]");
        Assert.Equal(hasScript ? "open" : "unconfirmed", await ScalarAsync("select state from complaint.complaint where reference = $1", reference));
        if (!hasScript)
        {
            await page.GotoAsync(await ConfirmLinkAsync(reference));
            await page.ClickAsync("main button");
            Assert.Equal("open", await ScalarAsync("select state from complaint.complaint where reference = $1", reference));
        }
        Assert.Empty(await person.CookiesAsync());
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Complaint_is_made_and_followed_by_keyboard_alone(string language)
    {
        await using var person = await NewPersonAsync(width: 360);
        var page = await person.NewPageAsync();
        await page.GotoAsync($"/{language}/complain");

        await PressAsync(page, "#party-owner", "Space", "Enter");
        await PressAsync(page, "#kind-never", "Space", "Enter");
        // Enter in a field goes on in the same language, and not to that of the first button of the page.
        await TypeAsync(page, "#domain", "https://www.bücher.example/a");
        Assert.Contains("xn--bcher-kva.example", await page.InnerTextAsync(".notice"), StringComparison.Ordinal);
        await page.FocusAsync("#text");
        await page.Keyboard.TypeAsync("Bread since 1990.");
        await PressAsync(page, "main button.primary", "Enter");
        await TypeAsync(page, "#email", "");
        Assert.Equal(language, await page.GetAttributeAsync("html", "lang"));
        await page.FocusAsync("#send");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("[data-reference]");
        var (reference, secret) = (await page.InnerTextAsync("[data-reference]"), await page.InnerTextAsync("[data-secret]"));

        await page.GotoAsync($"/{language}/status");
        await page.FocusAsync("#reference");
        await page.Keyboard.TypeAsync(reference.ToLowerInvariant());
        await page.FocusAsync("#secret");
        await page.Keyboard.TypeAsync(secret);
        await GoAsync(page, "Enter");
        Assert.Contains(reference, await page.InnerTextAsync("h1"), StringComparison.Ordinal);
        Assert.False(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > innerWidth"));
    }

    [Fact]
    public async Task Wrong_answer_takes_the_focus_to_what_is_said_of_it_and_its_link_to_the_field()
    {
        await using var person = await NewPersonAsync();
        var page = await person.NewPageAsync();
        await page.GotoAsync("/en/complain");

        await page.ClickAsync("main button.primary");

        Assert.Contains("Choose who you are", await page.EvaluateAsync<string>("() => document.activeElement.innerText"), StringComparison.Ordinal);
        await page.ClickAsync(".error-summary a");
        Assert.Equal("party-owner", await page.EvaluateAsync<string>("() => document.activeElement.id"));
    }

    [Theory]
    [InlineData("en", ColorScheme.Light, 1280)]
    [InlineData("fr", ColorScheme.Dark, 1280)]
    [InlineData("es", ColorScheme.Light, 320)]
    [InlineData("ar", ColorScheme.Dark, 320)]
    public async Task Axe_finds_nothing_and_nothing_is_wider_than_the_screen(string language, ColorScheme scheme, int width)
    {
        await using var person = await NewPersonAsync(scheme, width);
        var page = await person.NewPageAsync();
        var found = new List<string>();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(installation.Deployment.PortalAddress, StringComparison.Ordinal)) found.Add($"asked {request.Url}");
        };
        page.Console += (_, message) => found.Add($"console: {message.Text}");
        foreach (var path in new[] { "/", "/criteria", "/review", "/help", "/privacy", "/complain", "/status", "/confirm/BL-0000000000/0" })
        {
            await page.GotoAsync($"/{language}{path}");
            await ExamineAsync(page, path, found);
        }
        await FillAsync(page, language, "owner", "cleaned", "", step => ExamineAsync(page, step, found));
        await page.ClickAsync("#send");
        await page.WaitForSelectorAsync("[data-reference]");
        await ExamineAsync(page, "receipt", found);
        await page.ClickAsync("main form button.primary");
        await ExamineAsync(page, "status", found);
        await page.ClickAsync("button[value=ask]");
        await page.ClickAsync("summary");
        await ExamineAsync(page, "proof", found);
        await page.GotoAsync($"/{language}/complain");
        await page.ClickAsync("main button.primary");
        await ExamineAsync(page, "error", found);

        Assert.Empty(found);
    }

    /// <summary>From the first question to the look at all answers.</summary>
    internal static async Task FillAsync(IPage page, string language, string party, string kind, string email, Func<string, Task>? look = null, string domain = "www.bücher.example/x")
    {
        await page.GotoAsync($"/{language}/complain");
        async Task Next(string step)
        {
            if (look is not null) await look(step);
            await page.ClickAsync("main button.primary");
        }
        await page.CheckAsync($"#party-{party}");
        await Next("party");
        await page.CheckAsync($"#kind-{kind}");
        await Next("kind");
        await page.FillAsync("#domain", domain);
        await Next("domain");
        if (kind is "cleaned" or "new-owner")
        {
            await page.FillAsync("#since", "2026-01-31");
            await Next("since");
        }
        await page.FillAsync("#text", "We sell bread.");
        await Next("text");
        await page.FillAsync("#email", email);
        await Next("email");
        if (look is not null) await look("check");
    }

    internal static async Task ExamineAsync(IPage page, string where, List<string> found)
    {
        var result = await page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        found.AddRange(result.Violations.SelectMany(v => v.Nodes.Select(n => $"{where}: {v.Id}: {n.Html}")));
        if (await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > innerWidth")) found.Add($"{where} is wider than the screen");
    }

    private static async Task PressAsync(IPage page, string selector, params string[] keys)
    {
        await page.FocusAsync(selector);
        foreach (var key in keys[..^1]) await page.Keyboard.PressAsync(key);
        await GoAsync(page, keys[^1]);
    }

    private static async Task TypeAsync(IPage page, string selector, string text)
    {
        await page.FocusAsync(selector);
        await page.Keyboard.TypeAsync(text);
        await GoAsync(page, "Enter");
    }

    /// <summary>One key, and the page that comes: its address is often the same.</summary>
    internal static async Task GoAsync(IPage page, string key)
    {
        var coming = page.WaitForResponseAsync(response => response.Request.IsNavigationRequest);
        await page.Keyboard.PressAsync(key);
        await coming;
        await page.WaitForLoadStateAsync(LoadState.DOMContentLoaded);
    }

    private Task<IBrowserContext> NewPersonAsync(ColorScheme scheme = ColorScheme.Light, int width = 1280, bool hasScript = true) =>
        chromium.NewPersonAsync(installation.Deployment.PortalAddress, scheme, width, hasScript: hasScript);

    /// <summary>Out of the mail: the worker writes it within seconds, and no row keeps the link then.</summary>
    private async Task<string> ConfirmLinkAsync(string reference)
    {
        for (var tries = 0; tries < 150; tries++)
        {
            foreach (var file in Directory.EnumerateFiles(installation.Deployment.MailFolder, "*", SearchOption.AllDirectories))
            {
                var mail = (await File.ReadAllTextAsync(file, Ct)).Replace("=\r\n", "", StringComparison.Ordinal).Replace("=\n", "", StringComparison.Ordinal);
                var link = System.Text.RegularExpressions.Regex.Match(mail, $"/[a-z]{{2}}/confirm/{reference}/[A-Za-z0-9_-]+");
                if (link.Success) return link.Value;
            }
            await Task.Delay(200, Ct);
        }
        throw new InvalidOperationException($"no mail with a link for {reference} came within 30 seconds");
    }

    private async Task<string?> ScalarAsync(string sql, string reference)
    {
        await using var database = NpgsqlDataSource.Create(installation.Deployment.SuperuserConnectionString);
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(reference);
        return (string?)await command.ExecuteScalarAsync(Ct);
    }
}
