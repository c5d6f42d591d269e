using System.Globalization;
using BlockList.Tools.Deployments;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>The queue of what the never-block guard speaks against: for whom it is, in which order, and how much it counts.</summary>
public sealed class GuardQueueTests(CurationSite site) : IClassFixture<CurationSite>
{
    private const int Each = 20;

    private static readonly (string Name, string Effect, string[] Rules)[] Kinds =
    [
        ("a-refused", "left-out", ["own", "critical"]), ("b-overridable", "left-out", ["critical", "hand"]), ("c-touched", "touched", ["public-suffix"]),
    ];

    [Fact]
    public async Task What_is_published_comes_first_then_what_can_be_overridden_and_every_page_goes_on()
    {
        await ArrangeAsync();
        foreach (var person in new[] { "olav", "vera", "otto" })
        {
            using var browser = await site.SignInAsync(person);
            var first = await browser.GetAsync("/queue?tab=guard");
            Assert.Equal(3 * Each, CountOf(first));
            var names = NamesOf(first);
            Assert.Equal(50, names.Count);
            var second = await browser.GetAsync(first.Document.QuerySelector("a[rel=next]")!.GetAttribute("href")!);
            names.AddRange(NamesOf(second));
            Assert.Null(second.Document.QuerySelector("a[rel=next]"));

            Assert.Equal(3 * Each, names.Distinct().Count());
            Assert.Equal(Enumerable.Repeat("c-touched", Each).Concat(Enumerable.Repeat("b-overridable", Each)).Concat(Enumerable.Repeat("a-refused", Each)), names.Select(KindOf));
            Assert.Equal(3 * Each, CountOf(await browser.GetAsync("/queue/tabs?tab=guard")));
        }
    }

    [Fact]
    public async Task Curator_who_releases_as_well_learns_of_nothing_that_their_agency_may_yet_assess()
    {
        await ArrangeAsync();
        await site.AddPersonAsync("both.roles", "fr-police", "curator", "release-officer");
        using var both = await site.SignInAsync("both.roles");
        var queue = await both.GetAsync("/queue?tab=guard");
        Assert.Equal(Each, CountOf(queue));
        Assert.All(NamesOf(queue), name => Assert.Equal("c-touched", KindOf(name)));

        await site.AddPersonAsync("own.agency", "nl-hotline", "curator", "release-officer");
        using var own = await site.SignInAsync("own.agency");
        Assert.Equal(3 * Each, CountOf(await own.GetAsync("/queue?tab=guard")));
    }

    [Fact]
    public async Task Entry_that_was_ended_is_counted_no_more_and_other_people_have_no_such_tab()
    {
        await ArrangeAsync();
        await site.Database.ExecuteAsync("insert into publishing.guard_finding values ('worst-of', gen_random_uuid(), 'own', 'left-out', 'of no episode', now())");
        using var olav = await site.SignInAsync("olav");
        Assert.Equal(3 * Each, CountOf(await olav.GetAsync("/queue?tab=guard")));
        foreach (var person in new[] { "anna", "lena" })
        {
            using var browser = await site.SignInAsync(person);
            Assert.Null((await browser.GetAsync("/queue")).Document.QuerySelector("ul.tabs a[href*='tab=guard']"));
            Assert.Null((await browser.GetAsync("/queue/tabs?tab=guard")).Document.QuerySelector("a[href*='tab=guard']"));
        }
    }

    /// <summary>Once for the class: proposed by the Dutch hotline, and found by the publisher's run of a moment ago.</summary>
    private async Task ArrangeAsync()
    {
        if (await site.Database.ScalarAsync<bool>("select exists (select from publishing.guard_finding)")) return;
        await using var publisher = await SitePublisher.StartAsync(site);
        await publisher.ProposeAsync("bram", [.. Kinds.SelectMany(kind => Enumerable.Range(0, Each).Select(i => (string.Create(CultureInfo.InvariantCulture, $"{kind.Name}-{i}.example"), "domain")))]);
        foreach (var (name, effect, rules) in Kinds)
            await site.Database.ExecuteAsync("insert into publishing.guard_finding select e.list, e.id, rule, $2, 'a message', now() from curation.episode e cross join unnest($3::text[]) as rule where e.list = $4 and e.name like $1 || '-%'", name, effect, rules, DevelopmentKeys.WorstOf);
    }

    private static List<string> NamesOf(Page page) => [.. page.Document.QuerySelectorAll("tbody tr td:first-child").Select(cell => cell.TextContent.Trim())];

    private static string KindOf(string name) => Kinds.Single(kind => name.StartsWith(kind.Name, StringComparison.Ordinal)).Name;

    private static int CountOf(Page page) => int.Parse(page.Document.QuerySelector("a[href*='tab=guard'] .count")!.TextContent, CultureInfo.InvariantCulture);
}
