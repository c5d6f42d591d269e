using System.Globalization;
using System.Text;
using BlockList.Server.Curation.Importing;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>Whichever way a search takes through the indexes, it finds the same entries, each once, page after page. The ways differ by how
/// many names share a part and how many entries there are, so the counts are made to say that there are many.</summary>
public sealed class SearchTests(CurationSite site) : IClassFixture<CurationSite>, IAsyncLifetime
{
    private const int Names = 1250;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // Once for all tests of the class.
        if (await site.Database.ScalarAsync<long>("select count(*) from curation.subject") > 0) return;
        var seen = site.Clock.GetUtcNow().AddDays(-1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var csv = new StringBuilder("domain,scope,sighted_at,c1,c2,c3,reference,note\n");
        for (var i = 0; i < Names; i++) csv.Append(CultureInfo.InvariantCulture, $"{NameOf(i)},{(i % 5 == 0 ? "host" : "domain")},{seen},met,met,met,CASE:{i},\n");
        csv.Append(CultureInfo.InvariantCulture, $"bücher-wide.example,domain,{seen},met,met,met,,\n");
        var staged = Assert.IsType<StageOutcome.Staged>(await site.Services.GetRequiredService<StageImport>().RunAsync(Encoding.UTF8.GetBytes(csv.ToString()), "wide.csv", DevelopmentKeys.WorstOf, "anna", false, false, null, Ct));
        await using var publisher = await SitePublisher.StartAsync(site);
        await publisher.SignAsync("anna", prepare => prepare.ForImportAsync(staged.Import!.Value, site.Cast["anna"].Credential().Id, Ct), staged.Import);
        await publisher.ReviewAsync("bram", [.. Enumerable.Range(0, Names).Where(i => i % 4 == 0).Select(NameOf)]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    // Shared by more names than are looked up one by one, by some, by one, by none.
    [InlineData("anna", "q=wide", "name like '%wide%'", Names + 1)]
    [InlineData("anna", "q=-00", "name like '%-00%'", 100)]
    [InlineData("anna", "q=wide-0001.a.example", "name like '%wide-0001.a.example%'", 1)]
    [InlineData("anna", "q=nothing-of-it", "false", 0)]
    // Whole names, by their own label; a part with a dot that letters of other scripts stand behind.
    [InlineData("anna", "q=a.example", "name like '%a.example'", Names)]
    [InlineData("anna", "q=b%C3%BCcher-wide.example", "name = 'xn--bcher-wide-9db.example'", 1)]
    [InlineData("anna", "q=cher-wide.ex", "name = 'xn--bcher-wide-9db.example'", 1)]
    // Within states: with an index of their own, and without.
    [InlineData("anna", "q=wide&state=review", "name like '%wide%' and stage = 'review'", 938)]
    [InlineData("anna", "q=-00&state=review", "name like '%-00%' and stage = 'review'", 75)]
    [InlineData("anna", "q=wide&state=eligible", "name like '%wide%' and stage = 'eligible'", 313)]
    [InlineData("anna", "q=-00&state=eligible", "name like '%-00%' and stage = 'eligible'", 25)]
    [InlineData("anna", "q=wide&state=removed", "false", 0)]
    [InlineData("vera", "q=-00&agency=nl-hotline", "name like '%-00%' and stage = 'eligible'", 25)]
    [InlineData("anna", "state=eligible", "stage = 'eligible'", 313)]
    [InlineData("elise", "q=wide&state=review", "name like '%wide%' and stage = 'review'", 938)]
    [InlineData("elise", "q=wide&state=eligible", "false", 0)]
    public async Task Every_way_finds_the_same(string person, string query, string entries, int count)
    {
        var expected = await site.Database.ScalarAsync<string>($"select coalesce(string_agg(name, ' ' order by name), '') from curation.episode where is_current and ({entries})");
        Assert.Equal(count, expected!.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(expected, string.Join(' ', await FindAsync(person, query)));

        // The same among many entries, as the counts have it: then other ways are taken.
        await site.Database.ExecuteAsync("insert into curation.tally (list, queue, voters, n) select 'worst-of', queue, voters, 300000 from (select distinct queue, voters from curation.tally where list = 'worst-of') as t");
        try
        {
            Assert.Equal(expected, string.Join(' ', (await FindAsync(person, query)).Order(StringComparer.Ordinal)));
        }
        finally
        {
            await site.Database.ExecuteAsync("delete from curation.tally where n = 300000");
        }
    }

    private static string NameOf(int i) => string.Create(CultureInfo.InvariantCulture, $"wide-{i:D4}.a.example");

    /// <summary>All pages, in their order.</summary>
    private async Task<List<string>> FindAsync(string person, string query)
    {
        using var browser = await site.SignInAsync(person);
        var found = new List<string>();
        for (var address = $"/entries?{query}"; address is not null;)
        {
            var page = (await browser.GetAsync(address)).Expect(System.Net.HttpStatusCode.OK);
            found.AddRange(page.Document.QuerySelectorAll("tbody tr .listed .name:not(.unicode)").Select(name => name.TextContent));
            Assert.True(found.Count <= Names + 1, "pages without end");
            address = page.Document.QuerySelector("a[rel=next]")?.GetAttribute("href");
        }
        return found;
    }
}
