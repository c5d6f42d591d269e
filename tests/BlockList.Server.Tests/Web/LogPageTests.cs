using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>What people see of the transparency log: the newest checkpoint of each list, and whose agent knows another log.</summary>
public sealed class LogPageTests(CurationSite site) : IClassFixture<CurationSite>
{
    [Fact]
    public async Task Checkpoints_are_shown_to_all_and_receipts_that_differ_to_the_operators_people()
    {
        using var anna = await site.SignInAsync("anna");
        Assert.Contains("No list has a log yet", (await anna.GetAsync("/log")).Words, StringComparison.Ordinal);
        await site.Database.ExecuteAsync("""
            insert into publishing.log_leaf (list, position, targets_version, leaf, root_sha256, checkpoint)
            select list, n, n + 1, 'x', repeat(n::text, 64), 'x' from unnest(array['worst-of', 'no-national']) as list, generate_series(0, 4) n order by n
            """);
        using var petra = await site.SignInAsync("petra");
        var quiet = await petra.GetAsync("/log");
        Assert.Contains("Every agent that said which log it knows, knows ours", quiet.Words, StringComparison.Ordinal);
        Assert.Equal(2, quiet.Document.QuerySelectorAll("table.data tbody tr").Length);
        Assert.Contains(new string('4', 64), quiet.Words, StringComparison.Ordinal);

        await site.Database.ExecuteAsync("""
            insert into providers.provider (id, name, contact) values ('0199a000-0000-7000-8000-0000000000aa', 'Fjordnett <b>', 'noc@fjordnett.example')
            """);
        await site.Database.ExecuteAsync("""
            insert into distribution.receipt (provider_id, certificate_sha256, list, version, sha256, resolver, evidence, probes, left_out, agent_version, agent_clock, log_size, log_root, log_differs)
            select '0199a000-0000-7000-8000-0000000000aa', 'c', 'worst-of', n, repeat('a', 64), 'unbound', 'serial', '{}', 0, '1', now(), case when n = 60 then 9 else 3 end, repeat('f', 64), n > 1 from generate_series(1, 60) n
            """);
        var alarmed = await petra.GetAsync("/log");
        Assert.Contains("Receipts knew another log than ours", alarmed.Document.QuerySelector(".notice.error")!.TextContent, StringComparison.Ordinal);
        var rows = alarmed.Document.QuerySelectorAll("table.data")[1].QuerySelectorAll("tbody tr");
        Assert.Equal(50, rows.Length);
        Assert.Contains("Fjordnett <b>", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("ours is not that long", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains(new string('2', 64), rows[1].TextContent, StringComparison.Ordinal);
        var older = await petra.GetAsync(alarmed.Document.QuerySelector("a[rel=next]")!.GetAttribute("href")!);
        Assert.Equal(9, older.Document.QuerySelectorAll("table.data")[1].QuerySelectorAll("tbody tr").Length);

        var agencys = await anna.GetAsync("/log");
        Assert.Equal(2, agencys.Document.QuerySelectorAll("table.data tbody tr").Length);
        Assert.DoesNotContain("Fjordnett", agencys.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("another log", agencys.Text, StringComparison.Ordinal);
    }
}
