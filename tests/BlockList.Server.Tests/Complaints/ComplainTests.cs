using System.Net;
using BlockList.Server.Complaints.Public;
using BlockList.Server.Tests.Web;
using Xunit;

namespace BlockList.Server.Tests.Complaints;

/// <summary>The form over HTTP, without script but for the work: what is asked, what is stored, and that nothing typed is lost.</summary>
public sealed class ComplainTests(PortalSite site) : IClassFixture<PortalSite>
{
    public static TheoryData<string, string> Branches => [.. from party in Questions.Parties from kind in Questions.KindsOf(party) select (party, kind)];

    public static TheoryData<string> Languages => [.. PortalLanguage.All.Select(language => language.Code)];

    [Theory]
    [MemberData(nameof(Branches))]
    public async Task Every_branch_leads_to_a_receipt_a_row_and_an_audit_row(string party, string kind)
    {
        var name = PortalSite.NewName;
        using var person = site.Complain();

        await person.FillAsync(("party", party), ("kind", kind), ("domain", name), ("email", $"anna@{name}"));
        await person.SendAsync();

        Assert.Equal("We have your complaint", person.Page.Heading);
        Assert.Matches("^BL-[0-9A-HJKMNP-TV-Z]{10}$", person.Reference);
        Assert.Equal($"{party} {kind} {name} t en open none", await site.Database.ScalarAsync<string>(
            "select concat_ws(' ', party, kind, domain, is_registrable, language, state, proof_state) from complaint.complaint where reference = $1", person.Reference));
        Assert.Equal(kind is "cleaned" or "new-owner" ? "2026-01-31" : "none", await site.Database.ScalarAsync<string>("select coalesce(since::text, 'none') from complaint.complaint where reference = $1", person.Reference));
        Assert.Equal($"anna@{name} receipt en", await site.Database.ScalarAsync<string>("select concat_ws(' ', email, what, language, link) from complaint.person join complaint.notice using (reference) where reference = $1", person.Reference));
        Assert.Equal($"blocklist_portal complainant complaint.submit {{\"kind\": \"{kind}\", \"party\": \"{party}\"}}", await site.Database.ScalarAsync<string>(
            "select concat_ws(' ', login, actor, action, detail) from oversight.audit where subject = $1", person.Reference));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Form_is_whole_in_every_language(string language)
    {
        using var person = site.Complain(language);

        await person.FillAsync(("domain", PortalSite.NewName), ("kind", "cleaned"));
        await person.SendAsync();

        Assert.NotEqual("", person.Reference);
        Assert.Equal(language, await site.Database.ScalarAsync<string>("select language from complaint.complaint where reference = $1", person.Reference));
        Assert.Equal(language == "ar" ? "rtl" : "ltr", person.Page.Document.DocumentElement.GetAttribute("dir"));
        var followed = (await person.FollowAsync()).Expect(HttpStatusCode.OK);
        Assert.Contains(person.Reference, followed.Heading, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pasted_address_is_reduced_to_its_domain_with_a_sentence_and_both_forms_of_a_name_are_shown()
    {
        using var person = site.Complain();
        await person.BeginAsync();
        await person.AnswerAsync("owner");
        await person.AnswerAsync("never");

        await person.AnswerAsync("https://www.bücher.example/shop?x=1");

        Assert.Contains("We use the domain in it: \u2068www.bücher.example (www.xn--bcher-kva.example)\u2069", person.Page.Words, StringComparison.Ordinal);
        await person.AnswerAsync("text");
        await person.AnswerAsync("");
        Assert.Contains("www.xn--bcher-kva.example (www.bücher.example)", person.Page.Words, StringComparison.Ordinal);
        await person.SendAsync();
        Assert.Equal("www.xn--bcher-kva.example f", await site.Database.ScalarAsync<string>("select concat_ws(' ', domain, is_registrable) from complaint.complaint where reference = $1", person.Reference));
    }

    [Fact]
    public async Task Nothing_typed_is_lost_by_errors_by_going_back_or_by_changing_the_language()
    {
        using var person = site.Complain();
        await person.BeginAsync();
        await person.AnswerAsync("owner");
        await person.AnswerAsync("cleaned");
        await person.AnswerAsync("no domain");
        Assert.Equal(("domain", "no domain"), (person.Step, Typed(person)));
        Assert.StartsWith("A domain has no blanks", person.Error, StringComparison.Ordinal);
        Assert.StartsWith("Error:", person.Page.Document.Title, StringComparison.Ordinal);
        Assert.Equal("true", person.Page.Document.QuerySelector("#domain")!.GetAttribute("aria-invalid"));
        await person.AnswerAsync("good.example");
        await person.AnswerAsync("2999-01-01");
        Assert.Equal(("since", "2999-01-01"), (person.Step, Typed(person)));
        await person.AnswerAsync("");
        await person.AnswerAsync("   ");
        Assert.Equal("text", person.Step);

        // Half a text, then back, then forward: it is still there.
        await person.AnswerAsync("\nA first line\n\n  <b>", go: "back");
        Assert.Equal("since", person.Step);
        await person.AnswerAsync("");
        Assert.Equal(("text", "\nA first line\n\n  <b>"), (person.Step, Typed(person)));
        await person.SwitchAsync("ar");
        Assert.Equal(("text", "ar"), (person.Step, person.Page.Document.DocumentElement.GetAttribute("lang")));
        Assert.Equal("\nA first line\n\n  <b>", Typed(person));
        await person.SwitchAsync("en");
        await person.AnswerAsync(new string('x', Questions.LongestText + 1));
        Assert.Equal(("text", Questions.LongestText + 1), (person.Step, Typed(person).Length));
        await person.AnswerAsync("cleaned on Monday");
        await person.AnswerAsync("not an address");
        Assert.Equal(("email", "not an address"), (person.Step, Typed(person)));
        await person.AnswerAsync("");

        // From the look at all answers to one of them and back to the look at once.
        Assert.Equal("check", person.Step);
        await person.PressAsync("edit-domain");
        Assert.Equal(("domain", "good.example"), (person.Step, Typed(person)));
        await person.AnswerAsync("better.example");
        Assert.Equal("check", person.Step);
        // Another kind of event has a question that nobody answered yet.
        await person.PressAsync("edit-kind");
        await person.AnswerAsync("never");
        Assert.Equal("check", person.Step);
        Assert.Contains("better.example", person.Page.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_sent_twice_is_one_complaint_with_the_same_secret_also_in_another_language()
    {
        using var person = site.Complain();
        await person.FillAsync(("domain", PortalSite.NewName));
        var (check, number) = (person.Page, person.Work());
        await person.SendAsync(number);
        var (reference, secret) = (person.Reference, person.Secret);

        await person.SwitchAsync("es");
        Assert.Equal((reference, secret), (person.Reference, person.Secret));
        Assert.Equal("Hemos recibido su reclamación", person.Page.Heading);
        using var again = site.Open();
        var second = await again.SubmitAsync(check, "#send", ("work", number));
        Assert.Equal(reference, second.Document.QuerySelector("[data-reference]")!.TextContent);
        Assert.Equal(1, await site.Database.ScalarAsync<long>("select count(*) from complaint.complaint where reference = $1", reference));
    }

    [Fact]
    public async Task Draft_that_is_not_ours_begins_anew_with_what_stood_on_the_page()
    {
        using var person = site.Complain();
        await person.BeginAsync();
        await person.AnswerAsync("owner");
        await person.AnswerAsync("never");
        using var browser = site.Open();

        foreach (var draft in new[] { "", "AAAA", "!!", new string('A', 120_000) })
        {
            var page = await browser.SubmitAsync(person.Page, "main button[value=next]", ("draft", draft), ("domain", "kept.example"));
            page.Expect(HttpStatusCode.OK);
            Assert.Contains("Please start again", page.Words, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("</textarea></bdi>'\"><script>alert(1)</script><img src=x onerror=alert(2)>")]
    [InlineData("paid\u202Egnp.exe\u2066\u200Bx")]
    [InlineData("=HYPERLINK(\"http://evil.example\",\"x\")")]
    [InlineData("line\r\nBcc: everybody, please")]
    public async Task Hostile_text_is_text_on_every_page_and_a_row_in_the_database(string text)
    {
        using var person = site.Complain();
        await person.FillAsync(("domain", PortalSite.NewName), ("text", text));
        Assert.Empty(person.Page.Document.QuerySelectorAll("main script, main img"));
        Assert.DoesNotContain('\u202E', person.Page.Text);
        foreach (var field in new[] { "domain", "email", "since" })
        {
            await person.PressAsync(field == "since" ? "edit-kind" : $"edit-{field}");
            if (field == "since") await person.AnswerAsync("cleaned");
            await person.AnswerAsync(text);
            Assert.NotEqual("check", person.Step);
            Assert.Empty(person.Page.Document.QuerySelectorAll("main script, main img"));
            await person.AnswerAsync(field switch { "domain" => PortalSite.NewName, "email" => "", _ => "" });
        }
        await person.SendAsync();

        Assert.NotEqual("", person.Reference);
        Assert.Equal(text.Replace("\r\n", "\n", StringComparison.Ordinal), await site.Database.ScalarAsync<string>("select text from complaint.complaint where reference = $1", person.Reference));
    }

    [Fact]
    public async Task Megabyte_is_refused_in_words_and_leaves_nothing()
    {
        using var browser = site.Open();
        var page = await browser.SendAsync(browser.Ours(new HttpRequestMessage(HttpMethod.Post, "/es/complain") { Content = Browser.Encode([("draft", ""), ("at", "text"), ("text", new string('x', 1024 * 1024))]) }));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, page.Status);
        Assert.Equal("Era demasiado de una vez", page.Heading);
    }

    [Fact]
    public async Task Null_byte_is_refused_in_words()
    {
        using var person = await site.Complain().FillAsync();
        await person.PressAsync("edit-text");
        await person.AnswerAsync("null\0byte");

        Assert.Equal((HttpStatusCode.BadRequest, "The form did not arrive complete"), (person.Page.Status, person.Page.Heading));
    }

    [Fact]
    public async Task Form_of_another_site_is_refused()
    {
        using var browser = site.Open();
        var request = new HttpRequestMessage(HttpMethod.Post, "/en/complain") { Content = Browser.Encode([("at", "party"), ("party", "owner")]) };
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "cross-site");

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SendAsync(request)).Status);
    }

    private static string Typed(Complainant person) => person.Page.Document.QuerySelector($"#{person.Step}") switch
    {
        AngleSharp.Html.Dom.IHtmlTextAreaElement area => area.Value,
        { } input => input.GetAttribute("value") ?? "",
        null => "",
    };
}
