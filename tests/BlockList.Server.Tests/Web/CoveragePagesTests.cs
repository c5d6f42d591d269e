using System.Net;
using System.Text.Json;
using BlockList.Server.Tests.Distribution;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>What the operator's people see of coverage: curve, percentiles, who stands how, one provider, files.</summary>
public sealed class CoveragePagesTests(CurationSite site) : IClassFixture<CurationSite>, IAsyncLifetime
{
    private const string Fjord = "0199b000-0000-7000-8000-0000000000f1";
    private const string Polder = "0199b000-0000-7000-8000-0000000000f2";
    private const string Silent = "0199b000-0000-7000-8000-0000000000f3";

    private readonly CoverageWorld world = new(site.Database);

    /// <summary>Three providers: one applied both versions in minutes, one the first alone, one never came.</summary>
    public async ValueTask InitializeAsync()
    {
        if (await site.Database.ScalarAsync<long>("select count(*) from publishing.version where list = 'worst-of'") > 0) return;
        await world.PublishAsync(1, TimeSpan.FromDays(9));
        await world.PublishAsync(2, TimeSpan.FromDays(3));
        await world.PublishAsync(3, TimeSpan.FromDays(2), added: 0, removed: 2);
        foreach (var (id, name) in new[] { (Fjord, "=Fjordnett <b>"), (Polder, "Poldernet"), (Silent, "Quiet Net") })
            await site.Database.ExecuteAsync("with p as (insert into providers.provider (id, name, contact) values ($1::uuid, $2, 'noc') returning id) insert into providers.provider_list (provider_id, list) select id, 'worst-of' from p", id, name);
        await site.Database.ExecuteAsync("insert into providers.certificate (sha256, provider_id, not_before, not_after) values (repeat('c', 64), $1::uuid, now() - interval '1 day', now() + interval '20.5 days')", Fjord);
        await ReceiptAsync(Fjord, 1, TimeSpan.FromDays(8));
        await ReceiptAsync(Fjord, 2, TimeSpan.FromDays(3) - TimeSpan.FromSeconds(90));
        await ReceiptAsync(Fjord, 3, TimeSpan.FromDays(2) - TimeSpan.FromMinutes(30));
        await ReceiptAsync(Polder, 1, TimeSpan.FromDays(8));
        await site.Database.ExecuteAsync("""
            insert into distribution.download (at, certificate_sha256, provider_id, list, path, status, refusal, bytes) values
              (now() - interval '1 hour', 'c', $1::uuid, 'worst-of', 'tuf/timestamp.json', 304, null, 0), (now() - interval '2 hours', 'c', $1::uuid, 'national', 'tuf/timestamp.json', 403, 'list-not-granted', 9),
              (now() - interval '30 hours', 'd', $2::uuid, 'worst-of', 'tuf/timestamp.json', 200, null, 9)
            """, Fjord, Polder);
        await world.MeasureAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Curve_table_and_percentiles_say_the_same()
    {
        using var petra = await site.SignInAsync("petra");
        var page = (await petra.GetAsync("/coverage/worst-of?version=2")).Expect(HttpStatusCode.OK);

        Assert.Contains("Version 2 in force at 1 of 3", page.Words, StringComparison.Ordinal);
        Assert.Equal("Version 2 in force at 1 of 3 providers; the table below has the times", page.Document.QuerySelector("figure.curve svg")!.GetAttribute("aria-label"));
        Assert.Matches("^M36 150H[0-9.]+V[0-9.]+H[0-9.]+$", page.Document.QuerySelector("figure.curve path.line")!.GetAttribute("d"));
        var steps = page.Document.QuerySelectorAll("figure.curve ~ table tbody tr").Select(r => r.TextContent.Trim()).ToArray();
        Assert.Contains("60 s0 of 3", steps);
        Assert.Contains("5 min1 of 3", steps);
        // Of two providers that were there before: one within 90 seconds, one not within a day.
        var row = page.Document.QuerySelectorAll("details table tbody tr")[1];
        Assert.Contains("90 s · not within a day · not within a day", row.TextContent, StringComparison.Ordinal);
        Assert.Equal(3, page.Document.QuerySelectorAll("details table tbody tr").Length);
    }

    [Fact]
    public async Task Providers_are_filtered_by_how_they_stand_and_shown_as_they_are()
    {
        using var petra = await site.SignInAsync("petra");
        var stale = await petra.GetAsync("/coverage/worst-of?state=stale");

        Assert.Equal(["Poldernet"], stale.Document.QuerySelectorAll("table[data-rows] tbody th").Select(t => t.TextContent.Trim()));
        var all = await petra.GetAsync("/coverage/worst-of");
        Assert.Equal(["=Fjordnett <b>", "Poldernet", "Quiet Net"], all.Document.QuerySelectorAll("table[data-rows] tbody th").Select(t => t.TextContent.Trim()));
        Assert.Contains("never connected", all.Document.QuerySelectorAll("table[data-rows] tbody tr")[2].TextContent, StringComparison.Ordinal);
        Assert.Contains("up to date", all.Document.QuerySelectorAll("table[data-rows] tbody tr")[0].TextContent, StringComparison.Ordinal);
        var after = await petra.GetAsync($"/coverage/worst-of?after={Fjord}");
        Assert.Equal(2, after.Document.QuerySelectorAll("table[data-rows] tbody tr").Length);
        var overview = await petra.GetAsync("/coverage");
        Assert.Contains("3 at 1 of 3", overview.Words, StringComparison.Ordinal);
        Assert.NotNull(overview.Document.QuerySelector("a[href='/coverage/worst-of?state=stale']"));
    }

    [Fact]
    public async Task Provider_page_has_evidence_certificate_and_refusals_and_its_reading_is_recorded()
    {
        using var petra = await site.SignInAsync("petra");
        var page = (await petra.GetAsync($"/providers/{Fjord}")).Expect(HttpStatusCode.OK);

        Assert.Equal("=Fjordnett <b>", page.Heading);
        Assert.Contains("version 3, since", page.Words, StringComparison.Ordinal);
        Assert.Contains("the serial that it loaded", page.Words, StringComparison.Ordinal);
        Assert.Contains("20 days left", page.Words, StringComparison.Ordinal);
        Assert.Contains("list-not-granted", page.Words, StringComparison.Ordinal);
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from oversight.audit where action = 'provider.read' and actor = 'petra' and subject = $1", Fjord));
        (await petra.GetAsync($"/providers/{Guid.Empty}")).Expect(HttpStatusCode.NotFound);
        (await petra.GetAsync("/coverage/no-such-list")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Files_are_harmless_to_a_spreadsheet_and_json_is_whole()
    {
        using var petra = await site.SignInAsync("petra");
        var csv = await petra.GetAsync("/coverage/worst-of/providers.csv");

        Assert.Equal(4, csv.Text.Trim().Split('\n').Length);
        Assert.Contains("'=Fjordnett <b>", csv.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(",=Fjordnett", csv.Text, StringComparison.Ordinal);
        Assert.Contains("not within a day", (await petra.GetAsync("/coverage/worst-of/versions.csv")).Text, StringComparison.Ordinal);
        var json = JsonDocument.Parse((await petra.GetAsync("/coverage/worst-of/providers.json?state=stale")).Text).RootElement;
        Assert.Equal("Poldernet", json.EnumerateArray().Single().GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("anna", HttpStatusCode.Forbidden)]
    [InlineData("olav", HttpStatusCode.Forbidden)]
    [InlineData("petra", HttpStatusCode.OK)]
    [InlineData("vera", HttpStatusCode.OK)]
    [InlineData("oscar", HttpStatusCode.OK)]
    public async Task Coverage_is_for_the_operators_people_and_auditors(string person, HttpStatusCode expected)
    {
        using var browser = await site.SignInAsync(person);
        foreach (var path in new[] { "/coverage", "/coverage/worst-of", "/coverage/worst-of/providers.csv", $"/providers/{Silent}" }) (await browser.GetAsync(path)).Expect(expected);
    }

    [Fact]
    public async Task Alarm_says_how_many_and_leads_to_the_page()
    {
        using var oscar = await site.SignInAsync("oscar");
        var alarms = await oscar.GetAsync("/alarms");

        Assert.Contains("1 of 3 providers of list worst-of were not heard of for 24 hours", alarms.Words, StringComparison.Ordinal);
        Assert.Contains("Names that version 3 of list worst-of removed a day ago are free at 1 of 3 providers only", alarms.Words, StringComparison.Ordinal);
        Assert.NotNull(alarms.Document.QuerySelector("a[href='/coverage/worst-of']"));
    }

    private Task<int> ReceiptAsync(string provider, int version, TimeSpan ago) => site.Database.ExecuteAsync("""
        insert into distribution.receipt (at, provider_id, certificate_sha256, list, version, sha256, resolver, evidence, probes, left_out, agent_version, agent_clock, node)
        values (now() - $3, $1::uuid, repeat('c', 64), 'worst-of', $2, $4, 'unbound', 'serial', '{"first":"blocked"}', 0, '1', now() - $3, '00000000000000aa')
        """, provider, version, ago, CoverageWorld.HashOf(version));
}
