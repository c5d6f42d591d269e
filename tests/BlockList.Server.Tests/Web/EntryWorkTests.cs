using System.Globalization;
using System.Net;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>The small steps around an entry, through their forms: claims, references, notifications, sightings, endings; and
/// filters that a person keeps.</summary>
public sealed class EntryWorkTests(CurationSite site) : IClassFixture<CurationSite>
{
    [Fact]
    public async Task Claim_is_handed_over_to_a_colleague_who_goes_on()
    {
        var handle = await ProposedAsync("handed-over.example");
        using var anna = await site.SignInAsync("anna");
        await anna.BeginAsync(handle);
        var entry = await anna.GetAsync($"/entries/{handle}");
        Assert.Equal(["dirk"], entry.Document.QuerySelectorAll("select[name=colleague] option").Select(option => option.GetAttribute("value")));

        var given = await anna.SubmitAsync(entry, "form[action$=hand-over]");
        Assert.Contains("The claim is your colleague's now", given.Words, StringComparison.Ordinal);
        Assert.Null(given.Document.QuerySelector("form[action$=hand-over]"));
        using var dirk = await site.SignInAsync("dirk");
        Assert.Contains("handed-over.example", (await dirk.GetAsync("/queue?tab=mine")).Text, StringComparison.Ordinal);
        await dirk.AssessAsync(await dirk.BeginAsync(handle));
        Assert.Equal("dirk", await site.Database.ScalarAsync<string>("select person from curation.decision where name = 'handed-over.example' and kind = 'assessment'"));
        Assert.Equal(0L, await ClaimsAsync(handle));
    }

    [Theory]
    [InlineData("bram", "of another agency")]
    [InlineData("astrid", "no curator")]
    [InlineData("nobody", "nobody")]
    [InlineData("anna", "oneself")]
    [InlineData("", "not chosen")]
    public async Task Claim_goes_to_no_one_but_a_curator_of_the_agency(string colleague, string why)
    {
        var handle = await ProposedAsync($"kept-{colleague}-x.example");
        using var anna = await site.SignInAsync("anna");
        await anna.BeginAsync(handle);

        var refused = (await anna.PostAsync($"/entries/{handle}/claim/hand-over", ("list", "worst-of"), ("colleague", colleague))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("The claim was not handed over", refused.Words, StringComparison.Ordinal);
        Assert.True("anna" == await site.Database.ScalarAsync<string>("select c.person from curation.claim c join curation.episode e on e.id = c.episode_id where e.subject_id = $1", handle), why);
        await anna.PostAsync($"/entries/{handle}/claim/release", ("list", "worst-of"));
    }

    [Fact]
    public async Task Claim_is_not_handed_to_someone_with_a_conflict_of_interest()
    {
        var handle = await ProposedAsync("conflicted.example");
        using var dirk = await site.SignInAsync("dirk");
        Assert.Contains("waits for a colleague", (await dirk.PostAsync($"/entries/{handle}/conflict", ("list", "worst-of"))).Words, StringComparison.Ordinal);
        Assert.DoesNotContain("conflicted.example", (await dirk.GetAsync("/queue?tab=review")).Text, StringComparison.Ordinal);
        using var anna = await site.SignInAsync("anna");
        await anna.BeginAsync(handle);
        (await anna.PostAsync($"/entries/{handle}/claim/hand-over", ("list", "worst-of"), ("colleague", "dirk"))).Expect(HttpStatusCode.UnprocessableEntity);
        (await dirk.PostAsync($"/entries/{handle}/assess", [("list", "worst-of"), ("seen-vote", "none"), .. CuratorSteps.Verdicts("met")!])).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("You declared a conflict of interest", (await dirk.GetAsync($"/entries/{handle}")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claim_ends_by_itself_after_half_an_hour()
    {
        var handle = await ProposedAsync("expires.example");
        using var anna = await site.SignInAsync("anna");
        var form = await anna.BeginAsync(handle);
        using var dirk = await site.SignInAsync("dirk");
        (await dirk.PostAsync($"/entries/{handle}/claim", ("list", "worst-of"), ("then", "assess"))).Expect(HttpStatusCode.UnprocessableEntity);
        await site.Database.ExecuteAsync("update curation.claim set taken_at = taken_at - interval '31 minutes', expires_at = expires_at - interval '31 minutes' where person = 'anna'");

        var his = (await dirk.BeginAsync(handle)).Expect(HttpStatusCode.OK);
        Assert.Contains("has claimed this entry", (await anna.AssessAsync(form)).Expect(HttpStatusCode.UnprocessableEntity).Words, StringComparison.Ordinal);
        await dirk.AssessAsync(his);
    }

    [Fact]
    public async Task Claims_of_one_person_end_at_twenty_even_from_many_windows()
    {
        var handles = new List<Guid>();
        using var bram = await site.SignInAsync("bram");
        for (var i = 0; i < 24; i++)
        {
            await bram.ProposeAsync($"many-{i}.example", site.Clock.GetUtcNow().AddHours(-3));
            handles.Add(await site.HandleOfAsync($"many-{i}.example"));
        }
        using var elise = await site.SignInAsync("elise");
        var answers = await Task.WhenAll(handles.Select(handle => elise.PostOnceAsync($"/entries/{handle}/claim", ("list", "worst-of"), ("then", "assess"))));
        Assert.Equal(20, answers.Count(answer => answer.Status == HttpStatusCode.Redirect));
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Redirect), answer => Assert.Contains("You hold 20 claims already", answer.Words, StringComparison.Ordinal));
        Assert.Equal(20L, await site.Database.ScalarAsync<long>("select count(*) from curation.claim where person = 'elise'"));
        await site.Database.ExecuteAsync("delete from curation.claim where person = 'elise'");
    }

    [Fact]
    public async Task Reference_is_added_once_and_blind_reviewers_see_it()
    {
        var handle = await ProposedAsync("referenced.example");
        using var bram = await site.SignInAsync("bram");
        var entry = await bram.GetAsync($"/entries/{handle}");
        var wrong = (await bram.SubmitAsync(entry, "form[action$=reference]", ("reference-type", "ICCAM"), ("reference-number", "http://x.example/a.jpg"))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("never a link", wrong.Words, StringComparison.Ordinal);
        Assert.Equal("http://x.example/a.jpg", wrong.Document.QuerySelector("input[name=reference-number]")!.GetAttribute("value"));
        // What failed stands open, with what was typed; the others stay folded.
        Assert.Equal(["reference"], wrong.Document.QuerySelectorAll("details[open] > form").Select(form => form.GetAttribute("action")!.Split('/')[^1]));

        for (var i = 0; i < 2; i++) Assert.Contains("The reference is recorded", (await bram.SubmitAsync(entry, "form[action$=reference]", ("reference-type", "ICCAM"), ("reference-number", "881-A"))).Words, StringComparison.Ordinal);
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from curation.reference where number = '881-A'"));
        using var elise = await site.SignInAsync("elise");
        Assert.Contains("881-A", (await elise.BeginAsync(handle)).Words, StringComparison.Ordinal);
        Assert.Contains("referenced.example", (await elise.GetAsync("/entries?reference=ICCAM:881-A")).Text, StringComparison.Ordinal);
        await elise.PostAsync($"/entries/{handle}/claim/release", ("list", "worst-of"));
    }

    [Fact]
    public async Task Notification_takes_the_entry_from_the_queue_of_those_never_told()
    {
        var handle = await ProposedAsync("untold.example");
        using var bram = await site.SignInAsync("bram");
        Assert.Contains("untold.example", (await bram.GetAsync("/queue?tab=untold")).Text, StringComparison.Ordinal);
        var entry = await bram.GetAsync($"/entries/{handle}");
        var wrong = (await bram.SubmitAsync(entry, "form[action$=notification]", ("kind", "ncb"), ("country", "Holland"), ("number", "N-1"), ("sent-at", "2090-01-01T00:00"))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(2, wrong.Document.QuerySelectorAll(".error-summary li").Length);
        Assert.Equal("Holland", wrong.Document.QuerySelector("input[name=country]")!.GetAttribute("value"));

        var told = await bram.SubmitAsync(wrong, "form[action$=notification]", ("country", "nl"), ("sent-at", At(-1)));
        Assert.Contains("National Central Bureau of the hosting country (NL), N-1", told.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("untold.example", (await bram.GetAsync("/queue?tab=untold")).Text, StringComparison.Ordinal);
        Assert.Equal("NL", await site.Database.ScalarAsync<string>("select country from curation.notification n join curation.episode e on e.id = n.episode_id where e.subject_id = $1", handle));
    }

    [Fact]
    public async Task Sighting_renews_the_lease_and_withdrawal_and_removal_ask_for_a_reason()
    {
        var handle = await ProposedAsync("ended.example");
        using var bram = await site.SignInAsync("bram");
        using var anna = await site.SignInAsync("anna");
        await anna.AssessAsync(await anna.BeginAsync(handle));
        var entry = await bram.GetAsync($"/entries/{handle}");
        Assert.Equal("Assess again", entry.Document.QuerySelector("button[data-action=assess]")!.FirstChild!.TextContent.Trim());
        Assert.Contains("The sighting is recorded", (await bram.SubmitAsync(entry, "form[action$=sighting]", ("sighted-at", At(-1)))).Words, StringComparison.Ordinal);
        Assert.Equal(At(-1), await site.Database.ScalarAsync<string>("""select to_char(newest_sighting at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI') from curation.episode where subject_id = $1""", handle));

        Assert.Contains("Give the reason", (await bram.SubmitAsync(entry, "form[action$=withdraw]")).Expect(HttpStatusCode.UnprocessableEntity).Words, StringComparison.Ordinal);
        Assert.Contains("vote is withdrawn", (await bram.SubmitAsync(await bram.GetAsync($"/entries/{handle}"), "form[action$=withdraw]", ("note", "a mistake of ours"))).Words, StringComparison.Ordinal);
        // Who voted does not remove; a release officer who did not vote does, and gives the reason.
        Assert.Null((await bram.GetAsync($"/entries/{handle}")).Document.QuerySelector("form[action$=remove]"));
        using var olav = await site.SignInAsync("olav");
        var before = await olav.GetAsync($"/entries/{handle}");
        (await olav.SubmitAsync(before, "form[action$=remove]")).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("The entry is removed", (await olav.SubmitAsync(before, "form[action$=remove]", ("note", "the material is gone"))).Words, StringComparison.Ordinal);
        Assert.Equal("removed", await site.Database.ScalarAsync<string>("select stage from curation.episode where subject_id = $1", handle));
        Assert.Contains("no open entry", (await bram.GetAsync($"/entries/{handle}")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filter_is_kept_for_its_person_alone()
    {
        using var anna = await site.SignInAsync("anna");
        var found = await anna.GetAsync("/entries?q=example&state=review");
        Assert.Contains("The filter is saved", (await anna.SubmitAsync(found, "form[action='/entries/filters']", ("name", "Waiting ones"))).Words, StringComparison.Ordinal);
        Assert.Contains("You have a filter of this name already", (await anna.SubmitAsync(found, "form[action='/entries/filters']", ("name", "Waiting ones"))).Words, StringComparison.Ordinal);
        var shown = await anna.GetAsync("/entries");
        var link = Assert.Single(shown.Document.QuerySelectorAll("ul[aria-label='Saved filters'] a"), a => a.TextContent.Trim() == "Waiting ones").GetAttribute("href")!;
        Assert.Equal("review", (await anna.GetAsync(link)).Document.QuerySelector("select[name=state] option[selected]")!.GetAttribute("value"));

        var id = shown.Document.QuerySelector("form[action='/entries/filters/delete'] input[name=id]")!.GetAttribute("value")!;
        using var dirk = await site.SignInAsync("dirk");
        Assert.DoesNotContain("Waiting ones", (await dirk.GetAsync("/entries")).Text, StringComparison.Ordinal);
        await dirk.PostAsync("/entries/filters/delete", ("id", id));
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from curation.saved_filter where person = 'anna'"));
        Assert.Contains("The filter is forgotten", (await anna.SubmitAsync(shown, "form[action='/entries/filters/delete']")).Words, StringComparison.Ordinal);
        Assert.Equal(0L, await site.Database.ScalarAsync<long>("select count(*) from curation.saved_filter where person = 'anna'"));
        Assert.Equal(2L, await site.Database.ScalarAsync<long>("select count(*) from oversight.audit where actor = 'anna' and action in ('filter.save', 'filter.delete')"));
    }

    private string At(int hours) => site.Clock.GetUtcNow().AddHours(hours).UtcDateTime.ToString(CuratorSteps.TimeFormat, CultureInfo.InvariantCulture);

    private async Task<Guid> ProposedAsync(string name)
    {
        using var bram = await site.SignInAsync("bram");
        (await bram.ProposeAsync(name, site.Clock.GetUtcNow().AddHours(-3))).Expect(HttpStatusCode.OK);
        return await site.HandleOfAsync(name);
    }

    private async Task<long> ClaimsAsync(Guid handle) => await site.Database.ScalarAsync<long>("select count(*) from curation.claim c join curation.episode e on e.id = c.episode_id where e.subject_id = $1", handle);
}
