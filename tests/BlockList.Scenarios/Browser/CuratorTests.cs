using System.Globalization;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Npgsql;
using Xunit;

namespace BlockList.Scenarios.Browser;

/// <summary>A curator's day in a real browser with a security key of its own.</summary>
public sealed partial class CuratorTests(Installation installation, Chromium chromium)
{
    private const int Reviews = 10;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Invited_curator_makes_a_passkey_signs_in_with_it_and_reviews_ten_entries_by_keyboard_alone()
    {
        // What other scenarios left waiting is out of the way, so that the ten are all there is.
        await installation.ReviewAsync();
        var names = Enumerable.Range(0, Reviews).Select(i => $"keyboard-{i}.example").ToArray();
        await installation.ProposeAsync(names);
        var link = Link().Match(await installation.Deployment.RunAsync("curation", ["person", "invite", "bram"], Ct)).Value;
        Assert.NotEqual("", link);
        await using var person = await chromium.NewPersonAsync(installation.Deployment.CurationAddress);
        var page = await person.NewPageAsync();
        await Chromium.AddAuthenticatorAsync(person, page);

        await page.GotoAsync(link);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a passkey" }).FocusAsync();
        await PressAndGoAsync(page, "Enter", url => !url.Contains("/invitation/", StringComparison.Ordinal));
        await person.ClearCookiesAsync();
        await page.GotoAsync("/queue");
        Assert.Contains("/sign-in", page.Url, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).FocusAsync();
        await PressAndGoAsync(page, "Enter", url => url.EndsWith("/queue", StringComparison.Ordinal));

        await page.Keyboard.PressAsync("j");
        await PressAndGoAsync(page, "a", url => url.Contains("/assess", StringComparison.Ordinal));
        for (var review = 1; review <= Reviews; review++)
        {
            foreach (var criterion in new[] { "1", "2", "3" }) await page.Keyboard.PressAsync(criterion);
            var here = page.Url;
            await PressAndGoAsync(page, "s", url => url != here && (url.Contains("/assess", StringComparison.Ordinal) || url.Contains("/queue", StringComparison.Ordinal)));
        }

        Assert.Contains("Nothing else waits for your agency", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.Equal(Reviews, await CountAsync("select count(*) from curation.decision where kind = 'assessment' and met and person = 'bram' and name = any ($1)", names));
        Assert.Equal(Reviews, await CountAsync("select count(*) from curation.episode where stage = 'eligible' and name = any ($1)", names));
        Assert.Equal(0, await CountAsync("select count(*) from curation.claim where person = 'bram' and array_length($1::text[], 1) > 0", names));
    }

    [Fact]
    public async Task File_with_errors_shows_all_of_them_and_the_mended_one_is_signed()
    {
        await using var person = await chromium.NewPersonAsync(installation.Deployment.CurationAddress);
        var page = await SignInAsync(person, "elise");
        var seen = TimeProvider.System.GetUtcNow().AddDays(-2).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        const string Header = "domain,scope,sighted_at,c1,c2,c3,reference,note\n";

        await UploadAsync(page, Header + $"no name,domain,{seen},met,met,met,,\nco.uk,domain,{seen},met,met,met,,\nfile-a.example,all,yesterday,met,perhaps,met,x,\n");
        var problems = await page.Locator("table.data tbody tr").AllInnerTextsAsync();
        Assert.True(problems.Count >= 6, string.Join(Environment.NewLine, problems));
        foreach (var column in new[] { "domain", "scope", "sighted_at", "c2", "reference" }) Assert.Contains(problems, row => row.Contains(column, StringComparison.Ordinal));
        Assert.Equal(0, await CountAsync("select count(*) from curation.subject where name = any ($1)", ["file-a.example"]));

        await UploadAsync(page, Header + $"file-a.example,domain,{seen},met,met,met,ICCAM:1,\nfile-b.example,host,{seen},met,met,met,,\n");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Sign and propose") }).ClickAsync();
        await page.WaitForFunctionAsync("() => !document.querySelector('progress') && document.body.innerText.includes('2 names proposed')");
        Assert.Equal(2, await CountAsync("select count(*) from curation.decision where kind = 'proposal' and person = 'elise' and name = any ($1)", ["file-a.example", "file-b.example"]));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_finds_nothing_on_any_page(ColorScheme scheme)
    {
        var name = $"axe-{scheme.ToString().ToLowerInvariant()}.example";
        await installation.ProposeAsync(name);
        await using var curator = await chromium.NewPersonAsync(installation.Deployment.CurationAddress, scheme);
        var page = await SignInAsync(curator, "bram");
        await page.GotoAsync($"/entries?q={name}");
        var entry = await page.Locator("a[data-action=open]").First.GetAttributeAsync("href");
        string[] pages = ["/queue", "/queue?tab=untold", "/queue?tab=mine", "/entries?q=example", "/entries", entry!, $"{entry}/assess?list=worst-of", "/propose", "/propose?list=worst-of", "/imports", "/imports/new",
            "/lists", "/lists/worst-of", "/lists/worst-of/versions", "/lists/worst-of/versions/1", "/lists/worst-of/versions/diff?from=1&to=2", "/criteria", "/criteria/worst-of/1", "/people", "/people/bram", "/account",
            "/register", "/register?q=amber-portal.example", "/register?q=co.uk", "/register?q=no_name", "/register?q=emergency-calls.example", "/register/history", "/register/add", "/there-is-no-such-page"];
        var found = new List<string>();
        foreach (var address in pages) await ExamineAsync(page, address, found, scheme);
        await using var administrator = await chromium.NewPersonAsync(installation.Deployment.CurationAddress, scheme);
        var other = await SignInAsync(administrator, "astrid");
        foreach (var address in new[] { "/people", "/people/anna", "/account" }) await ExamineAsync(other, address, found, scheme);
        await using var officer = await chromium.NewPersonAsync(installation.Deployment.CurationAddress, scheme);
        var olav = await SignInAsync(officer, "olav");
        foreach (var address in new[] { "/register", "/register?q=emergency-calls.example", "/register/import" }) await ExamineAsync(olav, address, found, scheme);
        await using var visitor = await chromium.NewPersonAsync(installation.Deployment.CurationAddress, scheme);
        await ExamineAsync(await visitor.NewPageAsync(), "/sign-in", found, scheme);

        Assert.Empty(found);
    }

    [Fact]
    public async Task Hostile_note_is_text_on_the_page_and_in_print()
    {
        const string Note = "</p><script>window.evil = 1</script><img src=x onerror='window.evil = 2'> =1+1 paid\u202Egnp.exe";
        await using var person = await chromium.NewPersonAsync(installation.Deployment.CurationAddress);
        var page = await SignInAsync(person, "elise");
        var dialogs = 0;
        page.Dialog += (_, dialog) => { dialogs++; _ = dialog.DismissAsync(); };
        await page.GotoAsync("/propose?list=worst-of");
        await page.FillAsync("#name", "hostile-note.example");
        foreach (var criterion in new[] { "c1", "c2", "c3" }) await page.Locator($"input[name=verdict-{criterion}][value=met]").CheckAsync(new() { Force = true });
        await page.FillAsync("#sighted-at", TimeProvider.System.GetUtcNow().AddHours(-3).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture));
        await page.FillAsync("textarea[name=note]", Note);
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Propose") }).ClickAsync();
        await page.WaitForURLAsync(new Regex("done=proposed"));
        await page.GotoAsync("/entries?q=hostile-note");
        await page.GotoAsync((await page.Locator("a[data-action=open]").First.GetAttributeAsync("href"))!);

        foreach (var media in new[] { Media.Screen, Media.Print })
        {
            await page.EmulateMediaAsync(new() { Media = media });
            var shown = await page.Locator(".timeline .free").Last.InnerTextAsync();
            Assert.Contains("<script>window.evil = 1</script>", shown, StringComparison.Ordinal);
            Assert.Contains("paidU+202Egnp.exe", shown, StringComparison.Ordinal);
            Assert.Equal(media == Media.Screen, await page.Locator("aside details").First.IsVisibleAsync());
        }
        Assert.NotEmpty(await page.PdfAsync());
        Assert.Equal("undefined", await page.EvaluateAsync<string>("() => typeof window.evil"));
        Assert.Equal(0, dialogs);
    }

    /// <summary>Dark, the colours are others and nothing else is.</summary>
    private static async Task ExamineAsync(IPage page, string address, List<string> found, ColorScheme scheme)
    {
        await page.GotoAsync(address);
        var result = await page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations], RunOnly = scheme == ColorScheme.Dark ? RunOnlyOptions.Rules("color-contrast") : null });
        found.AddRange(result.Violations.SelectMany(v => v.Nodes.Select(n => $"{address}: {v.Id}: {n.Html}")));
    }

    private static async Task<IPage> SignInAsync(IBrowserContext person, string id)
    {
        var page = await person.NewPageAsync();
        await page.GotoAsync("/development/sign-in");
        await page.Locator($"button[value='{id}']").ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
        return page;
    }

    private static async Task UploadAsync(IPage page, string csv)
    {
        await page.GotoAsync("/imports/new?list=worst-of");
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "names.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes(csv) });
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Check the file") }).ClickAsync();
        await page.WaitForURLAsync(new Regex("/imports/[0-9a-f-]{36}"));
        await page.WaitForFunctionAsync("() => !document.querySelector('progress')");
    }

    /// <summary>One key, and the page that it leads to.</summary>
    private static async Task PressAndGoAsync(IPage page, string key, Func<string, bool> arrived)
    {
        var going = page.WaitForURLAsync(arrived);
        await page.Keyboard.PressAsync(key);
        await going;
        await page.WaitForLoadStateAsync(LoadState.DOMContentLoaded);
    }

    private async Task<long> CountAsync(string sql, string[] names)
    {
        await using var database = NpgsqlDataSource.Create(installation.Deployment.SuperuserConnectionString);
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(names);
        return (long)(await command.ExecuteScalarAsync(Ct))!;
    }

    [GeneratedRegex(@"https?://\S+/invitation/\S+")]
    private static partial Regex Link();
}
