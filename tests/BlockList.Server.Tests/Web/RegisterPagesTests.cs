using System.Net;
using BlockList.Tools.Deployments;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>The never-block register on its pages: what it says of a name, who enters and who takes out, and what nobody loses.</summary>
public sealed class RegisterPagesTests(CurationSite site) : IClassFixture<CurationSite>
{
    [Theory]
    [InlineData("co.uk", "domain", "Error: Refused: no list can have it", "public suffix", "ICANN section")]
    [InlineData("someone.github.io", "domain", "Warning: Host only: it can be listed with scope host, and not with scope domain", "shared hosting", "Choose scope host")]
    [InlineData("someone.github.io", "host", "Success: Clear: nothing stands against listing it", "none", "")]
    [InlineData("https://nobody-knows-it.example:8443/a/b?c", "domain", "Success: Clear: nothing stands against listing it", "none", "The domain of what you pasted")]
    public async Task Answer_is_one_sentence_with_the_rule_that_matched(string asked, string scope, string answer, string rule, string words)
    {
        using var vera = await site.SignInAsync("vera");

        var page = (await vera.AskAsync(asked, scope)).Expect(HttpStatusCode.OK);

        Assert.Contains(answer, page.Notices());
        Assert.Equal(rule, page.Fact("Rule that matched"));
        Assert.Contains(words, page.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Row_answers_for_its_name_for_what_lies_below_and_above_it_and_names_who_entered_it_and_why()
    {
        var name = RegisterSteps.NewName();
        using var bram = await site.SignInAsync("bram");
        await bram.EnterAsync($"pay.{name}", "critical", "payments of three countries");

        foreach (var asked in new[] { $"pay.{name}", $"www.pay.{name}", name })
        {
            var page = await bram.AskAsync(asked);
            Assert.Contains("Warning: It needs an override", page.Notices());
            Assert.Equal("critical service", page.Fact("Rule that matched"));
            Assert.Equal("bram, Hotline (demo, NL)", page.Fact("Entered by"));
            Assert.Equal("payments of three countries", page.Fact("Why"));
        }
        var host = await bram.AskAsync(name, "host");
        Assert.Contains("Warning: It can be listed, with a warning", host.Notices());
        Assert.Equal($"1, pay.{name} among them", host.Fact("Known names below"));
        Assert.Contains($"pay.{name}", Assert.Single(host.Document.QuerySelectorAll("section table.data tbody tr")).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_of_this_installation_is_refused_and_nobody_entered_it()
    {
        await using var app = await site.StartAsync(("Names:OwnHosts", "portal.blocklist.example"));
        using var anna = await site.SignInAsync("anna", app);

        var page = await anna.AskAsync("portal.blocklist.example");

        Assert.Contains("Error: Refused: no list can have it", page.Notices());
        Assert.Equal("host of this installation", page.Fact("Rule that matched"));
        Assert.Empty(page.Document.QuerySelectorAll("form[action$=retire]"));
        Assert.Contains("portal.blocklist.example", (await anna.GetAsync("/register")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_name_is_answered_with_what_to_type()
    {
        using var anna = await site.SignInAsync("anna");

        var page = (await anna.AskAsync("bad_name.example")).Expect(HttpStatusCode.OK);

        Assert.Contains("This is no name that could be listed", page.Words, StringComparison.Ordinal);
        Assert.Null(page.Document.QuerySelector("main .notice.success"));
    }

    [Fact]
    public async Task Name_that_is_entered_stands_against_proposals_at_once_and_its_entering_in_the_audit_log()
    {
        var name = RegisterSteps.NewName();
        using var anna = await site.SignInAsync("anna");
        Assert.Contains("It can be proposed", (await anna.GetAsync($"/propose/verdict?name={name}&scope=domain&list=worst-of")).Words, StringComparison.Ordinal);

        var row = (await anna.EnterAsync($"https://{name}/path", "hand", "a hospital asked us")).Expect(HttpStatusCode.OK);

        Assert.Contains("Success: The name is in the register. Proposals and what new versions add meet it from now on.", row.Notices());
        Assert.Equal(name, row.Heading);
        var id = await site.Database.ScalarAsync<Guid>("select id from names.row where name = $1 and source = 'hand' and person = 'anna'", name);
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from oversight.audit where action = 'register.add' and subject = $1 and actor = 'anna'", id.ToString()));
        Assert.Contains("overrides the register in writing", (await anna.GetAsync($"/propose/verdict?name={name}&scope=domain&list=worst-of")).Words, StringComparison.Ordinal);
        Assert.Contains(name, (await anna.GetAsync("/register?source=hand")).Words, StringComparison.Ordinal);
        Assert.DoesNotContain(name, (await anna.GetAsync("/register?source=critical")).Document.QuerySelector("table")?.TextContent ?? "", StringComparison.Ordinal);
        Assert.Contains("a hospital asked us", (await anna.GetAsync("/register/history")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Published_entries_that_a_row_touches_are_told_before_anything_is_signed()
    {
        var name = RegisterSteps.NewName();
        await using var publisher = await SitePublisher.StartAsync(site);
        await publisher.ProposeAsync("anna", ($"a.{name}", "domain"), ($"b.{name}", "host"), (RegisterSteps.NewName(), "domain"));
        await publisher.ReviewAsync("bram", $"a.{name}", $"b.{name}");
        await publisher.PublishAsync(DevelopmentKeys.WorstOf);
        using var elise = await site.SignInAsync("elise");
        var before = await site.StatementsAsync();

        var look = (await elise.LookAsync(name)).Expect(HttpStatusCode.OK);

        Assert.Contains("Warning: This touches 2 published entries", look.Notices());
        Assert.Contains("They stay published until two release officers enforce the rule: 2 on worst-of", look.Words, StringComparison.Ordinal);
        // Of a name below an entry, the entry above with scope domain; of one below a host, nothing.
        Assert.Contains("Warning: This touches 1 published entry", (await elise.LookAsync($"www.a.{name}")).Notices());
        Assert.Contains("Info: This touches no published entry", (await elise.LookAsync($"www.b.{name}")).Notices());
        Assert.Equal(before, await site.StatementsAsync());

        // Another name than the one that was looked at is looked at first.
        var other = await elise.SubmitAsync(look, RegisterSteps.AddForm, ("name", $"a.{name}"));
        Assert.Contains("Warning: This touches 1 published entry", other.Notices());
        Assert.Equal(before, await site.StatementsAsync());
        await elise.SubmitAsync(other, RegisterSteps.AddForm);
        Assert.Equal(before + 1, await site.StatementsAsync());
    }

    [Theory]
    [InlineData("", "hand", "why", "Type the domain name.")]
    [InlineData("co.uk", "hand", "why", "co.uk is a public suffix, which nobody can list anyway.")]
    [InlineData("bad_name.example", "hand", "why", "underscore")]
    [InlineData("fine.example", "", "why", "Choose why it must not be listed.")]
    [InlineData("fine.example", "proven", "why", "Choose why it must not be listed.")]
    [InlineData("fine.example", "own", "why", "Choose why it must not be listed.")]
    [InlineData("fine.example", "critical", " ", "Write why, in at most 2000 characters")]
    public async Task Form_that_cannot_be_taken_says_what_to_mend_and_keeps_what_was_typed(string name, string source, string reason, string message)
    {
        using var bram = await site.SignInAsync("bram");
        var before = await site.StatementsAsync();

        var page = await bram.LookAsync(name, source, reason);
        if (page.Status == HttpStatusCode.OK) page = await bram.SubmitAsync(page, RegisterSteps.AddForm);

        Assert.Contains(message, page.Expect(HttpStatusCode.UnprocessableEntity).Document.QuerySelector(".error-summary")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(name, page.Document.QuerySelector("#name")!.GetAttribute("value"));
        Assert.Equal(reason, page.Document.QuerySelector("#reason")!.TextContent);
        Assert.Equal(before, await site.StatementsAsync());
    }

    [Fact]
    public async Task Row_that_is_there_already_is_not_entered_twice()
    {
        var name = RegisterSteps.NewName();
        using var bram = await site.SignInAsync("bram");
        await bram.EnterAsync(name);

        var again = (await bram.EnterAsync(name, reason: "typed again")).Expect(HttpStatusCode.UnprocessableEntity);

        Assert.Contains("Error: The register has this name from this source already.", again.Notices());
        Assert.Equal("typed again", again.Document.QuerySelector("#reason")!.TextContent);
        Assert.Contains("critical service", (await bram.EnterAsync(name, "critical")).Expect(HttpStatusCode.OK).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Role_that_went_while_the_form_was_open_refuses_it_and_what_was_typed_is_there_when_it_is_back()
    {
        var person = await site.AddPersonAsync("register-role-went", "nl-hotline", "curator");
        using var browser = await site.SignInAsync(person);
        var form = await browser.GetAsync("/register/add");
        await site.Database.ExecuteAsync("update access.person set roles = '{agency-administrator}' where id = $1", person);

        var refused = (await browser.SubmitAsync(form, RegisterSteps.AddForm, ("name", "kept.example"), ("source", "critical"), ("reason", "kept reason"))).Expect(HttpStatusCode.Forbidden);
        await site.Database.ExecuteAsync("update access.person set roles = '{curator}' where id = $1", person);
        var again = await browser.GetAsync(refused.Document.QuerySelector("main a.button")!.GetAttribute("href")!);

        Assert.Equal(("kept.example", "kept reason"), (again.Document.QuerySelector("#name")!.GetAttribute("value"), again.Document.QuerySelector("#reason")!.TextContent));
        // Without a passkey for decisions nothing is signed, and nothing typed is lost either.
        var unsigned = (await browser.SubmitAsync(again, RegisterSteps.AddForm)).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("no software passkey", unsigned.Words, StringComparison.Ordinal);
        Assert.Equal("kept reason", unsigned.Document.QuerySelector("#reason")!.TextContent);
        Assert.Equal(0L, await site.Database.ScalarAsync<long>("select count(*) from names.row where name = 'kept.example'"));
    }

    [Fact]
    public async Task Row_is_taken_out_by_a_release_officer_who_did_not_enter_it_with_a_reason()
    {
        var name = RegisterSteps.NewName();
        using var bram = await site.SignInAsync("bram");
        var row = await bram.EnterAsync(name);
        Assert.Empty(row.Document.QuerySelectorAll("form[action$=retire]"));
        using var olav = await site.SignInAsync("olav");
        var asked = await olav.AskAsync(name);

        var nothing = (await olav.SubmitAsync(asked, "form[action$=retire]", ("reason", " "))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("Write why", nothing.Document.QuerySelector(".error-summary")!.TextContent, StringComparison.Ordinal);
        var retired = (await olav.SubmitAsync(nothing, "form[action$=retire]", ("reason", "the hospital is closed"))).Expect(HttpStatusCode.OK);

        Assert.Contains("Success: The row is taken out. Nothing meets it any more.", retired.Notices());
        Assert.Contains("by olav", retired.Fact("Taken out"), StringComparison.Ordinal);
        Assert.Contains("Success: Clear: nothing stands against listing it", (await olav.AskAsync(name)).Notices());
        Assert.Contains("the hospital is closed", (await olav.GetAsync("/register/history")).Words, StringComparison.Ordinal);
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from oversight.audit a join names.decision d on d.id::text = a.subject where a.action = 'register.retire' and d.name = $1 and a.actor = 'olav'", name));
        // The form of another window comes too late.
        var late = (await olav.SubmitAsync(asked, "form[action$=retire]", ("reason", "too late"))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("Error: A colleague took this row out already.", late.Notices());
        Assert.Contains("too late", late.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_takes_out_a_row_that_they_entered()
    {
        var name = RegisterSteps.NewName();
        using var olav = await site.SignInAsync("olav");
        var row = await olav.EnterAsync(name, "critical");
        Assert.Empty(row.Document.QuerySelectorAll("form[action$=retire]"));
        Assert.Contains("Ask another release officer.", row.Words, StringComparison.Ordinal);

        var refused = (await olav.PostAsync($"{olav.Path.Split('?')[0]}/retire", ("reason", "I changed my mind"))).Expect(HttpStatusCode.UnprocessableEntity);

        Assert.Contains("Error: Nobody takes out a row that they entered.", refused.Notices());
        Assert.Contains("I changed my mind", refused.Words, StringComparison.Ordinal);
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from names.row where name = $1", name));
        using var anna = await site.SignInAsync("anna");
        (await anna.PostAsync($"{olav.Path.Replace("/retire", "", StringComparison.Ordinal)}/retire", ("reason", "not my role"))).Expect(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task History_and_rows_are_shown_page_by_page_and_none_twice()
    {
        using var elise = await site.SignInAsync("elise");
        var names = Enumerable.Range(0, 55).Select(_ => RegisterSteps.NewName()).ToList();
        foreach (var name in names) await elise.EnterAsync(name);

        foreach (var path in new[] { "/register/history", "/register" })
        {
            var (seen, page) = (new List<string>(), await elise.GetAsync(path));
            while (true)
            {
                seen.AddRange(page.Document.QuerySelectorAll("table.data tbody tr").Select(row => row.Id!));
                if (page.Document.QuerySelector("a[rel=next]")?.GetAttribute("href") is not { } next) break;
                page = await elise.GetAsync(next);
            }
            Assert.Equal(seen.Count, seen.Distinct().Count());
            Assert.True(seen.Count >= names.Count && seen.Count == await site.Database.ScalarAsync<long>(path == "/register" ? "select count(*) from names.row" : "select count(*) from names.decision"));
        }
    }

    [Fact]
    public async Task Register_without_a_list_of_sites_says_so_loudly()
    {
        using var lena = await site.SignInAsync("lena");

        var page = (await lena.GetAsync("/register")).Expect(HttpStatusCode.OK);

        Assert.Contains(page.Notices(), notice => notice.StartsWith("Warning: No list of the most visited sites is in the never-block register", StringComparison.Ordinal));
        Assert.DoesNotContain(page.Document.QuerySelectorAll("main a"), link => link.GetAttribute("href") is "/register/import" or "/register/add");
        Assert.Contains("Register", page.Document.QuerySelector("nav a[aria-current=page]")!.TextContent, StringComparison.Ordinal);
    }
}
