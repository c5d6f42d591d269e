using System.Net;
using BlockList.Tools.Deployments;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>What people see of the never-block guard's findings, and say to them: on the pages. Olav's agency voted, Cora's did not; Dirk is a
/// curator as well.</summary>
public sealed class GuardAnswerTests(CurationSite site) : IClassFixture<CurationSite>, IAsyncLifetime
{
    private const string List = DevelopmentKeys.WorstOf;
    private const string Reason = "the clinic closed; the name was sold";

    private SitePublisher publisher = null!;

    public async ValueTask InitializeAsync()
    {
        if (!await site.Database.ScalarAsync<bool>("select 'release-officer' = any (roles) from access.person where id = 'cora'"))
            await site.AppointAsync(("cora", ["release-officer"]), ("dirk", ["curator", "release-officer"]));
        publisher = await SitePublisher.StartAsync(site);
    }

    public ValueTask DisposeAsync() => publisher.DisposeAsync();

    [Fact]
    public async Task Release_officer_overrides_on_the_page_and_the_entry_is_published_with_the_next_version()
    {
        var handle = await LeftOutAsync("overridden.example");
        using var olav = await site.SignInAsync("olav");
        Assert.Contains("left out, can be overridden: critical service", RowOf(await olav.GetAsync("/queue?tab=guard"), "overridden.example"), StringComparison.Ordinal);
        var entry = await olav.GetAsync($"/entries/{handle}");
        Assert.Contains("Held by the never-block guard", entry.Words, StringComparison.Ordinal);
        Assert.Contains("overridden.example is a service that people depend on", entry.Words, StringComparison.Ordinal);
        Assert.Null(entry.Document.QuerySelector("form[action$=enforce]"));

        var wrong = (await olav.SubmitAsync(entry, "form[action$=override]", ("rule-critical", null))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(2, wrong.Document.QuerySelectorAll(".error-summary li").Length);
        Assert.All(wrong.Document.QuerySelectorAll(".error-summary a"), link => Assert.NotNull(wrong.Document.QuerySelector(link.GetAttribute("href")!)));
        var other = (await olav.SubmitAsync(wrong, "form[action$=override]", ("rule-own", "on"), ("note", Reason))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("Nobody can override this rule", other.Words, StringComparison.Ordinal);
        Assert.Equal(Reason, other.Document.QuerySelector("form[action$=override] textarea")!.TextContent);

        var done = await olav.SubmitAsync(wrong, "form[action$=override]", ("rule-critical", "on"), ("note", Reason));
        Assert.Contains("The override is recorded", done.Words, StringComparison.Ordinal);
        Assert.Contains("overrode the never-block register: critical service", done.Words, StringComparison.Ordinal);
        Assert.Contains(Reason, done.Words, StringComparison.Ordinal);
        Assert.Contains("overridden, the next version follows", done.Words, StringComparison.Ordinal);
        Assert.Null(done.Document.QuerySelector("form[action$=override]"));
        Assert.Contains("sent already", (await olav.SubmitAsync(wrong, "form[action$=override]", ("rule-critical", "on"), ("note", Reason))).Words, StringComparison.Ordinal);
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from curation.decision where name = 'overridden.example' and kind = 'override' and rule = 'critical'"));
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from oversight.audit a join curation.decision d on d.id::text = a.detail ->> 'first' where a.action = 'decision.submit' and a.actor = 'olav' and d.name = 'overridden.example'"));

        await publisher.RunAsync(List);
        var published = await olav.GetAsync($"/entries/{handle}");
        Assert.NotNull(published.Document.QuerySelector("a[href^='/lists/worst-of/versions/']"));
        Assert.DoesNotContain("Held by the never-block guard", published.Words, StringComparison.Ordinal);
        Assert.Equal("", RowOf(await olav.GetAsync("/queue?tab=guard"), "overridden.example"));
    }

    [Fact]
    public async Task Curator_reads_that_the_entry_is_held_and_has_no_form_for_it()
    {
        var handle = await LeftOutAsync("held.example");
        using var bram = await site.SignInAsync("bram");
        var entry = await bram.GetAsync($"/entries/{handle}");
        Assert.Contains("Held by the never-block guard: this entry is not on the list", entry.Words, StringComparison.Ordinal);
        Assert.Null(entry.Document.QuerySelector("form[action$=override], form[action$=enforce]"));
        Assert.Contains("held by the never-block guard", RowOf(await bram.GetAsync("/entries?q=held.example"), "held.example"), StringComparison.Ordinal);
        foreach (var step in new[] { "override", "enforce" })
            (await bram.PostAsync($"/entries/{handle}/{step}", ("list", List), ("note", Reason), ("rule-critical", "on"))).Expect(HttpStatusCode.Forbidden);

        var queue = await bram.GetAsync("/queue?tab=guard");
        Assert.Null(queue.Document.QuerySelector("ul.tabs a[href*='tab=guard']"));
        Assert.Contains("tab=review", queue.Document.QuerySelector("ul.tabs a[aria-current=page]")!.GetAttribute("href"), StringComparison.Ordinal);
        Assert.Equal("", RowOf(queue, "held.example"));
    }

    [Fact]
    public async Task Whoever_may_not_see_the_votes_reads_what_is_true_of_the_name_and_no_decision()
    {
        var handle = await LeftOutAsync("unseen.example");
        await site.ProtectAsync("waiting.example");
        using (var bram = await site.SignInAsync("bram")) await bram.ProposeAsync("waiting.example", site.Clock.GetUtcNow().AddHours(-3));
        using var elise = await site.SignInAsync("elise");
        var decided = await elise.GetAsync($"/entries/{handle}");
        var open = await elise.GetAsync($"/entries/{await site.HandleOfAsync("waiting.example")}");

        // Whether others have found it met, and it is held for that, cannot be told from the two.
        Assert.Contains("unseen.example is a service that people depend on", decided.Words, StringComparison.Ordinal);
        Assert.Equal(open.Words.Replace("waiting.example", "NAME", StringComparison.Ordinal), decided.Words.Replace("unseen.example", "NAME", StringComparison.Ordinal));
        Assert.DoesNotContain("held by", RowOf(await elise.GetAsync("/entries?q=unseen.example"), "unseen.example"), StringComparison.Ordinal);

        // A release officer of an agency without a vote learns what the guard found, and nothing of the votes.
        using var cora = await site.SignInAsync("cora");
        var hers = await cora.GetAsync($"/entries/{handle}");
        Assert.Contains("Held by the never-block guard", hers.Words, StringComparison.Ordinal);
        Assert.NotNull(hers.Document.QuerySelector("form[action$=override]"));
        foreach (var secret in new[] { "bram", "anna", "Hotline (demo, NL)", "National Police" }) Assert.DoesNotContain(secret, hers.Words, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Touched_entry_leaves_when_a_second_release_officer_enforces_the_rule()
    {
        // With it as the last entry, only the list's owner would let it go.
        await site.FoundAsync("stays.example");
        var handle = await site.FoundAsync("touched.example");
        await publisher.RunAsync(List);
        await site.ProtectAsync("touched.example");
        await publisher.RunAsync(List);
        using var olav = await site.SignInAsync("olav");
        Assert.Contains("published and touched: critical service", RowOf(await olav.GetAsync("/queue?tab=guard"), "touched.example"), StringComparison.Ordinal);
        var entry = await olav.GetAsync($"/entries/{handle}");
        Assert.Contains("A rule of the never-block guard touches this published entry", entry.Words, StringComparison.Ordinal);
        Assert.Contains("It takes two release officers", entry.Words, StringComparison.Ordinal);

        var asked = await olav.SubmitAsync(entry, "form[action$=enforce]", ("note", Reason));
        Assert.Contains("you asked to enforce it, a second release officer is needed", asked.Words, StringComparison.Ordinal);
        Assert.Contains("wants the never-block guard to hold: critical service", asked.Words, StringComparison.Ordinal);
        Assert.Null(asked.Document.QuerySelector("form[action$=enforce]"));
        var again = await olav.PostAsync($"/entries/{handle}/enforce", ("list", List), ("note", Reason), ("rule-critical", "on"));
        Assert.Contains("You asked for this already", again.Expect(HttpStatusCode.UnprocessableEntity).Words, StringComparison.Ordinal);
        await publisher.RunAsync(List);

        using var elise = await site.SignInAsync("elise");
        var blind = await elise.GetAsync($"/entries/{handle}");
        Assert.Contains("touches this published entry", blind.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("asked to enforce", blind.Words, StringComparison.Ordinal);
        using var dirk = await site.SignInAsync("dirk");
        Assert.Contains("olav asked to enforce it", (await dirk.GetAsync($"/entries/{handle}")).Words, StringComparison.Ordinal);
        using var cora = await site.SignInAsync("cora");
        var hers = await cora.GetAsync($"/entries/{handle}");
        Assert.Contains("a release officer asked to enforce it", hers.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("olav", hers.Words, StringComparison.Ordinal);
        Assert.Contains("enforced it, the next version follows", (await cora.SubmitAsync(hers, "form[action$=enforce]", ("note", Reason))).Words, StringComparison.Ordinal);
        await publisher.RunAsync(List);
        Assert.Contains("left out, can be overridden: critical service; enforced", RowOf(await olav.GetAsync("/queue?tab=guard"), "touched.example"), StringComparison.Ordinal);
        Assert.Equal(0L, await site.Database.ScalarAsync<long>("select count(*) from publishing.published_entry where line = 'touched.example'"));
    }

    [Fact]
    public async Task Who_overrode_is_told_on_the_assess_page_that_a_colleague_assesses()
    {
        var handle = await LeftOutAsync("overrode.example");
        using var dirk = await site.SignInAsync("dirk");
        var before = await dirk.GetAsync($"/entries/{handle}/assess?list={List}");
        var done = await dirk.SubmitAsync(await dirk.GetAsync($"/entries/{handle}"), "form[action$=override]", ("note", Reason));
        Assert.Null(done.Document.QuerySelector("button[data-action=assess]"));

        var refused = (await dirk.AssessAsync(before)).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("You overrode the never-block register for this entry", refused.Words, StringComparison.Ordinal);
        Assert.Equal(0L, await site.Database.ScalarAsync<long>("select count(*) from curation.decision where name = 'overrode.example' and person = 'dirk' and kind = 'assessment'"));
    }

    [Fact]
    public async Task Who_voted_has_no_form_and_is_told_why()
    {
        await site.ProtectAsync("voted.example");
        using var dirk = await site.SignInAsync("dirk");
        Assert.Contains("waits until a release officer who has not assessed it", (await dirk.ProposeAsync("voted.example", site.Clock.GetUtcNow().AddHours(-3))).Words, StringComparison.Ordinal);
        var handle = await site.HandleOfAsync("voted.example");
        using var bram = await site.SignInAsync("bram");
        await bram.AssessAsync(await bram.BeginAsync(handle));
        await publisher.RunAsync(List);

        var entry = await dirk.GetAsync($"/entries/{handle}");
        Assert.Contains("another release officer has to remove it, or to answer the never-block guard", entry.Words, StringComparison.Ordinal);
        Assert.Null(entry.Document.QuerySelector("form[action$=override]"));
        var refused = await dirk.PostAsync($"/entries/{handle}/override", ("list", List), ("note", Reason), ("rule-critical", "on"));
        Assert.Contains("Nobody overrides the never-block register for an entry that they assessed", refused.Expect(HttpStatusCode.UnprocessableEntity).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_lost_in_mid_override_brings_the_form_back_as_it_was()
    {
        var handle = await LeftOutAsync("lost.example");
        using var olav = await site.SignInAsync("olav");
        var entry = await olav.GetAsync($"/entries/{handle}");
        await site.Database.ExecuteAsync("update access.session set ended_at = now(), ended_because = 'idle' where person = 'olav'");

        var asked = (await olav.SubmitAsync(entry, "form[action$=override]", ("note", Reason))).Expect(HttpStatusCode.Unauthorized);
        var back = await olav.SubmitAsync(await olav.SubmitAsync(asked, "form[action='/development/sign-in/choose']"), "button[value=olav]");

        Assert.StartsWith($"/entries/{handle}/override?kept=", olav.Path, StringComparison.Ordinal);
        Assert.Equal(Reason, back.Document.QuerySelector("details[open] form[action$=override] textarea")!.TextContent);
        Assert.Contains("The override is recorded", (await olav.SubmitAsync(back, "form[action$=override]")).Words, StringComparison.Ordinal);
    }

    private async Task<Guid> LeftOutAsync(string name)
    {
        await site.ProtectAsync(name);
        var handle = await site.FoundAsync(name);
        await publisher.RunAsync(List);
        Assert.Equal("left-out", await site.Database.ScalarAsync<string>("select f.effect from publishing.guard_finding f join curation.episode e on e.id = f.episode_id where e.name = $1", name));
        return handle;
    }

    private static string RowOf(Page page, string name) => string.Join(' ', page.Document.QuerySelectorAll("tbody tr").Where(row => row.TextContent.Contains(name, StringComparison.Ordinal))
        .SelectMany(row => row.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
}
