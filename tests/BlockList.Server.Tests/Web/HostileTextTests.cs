using System.Globalization;
using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>Markup, direction overrides and formulas typed into every text field that the pages have: stored or refused, they act on no page
/// that shows them and in no file that holds them.</summary>
public sealed class HostileTextTests(CurationSite site) : IClassFixture<CurationSite>
{
    private const string Markup = "</textarea></bdi>'\"><script>alert(1)</script><img src=x onerror=alert(2)>";
    private const string Turned = "paid\u202Egnp.exe\u2066\u200Bx";
    private const string Formula = "=HYPERLINK(\"http://evil.example\",\"x\")";

    public static TheoryData<string> Texts => [Markup, Turned, Formula];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Notes_are_shown_as_text_wherever_they_are_read(string text)
    {
        var name = NameFor("note", text);
        using var bram = await site.SignInAsync("bram");
        Check(await bram.ProposeAsync(name, site.Clock.GetUtcNow().AddHours(-3), note: text));
        var handle = await site.HandleOfAsync(name);
        using var anna = await site.SignInAsync("anna");
        Check(await anna.AssessAsync(await anna.BeginAsync(handle), note: text));
        Check(await anna.SubmitAsync(await anna.GetAsync($"/entries/{handle}"), "form[action$=withdraw]", ("note", text)));
        using var olav = await site.SignInAsync("olav");
        Check(await olav.SubmitAsync(await olav.GetAsync($"/entries/{handle}"), "form[action$=remove]", ("note", text)));

        foreach (var person in new[] { "bram", "vera" })
        {
            using var reader = await site.SignInAsync(person);
            var entry = Check(await reader.GetAsync($"/entries/{handle}"));
            Assert.Equal(4, entry.Document.QuerySelectorAll(".timeline .free").Count(free => free.TextContent.Contains(Visible(text), StringComparison.Ordinal)));
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Reasons_given_to_the_never_block_guard_are_shown_as_text(string text)
    {
        var name = NameFor("guarded", text);
        using var bram = await site.SignInAsync("bram");
        await bram.ProposeAsync(name, site.Clock.GetUtcNow().AddHours(-3));
        var handle = await site.HandleOfAsync(name);
        await site.Database.ExecuteAsync("insert into publishing.guard_finding select list, id, 'critical', 'touched', 'It is a service that people depend on.', now() from curation.episode where subject_id = $1", handle);
        using var olav = await site.SignInAsync("olav");
        foreach (var form in new[] { "enforce", "override" })
        {
            var entry = await olav.GetAsync($"/entries/{handle}");
            var refused = Check(await olav.SubmitAsync(entry, $"form[action$={form}]", ("note", text), ("rule-critical", null))).Expect(HttpStatusCode.UnprocessableEntity);
            Check(await olav.SubmitAsync(refused, $"form[action$={form}]", ("rule-critical", "on"))).Expect(HttpStatusCode.OK);
            Check(await olav.GetAsync($"/queue?tab=guard&after={Uri.EscapeDataString(text)}"));
        }

        foreach (var person in new[] { "bram", "vera" })
        {
            using var reader = await site.SignInAsync(person);
            var entry = Check(await reader.GetAsync($"/entries/{handle}"));
            Assert.Equal(2, entry.Document.QuerySelectorAll(".timeline .free").Count(free => free.TextContent.Contains(Visible(text), StringComparison.Ordinal)));
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Fields_that_take_no_such_text_show_it_again_harmless_and_store_nothing(string text)
    {
        var name = NameFor("refused", text);
        using var bram = await site.SignInAsync("bram");
        await bram.ProposeAsync(name, site.Clock.GetUtcNow().AddHours(-3));
        var handle = await site.HandleOfAsync(name);
        var propose = await bram.GetAsync("/propose?list=worst-of");
        foreach (var field in new[] { "name", "scope", "sighted-at", "reference-number", "reference-type", "verdict-c1", "list", "submission" })
            await RefusedAsync(bram, propose, "form[action='/propose']", field, [("name", $"x{name}"), ("scope", "domain"), ("sighted-at", SightedAt), .. CuratorSteps.Verdicts("met")], text);
        foreach (var (form, field) in new[] { ("reference", "reference-number"), ("reference", "reference-type"), ("notification", "kind"), ("notification", "country"), ("notification", "number"), ("notification", "sent-at"), ("sighting", "sighted-at"), ("sighting", "list") })
            await RefusedAsync(bram, await bram.GetAsync($"/entries/{handle}"), $"form[action$={form}]", field, [("kind", "ncb"), ("country", "NL"), ("sent-at", SightedAt), ("reference-type", "ICCAM")], text);
        using var elise = await site.SignInAsync("elise");
        var assess = await elise.BeginAsync(handle);
        foreach (var field in new[] { "sighted-at", "reference-number", "verdict-c2", "list" }) await RefusedAsync(elise, assess, "form.panel", field, [.. CuratorSteps.Verdicts("met")], text);
        await elise.PostAsync($"/entries/{handle}/claim/release", ("list", "worst-of"));

        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from curation.decision d join curation.episode e on e.id = d.episode_id where e.subject_id = $1", handle));
        Assert.Equal(0L, await site.Database.ScalarAsync<long>("select (select count(*) from curation.reference) + (select count(*) from curation.notification where number = $1)", text));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Searches_and_addresses_show_what_was_asked_as_text(string text)
    {
        using var bram = await site.SignInAsync("bram");
        var asked = Uri.EscapeDataString(text);
        foreach (var path in new[] { $"/entries?q={asked}", $"/entries?reference={asked}", $"/entries?q=abc&state={asked}&agency={asked}&list={asked}&name={asked}", $"/queue?tab={asked}&list={asked}&after={asked}&done={asked}", $"/propose?list={asked}&done={asked}",
            $"/propose/verdict?name={asked}&scope={asked}&list={asked}", $"/lists/{asked}", $"/criteria/{asked}", $"/people/{asked}", $"/lists/worst-of/versions/diff?from={asked}&to={asked}", $"/imports?after={asked}",
            $"/register?q={asked}&scope={asked}&source={asked}", $"/register/add?name={asked}", $"/register/rows/{asked}", $"/sign-in?to={asked}", $"/{asked}" })
            Check(await bram.GetAsync(path), path);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Reasons_of_the_register_are_shown_as_text_and_its_other_fields_take_no_such_text(string text)
    {
        var name = NameFor("register", text);
        using var bram = await site.SignInAsync("bram");
        var form = await bram.GetAsync("/register/add");
        foreach (var field in new[] { "name", "source" }) await RefusedAsync(bram, form, RegisterSteps.AddForm, field, [("name", name), ("source", "hand"), ("reason", "x")], text);
        Check(await bram.SubmitAsync(form, RegisterSteps.AddForm, ("name", name), ("source", "hand"), ("reason", text), ("checked", text)));
        var row = Check(await bram.EnterAsync(name, reason: text));
        Assert.Equal(Visible(text), row.Document.QuerySelectorAll("dd .free")[^1].TextContent);
        using var olav = await site.SignInAsync("olav");
        Check(await olav.SubmitAsync(await olav.GetAsync(bram.Path), "form[action$=retire]", ("reason", text)));
        await RefusedAsync(bram, await bram.GetAsync("/hosts"), "form[action='/hosts']", "name", [], text);
        foreach (var path in new[] { "/register/history", $"/register?q={name}", "/register", bram.Path }) Check(await olav.GetAsync(path), path);
        var plan = Check(await olav.SendSitesAsync(string.Concat(Enumerable.Range(1, 30).Select(i => $"{i},hostile{i}.example\n")) + text + "\n"));
        Assert.Contains(Visible(text)[..10], plan.Words, StringComparison.Ordinal);
        foreach (var field in new[] { "reason", "replaces" }) Check(await olav.SubmitAsync(plan, "form.panel", ("reason", ""), (field, text)), field);
    }

    [Fact]
    public async Task Names_that_people_give_are_stored_as_text_or_refused()
    {
        using var astrid = await site.SignInAsync("astrid");
        var people = await astrid.GetAsync("/people");
        // Markup and formulas are names like others; what is not seen is refused.
        foreach (var (text, id) in new[] { (Markup, "markup.name"), (Formula, "formula.name"), (Turned, "turned.name") })
        {
            var answer = Check(await astrid.SubmitAsync(people, "form[action='/people']", ("new-name", text), ("new-id", id), ("new-roles", "curator")));
            Assert.Equal(text == Turned ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.OK, answer.Status);
            Assert.Equal(text == Turned ? 0L : 1L, await site.Database.ScalarAsync<long>("select count(*) from access.person where id = $1", id));
            Check(await astrid.SubmitAsync(people, "form[action='/people']", ("new-name", "x"), ("new-id", text), ("new-roles", "curator"))).Expect(HttpStatusCode.UnprocessableEntity);
        }
        foreach (var path in new[] { "/people", "/people/markup.name", "/people/formula.name" }) Check(await astrid.GetAsync(path));
        Check(await astrid.PostAsync("/people/markup.name/invite"));

        // As a colleague, in every place where a colleague is named.
        await site.Database.ExecuteAsync("update access.person set name = $1 where id = 'dirk'", Markup);
        var name = "named.example";
        using var bram = await site.SignInAsync("bram");
        await bram.ProposeAsync(name, site.Clock.GetUtcNow().AddHours(-3));
        var handle = await site.HandleOfAsync(name);
        using var dirk = await site.SignInAsync("dirk");
        var his = Check(await dirk.BeginAsync(handle));
        using var anna = await site.SignInAsync("anna");
        foreach (var path in new[] { "/queue?tab=review", $"/entries/{handle}", $"/entries/{handle}/assess?list=worst-of" }) Check(await anna.GetAsync(path));
        Check(await anna.PostAsync($"/entries/{handle}/claim", ("list", "worst-of")));
        Check(await dirk.AssessAsync(his));
        Check(await anna.GetAsync($"/entries/{handle}"));
        foreach (var path in new[] { "/account", "/queue", "/people", "/people/dirk" }) Check(await dirk.GetAsync(path));
    }

    [Fact]
    public async Task Names_of_filters_are_stored_as_text_or_refused()
    {
        using var cora = await site.SignInAsync("cora");
        foreach (var text in new[] { Markup[..60], Formula, Turned })
        {
            var answer = await cora.SubmitAsync(await cora.GetAsync("/entries?q=example"), "form[action='/entries/filters']", ("name", text));
            Check(answer);
            Assert.Equal(text == Turned ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.OK, answer.Status);
        }
        var shown = Check(await cora.GetAsync("/entries"));
        Assert.Equal(2, shown.Document.QuerySelectorAll("ul[aria-label='Saved filters'] li").Length);
    }

    [Fact]
    public async Task Settings_and_passkey_names_are_stored_as_text_or_refused()
    {
        using var cora = await site.SignInAsync("cora");
        foreach (var text in new[] { Markup, Turned, Formula })
        {
            var account = await cora.GetAsync("/account");
            foreach (var field in new[] { "zone", "theme", "key-next" }) Check(await cora.SubmitAsync(account, "form[action='/account']", (field, text)), field);
        }
        await site.Database.ExecuteAsync("""
            insert into access.passkey (id, person, name, public_key, sign_count, transports, is_user_verified, is_backup_eligible, is_backed_up, attestation_object, client_data)
            values (decode(repeat('ab', 32), 'hex'), 'cora', $1, '', 0, '{}', true, false, false, '', '')
            """, Markup[..60]);
        var shown = Check(await cora.GetAsync("/account"));
        Assert.Contains("<script>", shown.Words, StringComparison.Ordinal);
        foreach (var text in new[] { Formula, Turned })
        {
            Check(await cora.SubmitAsync(await cora.GetAsync("/account"), "form:has(input[name=passkey-name])", ("passkey-name", text)));
            Assert.Equal(Formula, await site.Database.ScalarAsync<string>("select name from access.passkey where person = 'cora'"));
        }
    }

    private string SightedAt => site.Clock.GetUtcNow().AddHours(-3).UtcDateTime.ToString(CuratorSteps.TimeFormat, CultureInfo.InvariantCulture);

    private static string NameFor(string what, string text) => $"{what}-{(text == Markup ? "markup" : text == Turned ? "turned" : "formula")}.example";

    /// <summary>As a page shows it: what is not seen is a number.</summary>
    private static string Visible(string text) => text.Replace("\u202E", "U+202E", StringComparison.Ordinal).Replace("\u2066", "U+2066", StringComparison.Ordinal).Replace("\u200B", "U+200B", StringComparison.Ordinal);

    private static async Task RefusedAsync(Browser browser, Page page, string form, string field, (string, string?)[] rest, string text)
    {
        var had = Browser.FieldsOf((IHtmlFormElement)page.Document.QuerySelector(form)!).Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        // A submission id that is none is given anew, and the form is carried out; what is asked of it here is only that nothing acts.
        var answer = Check(await browser.SubmitAsync(page, form, [.. rest.Where(r => r.Item1 != field && had.Contains(r.Item1)), (field, text)]), $"{form} {field}");
        if (field != "submission") Assert.True(answer.Status == HttpStatusCode.UnprocessableEntity, $"{form} {field}: {answer.Status} {answer.Heading}");
    }

    /// <summary>The page, if nothing in it acts: no element or handler came from a text, and no character turns what stands around it.</summary>
    private static Page Check(Page page, string? where = null)
    {
        where = $"{where} {page.Heading}";
        Assert.True(page.Status != HttpStatusCode.InternalServerError, $"{where}: {page.Fault}");
        var document = page.Document;
        Assert.True(document.QuerySelector("script:not([src]), img, iframe, object, style, [style]") is null, $"{where}: an element that no page of ours has");
        Assert.All(document.All, element => Assert.DoesNotContain(element.Attributes, attribute => attribute.Name.StartsWith("on", StringComparison.Ordinal)));
        foreach (var node in document.Descendants<IText>().Where(node => node.ParentElement is not (null or IHtmlTextAreaElement)))
            Assert.False(HasUnseen(node.Data), $"{where}: {node.ParentElement!.OuterHtml}");
        foreach (var element in document.All)
            foreach (var attribute in element.Attributes.Where(a => a.Name is "title" or "aria-label" or "placeholder" or "alt")) Assert.False(HasUnseen(attribute.Value), $"{where}: {element.OuterHtml}");
        Assert.All(document.QuerySelectorAll("a[href]"), link => Assert.Matches("^(/|#)", link.GetAttribute("href")));
        return page;
    }

    private static bool HasUnseen(string text) => text.AsSpan().ContainsAny('\u202E', '\u2066', '\u200B');
}
