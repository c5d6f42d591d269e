using System.Net;
using BlockList.Tools.Deployments;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>The pages of complaints officers and oversight, as their browsers see them.</summary>
public sealed class CasePagesTests(CurationSite site) : IClassFixture<CurationSite>
{
    [Fact]
    public async Task Officer_reads_suspends_asks_and_decides_and_nothing_typed_is_lost()
    {
        await using var publisher = await SitePublisher.StartAsync(site);
        await publisher.ProposeAsync("anna", ("pages0.example", "domain"), ("pages1.example", "domain"));
        await publisher.ReviewAsync("bram", "pages0.example", "pages1.example");
        await publisher.PublishAsync(DevelopmentKeys.WorstOf);
        await ComplainAsync("BL-PAGES00001", "pages0.example", "We are <b>innocent</b>.\u202e");

        // As the worker does it.
        await site.Database.ExecuteAsync("select complaint.look_for_entries()");
        using var carlo = await site.SignInAsync("carlo");
        var queue = (await carlo.GetAsync("/cases")).Expect(HttpStatusCode.OK);
        Assert.Contains("listed", queue.Document.QuerySelector("#r-BL-PAGES00001")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("pages0.example", string.Concat(queue.Document.QuerySelectorAll("a[href]").Select(a => a.GetAttribute("href"))), StringComparison.Ordinal);
        var page = (await carlo.GetAsync("/cases/BL-PAGES00001")).Expect(HttpStatusCode.OK);
        Assert.Contains("We are <b>innocent</b>.", page.Words, StringComparison.Ordinal);
        Assert.Null(page.Document.QuerySelector("article b"));
        Assert.Contains("proposed it", page.Words, StringComparison.Ordinal);
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from oversight.audit where action = 'case.read' and actor = 'carlo' and subject = 'BL-PAGES00001'"));

        // Nothing chosen: what was typed is there again, beside what is wrong.
        var wrong = (await carlo.PostAsync("/cases/BL-PAGES00001/triage", ("step", "triage"), ("triage-reason", "shared by many"))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("shared by many", wrong.Document.QuerySelector("#triage-reason")!.TextContent.Trim());
        Assert.NotNull(wrong.Document.QuerySelector(".error-summary a[href='#triage-answer']"));
        Assert.NotNull(wrong.Document.QuerySelector("#triage-answer"));
        var entry = wrong.Document.QuerySelector("#triage-entries")!.GetAttribute("value");
        var suspended = await carlo.SubmitAsync(wrong, "form[action$=triage]", ("triage-answer", "suspend"), ("triage-entries", entry));
        Assert.Contains("leaves the list with an urgent version", suspended.Words, StringComparison.Ordinal);
        Assert.Contains("suspended for this case", suspended.Words, StringComparison.Ordinal);

        var free = (await carlo.SubmitAsync(suspended, "form[action$=question]", ("question-which", "free"), ("question-words", "Who are you?"))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("not proven", free.Words, StringComparison.Ordinal);
        Assert.Equal("Who are you?", free.Document.QuerySelector("#question-words")!.TextContent.Trim());
        Assert.Contains("stands on their status page", (await carlo.SubmitAsync(free, "form[action$=question]", ("question-which", "use"), ("question-words", ""))).Words, StringComparison.Ordinal);
        var noted = await carlo.PostAsync("/cases/BL-PAGES00001/note", ("step", "note"), ("note-reason", "<script>alert(1)</script>"));
        Assert.Contains("<script>alert(1)</script>", noted.Words, StringComparison.Ordinal);
        var decided = await carlo.SubmitAsync(noted, "form[action$=decide]", ("decide-outcome", "upheld"), ("decide-criterion", "c2"), ("decide-reason", "The criteria were not met."));
        Assert.Contains("It is decided.", decided.Words, StringComparison.Ordinal);
        Assert.Contains("Decided: upheld, C2", decided.Words, StringComparison.Ordinal);
        Assert.Contains("You cannot decide this", decided.Words, StringComparison.Ordinal);
        Assert.Null((await carlo.GetAsync("/cases")).Document.QuerySelector("#r-BL-PAGES00001"));
        // A mail that the relay refused stands there, without whom it was for.
        await site.Database.ExecuteAsync("select mail.enqueue('BL-PAGES00001', 'gone@mail.example', 'en', 'decided', '{\"path\": \"/en/status\"}')");
        await site.Database.ExecuteAsync("update mail.message set failed_at = now(), next_attempt_at = null, problem = '550 no such user' where reference = 'BL-PAGES00001'");
        var failed = await carlo.GetAsync("/cases/BL-PAGES00001");
        Assert.Contains("not delivered", failed.Words, StringComparison.Ordinal);
        Assert.Contains("550 no such user", failed.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("gone@mail.example", failed.Text, StringComparison.Ordinal);
        Assert.NotNull((await carlo.GetAsync("/cases?tab=over")).Document.QuerySelector("#r-BL-PAGES00001"));
    }

    [Fact]
    public async Task Page_says_why_somebody_cannot_decide_before_they_type()
    {
        await using var publisher = await SitePublisher.StartAsync(site);
        await publisher.ProposeAsync("anna", ("part0.example", "domain"), ("part1.example", "domain"));
        await publisher.ReviewAsync("bram", "part0.example", "part1.example");
        await publisher.PublishAsync(DevelopmentKeys.WorstOf);
        await ComplainAsync("BL-PART000001", "part0.example", "text");
        await site.AddPersonAsync("nora", "no-police", "complaints-officer");
        using var nora = await site.SignInAsync("nora");
        var page = (await nora.GetAsync("/cases/BL-PART000001")).Expect(HttpStatusCode.OK);
        Assert.Contains("You or your agency had a part in this entry", page.Words, StringComparison.Ordinal);
        Assert.Null(page.Document.QuerySelector("form[action$=decide], form[action$=triage], form[action$=question]"));
        Assert.NotNull(page.Document.QuerySelector("form[action$=note]"));
        Assert.NotNull(page.Document.QuerySelector("form[action$=hand-over]"));
    }

    [Theory]
    [InlineData("anna")]
    [InlineData("olav")]
    [InlineData("oscar")]
    [InlineData("vera")]
    public async Task Cases_are_officers_and_oversights_alone(string person)
    {
        using var browser = await site.SignInAsync(person);
        (await browser.GetAsync("/cases")).Expect(HttpStatusCode.Forbidden);
        (await browser.GetAsync("/cases/BL-0000000000")).Expect(HttpStatusCode.Forbidden);
        (await browser.PostAsync("/cases/BL-0000000000/note", ("note-reason", "x"))).Expect(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Queue_is_read_page_by_page_by_the_promise_that_ends_first()
    {
        for (var i = 0; i < 60; i++) await ComplainAsync(FormattableString.Invariant($"BL-QEEE{i:D6}"), FormattableString.Invariant($"queue{i}.example"), "text");
        await site.Database.ExecuteAsync("update complaint.dossier set due_at = now() + interval '1 hour' where reference like 'BL-QEEE%' and reference < 'BL-QEEE000030'");
        using var otto = await site.SignInAsync("otto");
        var (seen, path) = (new List<string>(), "/cases?tab=triage");
        for (var pages = 0; pages < 20; pages++)
        {
            var page = (await otto.GetAsync(path)).Expect(HttpStatusCode.OK);
            seen.AddRange(page.Document.QuerySelectorAll("tr[id^=r-BL-]").Select(row => row.Id!));
            if (page.Document.QuerySelector("a[rel=next]")?.GetAttribute("href") is not { } next) break;
            path = next;
        }
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Equal(60, seen.Count(id => id.StartsWith("r-BL-QEEE", StringComparison.Ordinal)));
        Assert.True(seen.IndexOf("r-BL-QEEE000029") < seen.IndexOf("r-BL-QEEE000030"));
    }

    [Fact]
    public async Task Holidays_are_entered_and_taken_out()
    {
        using var oscar = await site.SignInAsync("oscar");
        var wrong = (await oscar.PostAsync("/cases/holidays/set", ("day", "2020-01-01"), ("name", "New Year"))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("New Year", wrong.Document.QuerySelector("#name")!.GetAttribute("value"));
        Assert.Contains("Only days to come", wrong.Words, StringComparison.Ordinal);
        var set = await oscar.PostAsync("/cases/holidays/set", ("day", "2099-12-25"), ("name", "Christmas"));
        Assert.Contains("counted anew", set.Words, StringComparison.Ordinal);
        Assert.Contains("Fri 25 Dec 2099", set.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("25 Dec 2099", (await oscar.SubmitAsync(set, "form[action$=drop]")).Words, StringComparison.Ordinal);
        Assert.Contains("no such time zone", (await oscar.PostAsync("/cases/holidays/zone", ("zone", "Nowhere"))).Expect(HttpStatusCode.UnprocessableEntity).Words, StringComparison.Ordinal);
    }

    private Task<int> ComplainAsync(string reference, string domain, string text) =>
        site.Database.ExecuteAsync("select complaint.submit($1, sha256(''), 'owner', 'shared', $2, true, 'en', null, $3, null, null, null)", reference, domain, text);
}
