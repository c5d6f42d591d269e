using System.Globalization;
using System.Net;
using AngleSharp.Html.Dom;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>What goes wrong between people, browsers and time: nothing typed is lost, nothing is decided twice, and nobody
/// replaces a vote that they have not seen.</summary>
public sealed class HardCaseTests(CurationSite site) : IClassFixture<CurationSite>
{
    private const string Typed = "Seen by two of us; see the case file.\nSecond line — “quoted” & <b>.";

    [Fact]
    public async Task Second_of_two_people_on_one_entry_is_told_and_keeps_what_was_typed()
    {
        var handle = await ProposedAsync("two-people.example");
        using var anna = await site.SignInAsync("anna");
        using var dirk = await site.SignInAsync("dirk");
        var hers = await anna.BeginAsync(handle);
        var his = await dirk.GetAsync($"/entries/{handle}/assess?list=worst-of");
        Assert.Contains("Anna is assessing this entry", his.Words, StringComparison.OrdinalIgnoreCase);

        var held = (await dirk.AssessAsync(his, "not-met", note: Typed)).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("has claimed this entry", held.Words, StringComparison.Ordinal);
        AssertTyped(held, "not-met");

        await anna.AssessAsync(hers, note: "as anna saw it");
        var late = (await dirk.SubmitAsync(held, "form.panel button[value=stay]")).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("A colleague of your agency voted on this entry while you had it open", late.Words, StringComparison.Ordinal);
        Assert.Contains("as anna saw it", late.Words, StringComparison.Ordinal);
        AssertTyped(late, "not-met");
        Assert.Equal("anna", await VotesAsync(handle));

        // Having seen her vote, he replaces it with what still stands in the form.
        var entry = (await dirk.SubmitAsync(late, "form.panel button[value=stay]")).Expect(HttpStatusCode.OK);
        Assert.Contains("Your assessment is recorded", entry.Words, StringComparison.Ordinal);
        Assert.Equal("anna dirk", await VotesAsync(handle));
        Assert.Contains("replaced since", entry.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_lost_in_mid_assessment_brings_the_form_back_as_it_was()
    {
        var handle = await ProposedAsync("lost-session.example");
        using var elise = await site.SignInAsync("elise");
        var form = await elise.BeginAsync(handle);
        await site.Database.ExecuteAsync("update access.session set ended_at = now(), ended_because = 'idle' where person = 'elise'");

        var asked = (await elise.AssessAsync(form, note: Typed)).Expect(HttpStatusCode.Unauthorized);
        var back = await elise.SubmitAsync(await elise.SubmitAsync(asked, "form[action='/development/sign-in/choose']"), "button[value=elise]");

        Assert.StartsWith($"/entries/{handle}/assess?kept=", elise.Path, StringComparison.Ordinal);
        AssertTyped(back, "met");
        Assert.Equal("", await VotesAsync(handle));
        Assert.Contains("Your assessment is recorded", (await elise.SubmitAsync(back, "form.panel button[value=stay]")).Words, StringComparison.Ordinal);
        Assert.Equal("elise", await VotesAsync(handle));
    }

    [Fact]
    public async Task Session_lost_while_a_colleague_voted_tells_of_the_vote_too()
    {
        var handle = await ProposedAsync("lost-and-late.example");
        using var anna = await site.SignInAsync("anna");
        var form = await anna.BeginAsync(handle);
        await site.Database.ExecuteAsync("update access.session set ended_at = now(), ended_because = 'idle' where person = 'anna'");
        await site.Database.ExecuteAsync("update curation.claim set taken_at = taken_at - interval '2 hours', expires_at = expires_at - interval '2 hours' where person = 'anna'");
        using var dirk = await site.SignInAsync("dirk");
        await dirk.AssessAsync(await dirk.BeginAsync(handle), note: "dirk was first");

        var asked = await anna.AssessAsync(form, "not-met", note: Typed);
        var back = await anna.SubmitAsync(await anna.SubmitAsync(asked, "form[action='/development/sign-in/choose']"), "button[value=anna]");

        Assert.Contains("A colleague of your agency voted on this entry while you had it open", back.Words, StringComparison.Ordinal);
        Assert.Contains("dirk was first", back.Words, StringComparison.Ordinal);
        AssertTyped(back, "not-met");
    }

    [Fact]
    public async Task Assessment_sent_twice_at_once_counts_once()
    {
        var handle = await ProposedAsync("double-click.example");
        using var elise = await site.SignInAsync("elise");
        // Of other tests.
        await site.Database.ExecuteAsync("delete from curation.claim where person = 'elise'");
        var fields = FormOf(await elise.BeginAsync(handle), "met", "next");

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => elise.PostOnceAsync($"/entries/{handle}/assess", fields)));

        Assert.All(answers, answer => answer.Expect(HttpStatusCode.Redirect));
        Assert.Equal("elise", await VotesAsync(handle));
        // Each of them leads on, and none of them leaves a claim behind that nobody works on.
        Assert.True(await site.Database.ScalarAsync<long>("select count(*) from curation.claim where person = 'elise'") <= 1);
    }

    [Fact]
    public async Task Proposal_sent_twice_at_once_counts_once()
    {
        using var elise = await site.SignInAsync("elise");
        var page = await elise.GetAsync("/propose?list=worst-of");
        var typed = new[] { ("name", "double-proposal.example"), ("scope", "domain"), ("sighted-at", SightedAt) }.Concat(CuratorSteps.Verdicts("met").Select(v => (v.Name, v.Value!))).ToArray();
        var fields = Browser.FieldsOf((IHtmlFormElement)page.Document.QuerySelector("form[action='/propose']")!).Where(f => f.Name != "form-token" && typed.All(t => t.Item1 != f.Name)).Concat(typed).ToArray();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => elise.PostOnceAsync("/propose", fields)));

        Assert.All(answers, answer => answer.Expect(HttpStatusCode.Redirect));
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from curation.decision where name = 'double-proposal.example'"));
    }

    [Fact]
    public async Task Form_that_the_back_button_shows_is_not_taken_for_a_new_one()
    {
        var handle = await ProposedAsync("back-button.example");
        using var elise = await site.SignInAsync("elise");
        var form = await elise.BeginAsync(handle);
        await elise.AssessAsync(form);

        // A browser may show the old page from memory; what is changed in it then is not stored, and that is said.
        var again = await elise.AssessAsync(form, "not-met", note: "second thoughts");
        Assert.Contains("sent already and counts once", again.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Your assessment is recorded", again.Words, StringComparison.Ordinal);
        Assert.Equal("elise", await VotesAsync(handle));
        Assert.DoesNotContain("second thoughts", again.Words, StringComparison.Ordinal);

        // Or it asks for the page: it shows the vote, and a form that replaces it.
        var fresh = await elise.GetAsync($"/entries/{handle}/assess?list=worst-of");
        Assert.Contains("What your agency said", fresh.Words, StringComparison.Ordinal);
        Assert.Contains("Your assessment is recorded", (await elise.AssessAsync(fresh, "not-met", note: "second thoughts")).Words, StringComparison.Ordinal);
        Assert.Equal("elise elise", await VotesAsync(handle));
    }

    [Fact]
    public async Task Role_withdrawn_a_second_ago_stops_the_assessment_and_keeps_what_was_typed()
    {
        var handle = await ProposedAsync("role-gone.example");
        using var dirk = await site.SignInAsync("dirk");
        var form = await dirk.BeginAsync(handle);
        using var astrid = await site.SignInAsync("astrid");
        await astrid.SubmitAsync(await astrid.GetAsync("/people/dirk"), "form[action$=roles]", ("roles", "release-officer"));

        var refused = (await dirk.AssessAsync(form, note: Typed)).Expect(HttpStatusCode.Forbidden);
        Assert.Equal("Your role does not open this page", refused.Heading);
        Assert.Contains("What you typed is kept", refused.Words, StringComparison.Ordinal);
        Assert.Equal("", await VotesAsync(handle));

        await astrid.SubmitAsync(await astrid.GetAsync("/people/dirk"), "form[action$=roles]", ("roles", "curator"));
        var back = await dirk.GetAsync(refused.Document.QuerySelector("main a.button")!.GetAttribute("href")!);
        AssertTyped(back, "met");
        await dirk.SubmitAsync(back, "form.panel button[value=stay]");
        Assert.Equal("dirk", await VotesAsync(handle));
    }

    [Fact]
    public async Task Agency_with_one_person_works_alone_and_is_told_where_it_needs_another()
    {
        var handle = await ProposedAsync("one-person.example");
        using var elise = await site.SignInAsync("elise");
        await elise.BeginAsync(handle);
        var held = await elise.GetAsync($"/entries/{handle}");
        Assert.Null(held.Document.QuerySelector("form[action$=hand-over]"));
        (await elise.PostAsync($"/entries/{handle}/claim/hand-over", ("list", "worst-of"), ("colleague", "elise"))).Expect(HttpStatusCode.UnprocessableEntity);
        var form = await elise.GetAsync($"/entries/{handle}/assess?list=worst-of");
        Assert.Contains("there is nobody else of your agency", form.Words, StringComparison.Ordinal);

        Assert.Contains("waits for other agencies", (await elise.PostAsync($"/entries/{handle}/conflict", ("list", "worst-of"))).Words, StringComparison.Ordinal);
        Assert.DoesNotContain("one-person.example", (await elise.GetAsync("/queue?tab=review")).Text, StringComparison.Ordinal);
        Assert.Contains("conflict of interest", (await elise.AssessAsync(form)).Expect(HttpStatusCode.UnprocessableEntity).Words, StringComparison.Ordinal);
        // Another agency is not held up by it.
        using var anna = await site.SignInAsync("anna");
        await anna.AssessAsync(await anna.BeginAsync(handle));
        Assert.Equal("eligible", await site.Database.ScalarAsync<string>("select stage from curation.episode where subject_id = $1", handle));
    }

    [Fact]
    public async Task Administrator_cannot_vote()
    {
        var handle = await ProposedAsync("administrator.example");
        foreach (var person in new[] { "astrid", "oscar" })
        {
            using var administrator = await site.SignInAsync(person);
            (await administrator.GetAsync("/propose")).Expect(HttpStatusCode.Forbidden);
            (await administrator.GetAsync($"/entries/{handle}/assess?list=worst-of")).Expect(HttpStatusCode.Forbidden);
            foreach (var step in new[] { "assess", "claim", "sighting", "withdraw", "remove", "reference", "notification", "conflict" })
                (await administrator.PostAsync($"/entries/{handle}/{step}", [("list", "worst-of"), ("seen-vote", "none"), ("note", "x"), ("sighted-at", SightedAt), .. CuratorSteps.Verdicts("met")!])).Expect(HttpStatusCode.Forbidden);
            (await administrator.PostAsync("/propose", [("list", "worst-of"), ("name", "administrators.example"), ("scope", "domain"), ("sighted-at", SightedAt), .. CuratorSteps.Verdicts("met")!])).Expect(HttpStatusCode.Forbidden);
        }
        Assert.Equal("", await VotesAsync(handle));
        // Nor by giving the role to themselves: the database knows no such person.
        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => site.Database.ExecuteAsync("update access.person set roles = roles || '{curator}' where id = 'astrid'"));
        Assert.Equal("person_administrator_has_no_vote", refused.ConstraintName);
    }

    [Fact]
    public async Task One_agency_cannot_list()
    {
        await using var publisher = await SitePublisher.StartAsync(site);
        using var anna = await site.SignInAsync("anna");
        await anna.ProposeAsync("alone.example", site.Clock.GetUtcNow().AddHours(-3));
        var handle = await site.HandleOfAsync("alone.example");
        // A colleague of the agency assesses it too: that replaces her vote and adds none.
        using var dirk = await site.SignInAsync("dirk");
        var entry = await dirk.AssessAsync(await dirk.BeginAsync(handle));
        Assert.Contains("1 of 2 agencies, 1 of 2 countries", entry.Words, StringComparison.Ordinal);
        // Another agency of the same country is still one country.
        using var cora = await site.SignInAsync("cora");
        Assert.Contains("2 of 2 agencies, 1 of 2 countries", (await cora.AssessAsync(await cora.BeginAsync(handle))).Words, StringComparison.Ordinal);

        await publisher.PublishAsync("worst-of");
        Assert.Equal(0L, await site.Database.ScalarAsync<long>("select count(*) from publishing.entry where line = 'alone.example'"));

        using var elise = await site.SignInAsync("elise");
        await elise.AssessAsync(await elise.BeginAsync(handle));
        await publisher.PublishAsync("worst-of");
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from publishing.entry where line = 'alone.example'"));
    }

    [Fact]
    public async Task Claim_of_another_cannot_be_submitted()
    {
        var handle = await ProposedAsync("claimed.example");
        using var anna = await site.SignInAsync("anna");
        await anna.BeginAsync(handle);
        using var dirk = await site.SignInAsync("dirk");
        var fields = FormOf(await dirk.GetAsync($"/entries/{handle}/assess?list=worst-of"), "met", "stay");

        var refused = (await dirk.PostAsync($"/entries/{handle}/assess", fields)).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("Ask them to hand it over", refused.Words, StringComparison.Ordinal);
        (await dirk.PostAsync($"/entries/{handle}/claim", ("list", "worst-of"), ("then", "assess"))).Expect(HttpStatusCode.UnprocessableEntity);
        (await dirk.PostAsync($"/entries/{handle}/claim/release", ("list", "worst-of"))).Expect(HttpStatusCode.UnprocessableEntity);
        (await dirk.PostAsync($"/entries/{handle}/claim/hand-over", ("list", "worst-of"), ("colleague", "dirk"))).Expect(HttpStatusCode.UnprocessableEntity);
        // A claim ends at the border of the agency: others are not stopped by it, nor told of it.
        using var elise = await site.SignInAsync("elise");
        Assert.DoesNotContain("Anna", (await elise.BeginAsync(handle)).Expect(HttpStatusCode.OK).Words, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("", await VotesAsync(handle));
        Assert.Equal("anna elise", await site.Database.ScalarAsync<string>("select string_agg(c.person, ' ' order by c.person) from curation.claim c join curation.episode e on e.id = c.episode_id where e.subject_id = $1", handle));
    }

    private string SightedAt => site.Clock.GetUtcNow().AddHours(-3).UtcDateTime.ToString(CuratorSteps.TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>A name that bram has proposed and nobody else has seen.</summary>
    private async Task<Guid> ProposedAsync(string name)
    {
        using var bram = await site.SignInAsync("bram");
        (await bram.ProposeAsync(name, site.Clock.GetUtcNow().AddHours(-3))).Expect(HttpStatusCode.OK);
        return await site.HandleOfAsync(name);
    }

    /// <summary>Who assessed it, in order.</summary>
    private async Task<string?> VotesAsync(Guid handle) => await site.Database.ScalarAsync<string>(
        "select coalesce(string_agg(d.person, ' ' order by d.position), '') from curation.decision d join curation.episode e on e.id = d.episode_id where e.subject_id = $1 and d.kind = 'assessment'", handle);

    private static void AssertTyped(Page page, string verdict)
    {
        Assert.Equal(Typed, page.Document.QuerySelector("textarea[name=note]")!.TextContent);
        foreach (var (field, _) in CuratorSteps.Verdicts(verdict)) Assert.True(page.Document.QuerySelector($"input[name={field}][value={verdict}]")!.HasAttribute("checked"), $"{field} is not {verdict} any more");
    }

    private static (string, string)[] FormOf(Page page, string verdict, string then) =>
        [.. Browser.FieldsOf((IHtmlFormElement)page.Expect(HttpStatusCode.OK).Document.QuerySelector("form.panel")!).Where(f => f.Name != "form-token" && !f.Name.StartsWith("verdict-", StringComparison.Ordinal)), .. CuratorSteps.Verdicts(verdict).Select(v => (v.Name, v.Value!)), ("then", then)];
}
