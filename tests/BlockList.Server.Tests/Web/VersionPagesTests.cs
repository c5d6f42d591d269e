using System.Net;
using System.Text;
using BlockList.Server.Curation;
using BlockList.Server.Publishing.Pages;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>Lists, versions and criteria as people get them.</summary>
public sealed class VersionPagesTests(CurationSite site) : IClassFixture<CurationSite>, IAsyncLifetime
{
    private const string List = DevelopmentKeys.WorstOf;

    /// <summary>Pages and files that give out names of a version.</summary>
    private static readonly string[] WithNames =
    [
        "/lists/worst-of/versions/1", "/lists/worst-of/versions/2", "/lists/worst-of/versions/diff", "/lists/worst-of/versions/diff?from=0&to=2", "/lists/worst-of/versions/diff?from=2&to=1",
        "/lists/worst-of/versions/1/list.csv", "/lists/worst-of/versions/diff.csv?from=0&to=1", "/lists/worst-of/versions/diff.csv?from=1&to=2",
    ];

    private static readonly string[] Others = ["/lists", "/lists/worst-of", "/lists/no-national", "/lists/enforcement-test", "/lists/worst-of/versions", "/lists/no-national/versions", "/criteria", "/criteria/worst-of/1", "/criteria/no-national/1"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Version 1 has three entries that Anna proposed and Bram assessed; version 2 has one less.</summary>
    public async ValueTask InitializeAsync()
    {
        if (await site.Database.ScalarAsync<long>("select count(*) from publishing.version where list = $1", List) > 0) return;
        await using var publisher = await SitePublisher.StartAsync(site);
        await site.Services.GetRequiredService<SetSchedule>().RunAsync(List, [1, 3], new TimeOnly(6, 0), "Europe/Oslo", "operator", Ct);
        await publisher.ProposeAsync("anna", ("stays.bad.example", "domain"), ("goes.bad.example", "domain"), ("one.bad.example", "host"));
        await publisher.ReviewAsync("bram", "stays.bad.example", "goes.bad.example", "one.bad.example");
        Assert.Equal(1, await publisher.PublishAsync(List));
        await publisher.RemoveAsync("olav", "goes.bad.example");
        Assert.Equal(2, await publisher.PublishAsync(List));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("anna")]
    [InlineData("cora")]
    [InlineData("astrid")]
    [InlineData("petra")]
    [InlineData("vera")]
    [InlineData("otto")]
    [InlineData("oscar")]
    public async Task Everyone_with_a_role_reads_every_page(string person)
    {
        using var browser = await site.SignInAsync(person);
        foreach (var path in WithNames.Concat(Others)) (await browser.GetOnceAsync(path)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nobody_reads_without_a_session_or_a_role()
    {
        using var visitor = site.Open();
        foreach (var path in WithNames.Concat(Others)) Assert.StartsWith("/sign-in?", (await visitor.GetOnceAsync(path)).Expect(HttpStatusCode.Redirect).Location, StringComparison.Ordinal);
        using var browser = await site.SignInAsync(await site.AddPersonAsync("nobody", null));
        foreach (var path in WithNames.Concat(Others)) (await browser.GetOnceAsync(path)).Expect(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_does_not_exist_says_so()
    {
        using var browser = await site.SignInAsync("anna");
        foreach (var path in new[] { "/lists/none", "/lists/none/versions", "/lists/none/versions/1", "/lists/worst-of/versions/3", "/lists/worst-of/versions/0", "/lists/worst-of/versions/3/list.csv", "/lists/worst-of/versions/diff?from=1&to=9",
            "/lists/worst-of/versions/diff?from=x&to=1", "/lists/worst-of/versions/diff?from=-1&to=1", "/lists/worst-of/versions/diff.csv?from=9&to=1", "/lists/no-national/versions/diff", "/criteria/worst-of/2", "/criteria/none/1" })
            (await browser.GetOnceAsync(path)).Expect(HttpStatusCode.NotFound);
        Assert.Contains("one and the same version", (await browser.GetOnceAsync("/lists/worst-of/versions/diff?from=1&to=1")).Expect(HttpStatusCode.OK).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agencies_that_did_not_vote_learn_what_changed_and_nothing_of_who_decided()
    {
        string[] told = ["Anna", "Bram", "Olav", "anna", "bram", "olav", "National Police (demo, NO)", "Hotline (demo, NL)", "no-police", "nl-hotline", "all criteria met", "assessed (", "proposed", "a note of", "ICCAM", "removed it", "A release officer"];
        foreach (var person in new[] { "elise", "cora", "petra", "oscar" })
        {
            using var browser = await site.SignInAsync(person);
            foreach (var path in WithNames)
            {
                var page = await browser.GetOnceAsync(path);
                var text = page.ContentType == "text/html" ? page.Document.QuerySelector("main")!.InnerHtml : page.Text;
                Assert.Contains("bad.example", text, StringComparison.Ordinal);
                Assert.All(told, word => Assert.DoesNotContain(word, text, StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [InlineData("anna")]
    [InlineData("bram")]
    [InlineData("astrid")]
    [InlineData("vera")]
    [InlineData("otto")]
    public async Task Agencies_that_voted_and_readers_of_everything_learn_who_decided(string person)
    {
        using var browser = await site.SignInAsync(person);
        var added = (await browser.GetOnceAsync("/lists/worst-of/versions/1")).Words;
        Assert.Contains("(National Police (demo, NO)) proposed: all criteria met (criteria version 1); seen", added, StringComparison.Ordinal);
        Assert.Contains("(Hotline (demo, NL)) assessed: all criteria met (criteria version 1)", added, StringComparison.Ordinal);
        var removed = (await browser.GetOnceAsync("/lists/worst-of/versions/2")).Words;
        Assert.Contains("A release officer removed it.", removed, StringComparison.Ordinal);
        Assert.Contains("removed it,", removed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_that_was_made_without_the_ledger_says_so_and_not_who_decided()
    {
        using var browser = await site.SignInAsync("elise");
        Assert.DoesNotContain("did not hold", (await browser.GetOnceAsync("/lists/worst-of/versions/2")).Words, StringComparison.Ordinal);
        await ChangeAsync("removed_by = array[gen_random_uuid()], urgent = true, waiting = null");
        var page = (await browser.GetOnceAsync("/lists/worst-of/versions/2")).Words;
        await ChangeAsync("removed_by = null");

        Assert.Contains("Published while the ledger did not hold", page, StringComparison.Ordinal);
        Assert.DoesNotContain("release officer", page, StringComparison.OrdinalIgnoreCase);

        Task<int> ChangeAsync(string change) => site.Database.ExecuteAsync($"alter table publishing.version disable trigger all; update publishing.version set {change} where list = '{List}' and serial = 2; alter table publishing.version enable trigger all");
    }

    [Fact]
    public async Task Either_order_shows_the_same_change_from_its_side()
    {
        using var browser = await site.SignInAsync("anna");
        var forth = await browser.GetOnceAsync("/lists/worst-of/versions/diff?from=1&to=2");
        var back = await browser.GetOnceAsync("/lists/worst-of/versions/diff?from=2&to=1");
        Assert.Equal("goes.bad.example", Assert.Single(forth.Document.QuerySelectorAll("tr.removed .name")).TextContent);
        Assert.Equal("goes.bad.example", Assert.Single(back.Document.QuerySelectorAll("tr.added .name")).TextContent);
        Assert.Empty(forth.Document.QuerySelectorAll("tr.added"));
        Assert.All(forth.Document.QuerySelectorAll(".name"), name => Assert.Null(name.Closest("a")));
        Assert.All(forth.Document.QuerySelectorAll("a"), link => Assert.DoesNotContain("bad.example", link.GetAttribute("href"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_hold_lines_that_no_spreadsheet_takes_for_formulas()
    {
        using var browser = await site.SignInAsync("anna");
        var list = await browser.GetOnceAsync("/lists/worst-of/versions/1/list.csv");
        Assert.Equal(("text/csv", "entry\r\n\"'=one.bad.example\"\r\ngoes.bad.example\r\nstays.bad.example\r\n"), (list.ContentType, list.Text));
        Assert.Equal("change,entry,version\r\nremoved,goes.bad.example,2\r\n", (await browser.GetOnceAsync("/lists/worst-of/versions/diff.csv?from=1&to=2")).Text);
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    public async Task Cells_that_begin_like_formulas_begin_with_an_apostrophe(string cell)
    {
        using var stream = new MemoryStream();
        await CsvFile.WriteAsync(stream, ["entry"], new[] { new[] { cell } }.ToAsyncEnumerable(), Ct);
        Assert.Equal($"entry\r\n\"'{cell}\"\r\n", Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public async Task Every_answer_with_names_is_an_audit_row_without_names()
    {
        using var browser = await site.SignInAsync("vera");
        var before = await site.Database.ScalarAsync<long>("select coalesce(max(id), 0) from oversight.audit");
        foreach (var path in WithNames) (await browser.GetOnceAsync(path)).Expect(HttpStatusCode.OK);
        Assert.Equal(WithNames.Length, await site.Database.ScalarAsync<long>("select count(*) from oversight.audit where id > $1 and actor = 'vera' and action = 'version.read' and subject like 'worst-of %'", before));
        Assert.Equal(0, await site.Database.ScalarAsync<long>("select count(*) from oversight.audit where (subject || detail::text) like '%bad.example%'"));
        foreach (var path in Others) (await browser.GetOnceAsync(path)).Expect(HttpStatusCode.OK);
        Assert.Equal(WithNames.Length, await site.Database.ScalarAsync<long>("select count(*) from oversight.audit where id > $1 and actor = 'vera'", before));
    }

    [Fact]
    public async Task Markup_and_bidi_overrides_in_names_of_people_and_agencies_stay_text()
    {
        const string Hostile = "<img src=x onerror=alert(1)>\u202Egnp.exe";
        var (person, agency) = (await site.Database.ScalarAsync<string>("select name from access.person where id = 'bram'"), await site.Database.ScalarAsync<string>("select name from access.agency where id = 'nl-hotline'"));
        try
        {
            await site.Database.ExecuteAsync("update access.person set name = $1 where id = 'bram'", Hostile);
            await site.Database.ExecuteAsync("update access.agency set name = $1 where id = 'nl-hotline'", Hostile);
            using var browser = await site.SignInAsync("vera");
            foreach (var path in WithNames.Concat(Others).Append("/lists/worst-of/versions/1?added=%3Cimg%3E&removed=%3Cscript%3E").Append("/lists/worst-of/versions/diff?from=%3Cimg%3E&to=2"))
            {
                var page = await browser.GetOnceAsync(path);
                if (page.ContentType != "text/html") continue;
                Assert.Empty(page.Document.Images);
                Assert.All(page.Document.QuerySelectorAll("main bdi").Where(bdi => bdi.TextContent.Contains("onerror", StringComparison.Ordinal)), bdi => Assert.DoesNotContain('\u202E', bdi.TextContent));
                Assert.DoesNotContain('\u202E', page.Document.QuerySelector("main")!.TextContent);
            }
        }
        finally
        {
            await site.Database.ExecuteAsync("update access.person set name = $1 where id = 'bram'", person!);
            await site.Database.ExecuteAsync("update access.agency set name = $1 where id = 'nl-hotline'", agency!);
        }
    }

    [Fact]
    public async Task Lists_say_what_they_need_and_when_they_are_published()
    {
        using var browser = await site.SignInAsync("anna");
        var lists = (await browser.GetOnceAsync("/lists")).Words;
        Assert.Contains("2 agencies of 2 countries found the criteria met; lapses 3 months after the newest sighting.", lists, StringComparison.Ordinal);
        Assert.Contains("1 agency of NO found the criteria met; lapses 6 months after the newest sighting.", lists, StringComparison.Ordinal);
        var list = await browser.GetOnceAsync("/lists/worst-of");
        Assert.Contains("Monday, Wednesday at 06:00 Europe/Oslo", list.Words, StringComparison.Ordinal);
        Assert.Equal(5, list.Document.QuerySelectorAll("ol time").Length);
        var national = (await browser.GetOnceAsync("/lists/no-national")).Words;
        Assert.Contains("This is the national list of NO", national, StringComparison.Ordinal);
        Assert.DoesNotContain("Hotline (demo, NL)", national, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Criteria_say_who_decides_each()
    {
        using var browser = await site.SignInAsync("elise");
        var rows = (await browser.GetOnceAsync("/criteria/no-national/1")).Document.QuerySelectorAll("tbody tr").Select(row => (row.Children[0].TextContent, row.Children[2].TextContent.StartsWith("A curator", StringComparison.Ordinal)));
        Assert.Equal([("N1", true), ("N2", true), ("N3", true), ("N4", false), ("N5", false)], rows);
    }
}
