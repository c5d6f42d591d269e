using BlockList.Server.Complaints.Public;
using BlockList.Server.Tests.Complaints;
using BlockList.Server.Tests.Web;
using Xunit;

namespace BlockList.Server.Tests.Cases;

/// <summary>What whoever complained sees of the work on it, and says to it, in the portal.</summary>
public sealed class StatusPageTests(PortalSite site) : IClassFixture<PortalSite>
{
    private static int _names;

    [Fact]
    public async Task Question_is_answered_on_the_page_and_what_cannot_be_taken_is_still_there()
    {
        var (person, _) = await ComplainAsync();
        Assert.Null((await person.FollowAsync()).Document.QuerySelector("#answer"));
        await OfficerAsync("complaint.record_triage($1, 'clara', 'not now')", person);
        await OfficerAsync("complaint.ask($1, 'clara', 'cleaned', null)", person);
        var asked = await person.FollowAsync();
        Assert.Contains("When was the material removed", asked.Words, StringComparison.Ordinal);
        using var browser = site.Open();

        var empty = await browser.SubmitAsync(asked, "button[value=answer]", ("words", " "));
        Assert.Contains("Write a few sentences", empty.Document.QuerySelector("#answer-error")!.TextContent, StringComparison.Ordinal);
        var tooLong = await browser.SubmitAsync(empty, "button[value=answer]", ("words", new string('x', 5001)));
        Assert.Equal(5001, tooLong.Document.QuerySelector("#answer")!.TextContent.Trim().Length);
        var taken = await browser.SubmitAsync(tooLong, "button[value=answer]", ("words", "In <i>October</i>.\u202e"));
        Assert.Contains("we have your answer", taken.Words, StringComparison.Ordinal);
        Assert.Contains("In <i>October</i>.", taken.Words, StringComparison.Ordinal);
        Assert.Null(taken.Document.QuerySelector("#answer"));
        // Sent a second time, it is not taken a second time, and nothing is lost.
        var again = await browser.SubmitAsync(asked, "button[value=answer]", ("words", "And more."));
        Assert.Contains("could not be taken now", again.Words, StringComparison.Ordinal);
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from complaint.event where reference = $1 and kind = 'answer'", person.Reference));
        person.Dispose();
    }

    [Fact]
    public async Task Outcome_is_read_after_proof_and_appealed_once()
    {
        var (person, _) = await ComplainAsync();
        await OfficerAsync("complaint.record_outcome($1, 'clara', 'no-entry', null, 'We looked at every list.')", person);
        Assert.Equal("Being looked into", StateOf(await person.FollowAsync()));
        await site.Database.ExecuteAsync("update complaint.dossier set answered_from = now() where reference = $1", person.Reference);
        var answered = await person.FollowAsync();
        Assert.Equal("Answered", StateOf(answered));
        Assert.DoesNotContain("We looked at every list.", answered.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("on a list.", answered.Words, StringComparison.Ordinal);
        Assert.Null(answered.Document.QuerySelector("#appeal"));

        await ProveAsync(person);
        var read = await person.FollowAsync();
        Assert.Equal("Decided", StateOf(read));
        Assert.Contains("We looked at every list.", read.Words, StringComparison.Ordinal);
        using var browser = site.Open();
        var appealed = await browser.SubmitAsync(read, "button[value=appeal]", ("words", "Look at my subdomain."));
        Assert.Contains("We have your appeal", appealed.Words, StringComparison.Ordinal);
        Assert.Equal("Your appeal is being looked into", StateOf(appealed));
        Assert.Null(appealed.Document.QuerySelector("#appeal"));
        await OfficerAsync("complaint.record_outcome($1, 'oona', 'no-entry', null, 'Nothing below it either.')", person);
        var over = await person.FollowAsync();
        Assert.Equal("Decided", StateOf(over));
        Assert.Contains("You can turn to a court", over.Words, StringComparison.Ordinal);
        Assert.Null(over.Document.QuerySelector("#appeal"));
        person.Dispose();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    [InlineData("es")]
    [InlineData("ar")]
    public async Task Whole_story_and_letter_of_correction_stand_in_each_language(string language)
    {
        var (person, name) = await ComplainAsync(language);
        foreach (var (question, _) in new[] { ("page", 0), ("cleaned", 0), ("owner", 0), ("use", 0), ("proof", 0) }) await OfficerAsync($"complaint.ask($1, 'clara', '{question}', null)", person);
        await site.PublishAsync(name, removedAt: site.Clock.GetUtcNow().AddSeconds(1));
        // A letter of what nobody may know of yet is none.
        Assert.NotNull((await person.FollowAsync("letter")).Document.QuerySelector("#answer"));
        await ProveAsync(person);
        await OfficerAsync("complaint.ask($1, 'clara', 'free', 'Who are you?')", person);
        foreach (var outcome in new[] { "upheld", "cleaned", "partly", "rejected" })
        {
            await site.Database.ExecuteAsync("insert into complaint.event (reference, kind, person, visible, detail) values ($1, 'decided', 'clara', true, jsonb_build_object('outcome', $2::text, 'criterion', 'c2')), ($1, 'appeal', null, true, '{}'), ($1, 'appeal-decided', 'oona', true, jsonb_build_object('outcome', $2::text))", person.Reference, outcome);
        }
        await site.Database.ExecuteAsync("insert into complaint.event (reference, kind, person, visible, detail) values ($1, 'triaged', 'clara', true, '{}'), ($1, 'suspended', 'clara', true, '{\"until\": \"2026-12-07\"}'), ($1, 'suspension-ended', 'clara', true, '{}'), ($1, 'appeal-decided', 'oona', true, '{\"outcome\": \"upheld\"}')", person.Reference);
        var page = await person.FollowAsync();
        Assert.True(page.Fault is null, page.Fault);
        Assert.Equal(6, page.Document.QuerySelectorAll(".steps strong").Length + 1);
        Assert.DoesNotContain('{', page.Words);
        var letter = await person.FollowAsync("letter");
        Assert.True(letter.Fault is null, letter.Fault);
        Assert.Single(letter.Document.QuerySelectorAll("h1"));
        Assert.Contains(name, letter.Words, StringComparison.Ordinal);
        Assert.Contains(PortalLanguage.All.First(l => l.Code == language)["case.decided.upheld"], letter.Words, StringComparison.Ordinal);
        Assert.DoesNotContain('{', letter.Words);
        person.Dispose();
    }

    private static string StateOf(Page page) => page.Document.QuerySelectorAll(".facts dd")[2].TextContent.Trim();

    private async Task OfficerAsync(string call, Complainant person)
    {
        await site.Database.ExecuteAsync("insert into access.person (id, agency, name, roles) values ('clara', null, 'Clara', '{complaints-officer}'), ('oona', null, 'Oona', '{oversight}') on conflict do nothing");
        await site.Database.ExecuteAsync($"select {call}", person.Reference);
    }

    private Task<int> ProveAsync(Complainant person) => site.Database.ExecuteAsync("update complaint.complaint set proof_state = 'proven', proof_method = 'letter', proof_at = now() where reference = $1", person.Reference);

    private async Task<(Complainant Person, string Name)> ComplainAsync(string language = "en")
    {
        var name = $"case{Interlocked.Increment(ref _names)}.example";
        var person = new Complainant(site.Open(), language);
        await (await person.FillAsync(("domain", name))).SendAsync();
        Assert.NotEqual("", person.Reference);
        return (person, name);
    }
}
