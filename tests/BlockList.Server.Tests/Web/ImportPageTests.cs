using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using BlockList.Format;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Curation;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>Files of names through the pages: uploaded, checked, signed, taken back.</summary>
public sealed class ImportPageTests(CurationSite site) : IClassFixture<CurationSite>
{
    private const string Header = "domain,scope,sighted_at,c1,c2,c3,reference,note";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Seen => site.Clock.GetUtcNow().AddDays(-1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    [Fact]
    public async Task File_with_errors_shows_every_one_offers_them_as_a_file_and_stores_no_row()
    {
        using var anna = await site.SignInAsync("anna");
        var good = NewName();
        var page = await UploadAsync(anna, $"{Header}\n{Row(good)}\n{NewName()},subdomains,{Seen},met,met,met,,\nco.uk,domain,{Seen},met,perhaps,met,,\n{NewName()},host,{Seen},met,met,met,ICCAM 5,\n");

        Assert.Equal(["3 scope", "4 c2", "4 domain", "5 reference"], Lines(page).Order(StringComparer.Ordinal));
        Assert.Contains("4 problems in the file; nothing of it was stored", page.Words, StringComparison.Ordinal);
        Assert.Contains("Write met, not_met or unknown.", page.Words, StringComparison.Ordinal);
        var id = IdOf(anna);
        var file = await anna.GetOnceAsync($"/imports/{id}/error.csv");
        Assert.Equal("text/csv", file.Expect(HttpStatusCode.OK).ContentType);
        Assert.Equal(5, file.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal("refused 4 0 0", await StateAsync(id, "concat_ws(' ', state, errors, rows, (select count(*) from curation.draft where import_id = i.id))"));
        Assert.Equal("import.download import.refuse import.upload", await AuditOfAsync(id));
        // Mended, it is one choice and one file away.
        var form = await anna.GetAsync(page.Document.QuerySelector("a.primary")!.GetAttribute("href")!);
        Assert.NotNull(form.Document.QuerySelector("input[type=file]"));
    }

    [Fact]
    public async Task File_that_holds_is_summed_up_and_decides_nothing_until_it_is_signed()
    {
        using var anna = await site.SignInAsync("anna");
        var (known, own, fresh) = (NewName(), NewName(), NewName());
        await ProposeAsync("bram", known);
        await ProposeAsync("dirk", own);
        var page = await UploadAsync(anna, $"{Header}\n{Row(known)}\n{Row(own)}\n{Row(fresh)}\n", skip: true);

        Assert.Equal(["1", "1", "1", "0"], page.Document.QuerySelectorAll(".figure").Select(f => f.TextContent));
        var id = IdOf(anna);
        Assert.Equal("staged 1 1 1 0", await StateAsync(id, "concat_ws(' ', state, proposals, reviews, skipped, (select count(*) from curation.decision where name = any (array(select name from curation.draft d where d.import_id = i.id and not is_review))))"));
        foreach (var secret in new[] { "bram", "nl-hotline", "Hotline (demo, NL)" }) Assert.DoesNotContain(secret, page.Text, StringComparison.OrdinalIgnoreCase);

        var done = await anna.SubmitAsync(page, "form[action$=commit]");
        Assert.Contains("1 name proposed", done.Words, StringComparison.Ordinal);
        Assert.Equal("no-police", await site.Database.ScalarAsync<string>("select voters from curation.episode where name = $1 and is_current", fresh));
        Assert.Equal("nl-hotline", await site.Database.ScalarAsync<string>("select voters from curation.episode where name = $1 and is_current", known));
        foreach (var secret in new[] { "bram", "nl-hotline", "Hotline (demo, NL)" }) Assert.DoesNotContain(secret, done.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Name_that_the_own_agency_assessed_is_an_error_unless_it_is_to_be_skipped()
    {
        using var anna = await site.SignInAsync("anna");
        var own = NewName();
        await ProposeAsync("dirk", own);
        var page = await UploadAsync(anna, $"{Header}\n{Row(own)}\n");
        Assert.Equal(["2 domain"], Lines(page));
        var staged = await UploadAsync(anna, $"{Header}\n{Row(own)}\n", skip: true);
        Assert.Contains("Nothing to sign", staged.Words, StringComparison.Ordinal);
        var skipped = await anna.GetAsync($"/imports/{IdOf(anna)}?show=skipped");
        Assert.Contains(own, skipped.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hundred_rows_are_signed_at_once_when_their_number_was_typed()
    {
        using var anna = await site.SignInAsync("anna");
        var names = NewNames(100);
        var page = await UploadAsync(anna, Header + "\n" + string.Join('\n', names.Select(n => Row(n))) + "\n");
        var id = IdOf(anna);

        var unsure = await anna.SubmitAsync(page, "form[action$=commit]", ("confirm", "99"));
        Assert.Equal(HttpStatusCode.BadRequest, unsure.Status);
        Assert.Equal("99", unsure.Document.QuerySelector("#confirm")!.GetAttribute("value"));
        Assert.Equal("staged", await StateAsync(id));

        var done = await FinishAsync(anna, await anna.SubmitAsync(unsure, "form[action$=commit]", ("confirm", "100")));
        Assert.Contains("100 names proposed", done.Words, StringComparison.Ordinal);
        Assert.Equal("100 1", await site.Database.ScalarAsync<string>("select concat_ws(' ', count(*), count(distinct d.assertion_id)) from curation.decision d join curation.import i on i.assertion_id = d.assertion_id where i.id = $1 and d.kind = 'proposal' and d.person = 'anna'", id));
        Assert.Equal("import.commit import.read import.stage import.upload", await AuditOfAsync(id));
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from oversight.audit where action = 'decision.submit' and detail->>'import' = $1", id.ToString()));
        Assert.Equal(100, done.Document.QuerySelectorAll("table.data tbody tr").Length);
        Assert.Contains("awaiting assessment", done.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_that_is_sent_twice_signs_once()
    {
        using var anna = await site.SignInAsync("anna");
        var page = await UploadAsync(anna, $"{Header}\n{Row(NewName())}\n");
        var id = IdOf(anna);
        var fields = Browser.FieldsOf((AngleSharp.Html.Dom.IHtmlFormElement)page.Document.QuerySelector("form[action$=commit]")!).Where(f => f.Name != "form-token").ToArray();
        var answers = await Task.WhenAll(anna.PostOnceAsync($"/imports/{id}/commit", fields), anna.PostOnceAsync($"/imports/{id}/commit", fields));
        Assert.All(answers, answer => Assert.Equal($"/imports/{id}", answer.Expect(HttpStatusCode.Redirect).Location));
        await FinishAsync(anna, await anna.GetAsync($"/imports/{id}"));
        Assert.Equal("committed 1", await StateAsync(id, "concat_ws(' ', state, (select count(*) from curation.decision d where d.assertion_id = i.assertion_id))"));
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from oversight.audit where action = 'import.commit' and subject = $1", id.ToString()));
    }

    [Fact]
    public async Task Upload_that_is_sent_twice_is_one_import()
    {
        using var anna = await site.SignInAsync("anna");
        var form = await anna.GetAsync("/imports/new");
        var submission = form.Document.QuerySelector("input[name=submission]")!.GetAttribute("value")!;
        var content = $"{Header}\n{Row(NewName())}\n";
        foreach (var _ in new[] { 1, 2 })
            Assert.Equal($"/imports/{submission}", (await SendAsync(anna, Encoding.UTF8.GetBytes(content), submission: submission)).Expect(HttpStatusCode.Redirect).Location);
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from oversight.audit where action = 'import.upload' and subject = $1", submission));
    }

    [Fact]
    public async Task Role_withdrawn_between_upload_and_signing_stops_the_signing()
    {
        var id = await site.AddPersonAsync("late" + RandomNumberGenerator.GetHexString(6, true), "no-police", RoleNames.Curator);
        using var late = await site.SignInAsync(id);
        var page = await UploadAsync(late, $"{Header}\n{Row(NewName())}\n");
        var import = IdOf(late);
        await site.Database.ExecuteAsync("update access.person set roles = '{}' where id = $1", id);
        Assert.Equal(HttpStatusCode.Forbidden, (await late.SubmitAsync(page, "form[action$=commit]")).Status);
        Assert.Equal("staged", await StateAsync(import));
    }

    [Fact]
    public async Task Person_without_a_passkey_that_signs_is_told_so_and_the_import_stays()
    {
        var id = await site.AddPersonAsync("keyless" + RandomNumberGenerator.GetHexString(6, true), "no-police", RoleNames.Curator);
        using var keyless = await site.SignInAsync(id);
        var page = await UploadAsync(keyless, $"{Header}\n{Row(NewName())}\n");
        var refused = await keyless.SubmitAsync(page, "form[action$=commit]");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("nothing can be signed", refused.Words, StringComparison.Ordinal);
        Assert.Equal("staged", await StateAsync(IdOf(keyless)));
    }

    [Fact]
    public async Task Another_agency_neither_sees_nor_signs_nor_discards_an_import()
    {
        using var anna = await site.SignInAsync("anna");
        using var bram = await site.SignInAsync("bram");
        var name = NewName();
        await UploadAsync(anna, $"{Header}\n{Row(name)}\n", fileName: "secret-of-norway.csv");
        var id = IdOf(anna);
        foreach (var path in new[] { $"/imports/{id}", $"/imports/{id}/progress", $"/imports/{id}/error.csv", $"/imports/{id}/revert" })
        {
            var page = await bram.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, page.Status);
            Assert.DoesNotContain(name, page.Text, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("secret-of-norway", (await bram.GetAsync("/imports")).Expect(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await bram.PostOnceAsync($"/imports/{id}/commit")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await bram.PostOnceAsync($"/imports/{id}/discard")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await bram.PostOnceAsync($"/imports/{id}/revert", ("reason", "x"))).Status);
        Assert.Equal("staged", await StateAsync(id));
        // A colleague does, and may sign it.
        using var dirk = await site.SignInAsync("dirk");
        Assert.Contains("1 name proposed", (await dirk.SubmitAsync(await dirk.GetAsync($"/imports/{id}"), "form[action$=commit]")).Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("astrid")]
    [InlineData("olav")]
    public async Task Only_curators_open_the_pages_of_imports(string person)
    {
        using var browser = await site.SignInAsync(person);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/imports")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/imports/new")).Status);
    }

    [Fact]
    public async Task Auditor_reads_imports_of_every_agency_and_acts_on_none()
    {
        using var anna = await site.SignInAsync("anna");
        await UploadAsync(anna, $"{Header}\n{Row(NewName())}\n");
        using var vera = await site.SignInAsync("vera");
        var page = (await vera.GetAsync($"/imports/{IdOf(anna)}")).Expect(HttpStatusCode.OK);
        Assert.Null(page.Document.QuerySelector("form[action$=commit], form[action$=discard]"));
        Assert.Equal(HttpStatusCode.Forbidden, (await vera.PostOnceAsync($"/imports/{IdOf(anna)}/discard")).Status);
    }

    [Fact]
    public async Task Name_that_another_agency_proposed_meanwhile_refuses_the_whole_import_and_says_what_to_do()
    {
        using var anna = await site.SignInAsync("anna");
        var (taken, other) = (NewName(), NewName());
        var page = await UploadAsync(anna, $"{Header}\n{Row(taken)}\n{Row(other)}\n");
        await ProposeAsync("bram", taken);
        var refused = await FinishAsync(anna, await anna.SubmitAsync(page, "form[action$=commit]"));
        Assert.Contains("Discard this import and import the file again", refused.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("nl-hotline", refused.Text, StringComparison.Ordinal);
        Assert.Equal("staged", await StateAsync(IdOf(anna)));
        Assert.Equal(0L, await site.Database.ScalarAsync<long>("select count(*) from curation.episode where name = $1", other));
        var discarded = await anna.SubmitAsync(refused, "form[action$=discard]");
        Assert.Contains("was discarded", discarded.Words, StringComparison.Ordinal);
        Assert.Equal(0L, await site.Database.ScalarAsync<long>("select count(*) from curation.draft where import_id = $1", IdOf(anna)));
    }

    [Fact]
    public async Task Revert_shows_what_it_would_do_and_leaves_what_changed_since()
    {
        using var anna = await site.SignInAsync("anna");
        var names = NewNames(4);
        var done = await anna.SubmitAsync(await UploadAsync(anna, Header + "\n" + string.Join('\n', names.Select(n => Row(n))) + "\n"), "form[action$=commit]");
        var id = IdOf(anna);
        await AssessAsync("bram", names[0]);
        await WithdrawAsync("dirk", names[1]);

        var preview = await anna.GetAsync(done.Document.QuerySelector(".actions a.danger")!.GetAttribute("href")!);
        Assert.Equal(["2", "2"], preview.Document.QuerySelectorAll(".figure").Select(f => f.TextContent));
        Assert.Contains("Changed since: assessment by Hotline (demo, NL).", preview.Words, StringComparison.Ordinal);
        var empty = await anna.SubmitAsync(preview, "form[action$=revert]", ("reason", " "));
        Assert.Equal(HttpStatusCode.BadRequest, empty.Status);
        Assert.Equal("committed", await StateAsync(id));

        var reverted = await FinishAsync(anna, await anna.SubmitAsync(empty, "form[action$=revert]", ("reason", "the wrong file")));
        Assert.Contains("Taken back: 2 votes withdrawn, 2 left as they are", reverted.Words, StringComparison.Ordinal);
        Assert.Equal("eligible withdrawn withdrawn withdrawn", await site.Database.ScalarAsync<string>(
            "select string_agg(stage, ' ' order by array_position($1::text[], name::text)) from curation.episode where name = any ($1) and is_current", (object)names));
        Assert.Equal("the wrong file", await site.Database.ScalarAsync<string>("select n.note from curation.annotation n join curation.decision d on d.id = n.decision_id where d.name = $1 and d.kind = 'withdrawal'", names[2]));
        var kept = await anna.GetAsync($"/imports/{id}?show=kept");
        Assert.Contains(names[0], kept.Words, StringComparison.Ordinal);
        Assert.DoesNotContain(names[2], kept.Words, StringComparison.Ordinal);
        Assert.Contains("import.reverted", await AuditOfAsync(id), StringComparison.Ordinal);
        // Again there is nothing to do.
        Assert.Equal($"/imports/{id}", (await anna.PostOnceAsync($"/imports/{id}/revert", ("reason", "again"))).Expect(HttpStatusCode.Redirect).Location);
    }

    [Fact]
    public async Task Check_that_a_crash_cut_off_is_said_to_have_stopped_and_can_be_discarded()
    {
        using var anna = await site.SignInAsync("anna");
        var id = Guid.CreateVersion7(site.Clock.GetUtcNow());
        await site.Database.ExecuteAsync("""
            insert into curation.import (id, list, person, agency, file_name, file_sha256, rows, state, heartbeat_at)
            values ($1, 'worst-of', 'anna', 'no-police', 'cut-off.csv', 'x', 0, 'checking', clock_timestamp())
            """, id);
        // Alive by its last word, it is neither stopped nor to be discarded.
        var alive = await anna.GetAsync($"/imports/{id}");
        Assert.NotNull(alive.Document.QuerySelector("progress"));
        await anna.PostOnceAsync($"/imports/{id}/discard");
        Assert.Equal("checking", await StateAsync(id));

        await site.Database.ExecuteAsync("update curation.import set heartbeat_at = clock_timestamp() - interval '2 minutes' where id = $1", id);
        var stopped = await anna.GetAsync($"/imports/{id}");
        Assert.Contains("The work on this import stopped", stopped.Words, StringComparison.Ordinal);
        Assert.Contains("was discarded", (await anna.SubmitAsync(stopped, "form[action$=discard]")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_that_a_crash_cut_off_can_be_done_again()
    {
        using var anna = await site.SignInAsync("anna");
        await UploadAsync(anna, $"{Header}\n{Row(NewName())}\n");
        var id = IdOf(anna);
        await site.Database.ExecuteAsync("update curation.import set state = 'committing', heartbeat_at = clock_timestamp() - interval '2 minutes' where id = $1", id);
        var stopped = await anna.GetAsync($"/imports/{id}");
        Assert.Contains("Nothing was decided. Sign it again", stopped.Words, StringComparison.Ordinal);
        Assert.Contains("1 name proposed", (await anna.SubmitAsync(stopped, "form[action$=commit]")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_that_a_stop_of_the_role_cut_off_says_so_on_its_page()
    {
        var app = await site.StartAsync();
        using var anna = await site.SignInAsync("anna", app);
        var names = NewNames(20_000);
        var content = Encoding.UTF8.GetBytes(Header + "\n" + string.Join('\n', names.Select(n => Row(n))) + "\n");
        var answer = await SendAsync(anna, content);
        await app.StopAsync(Ct);
        await app.DisposeAsync();
        var id = Guid.Parse(answer.Expect(HttpStatusCode.Redirect).Location![^36..]);
        Assert.Contains(await StateAsync(id), new[] { "staged", "failed" });
    }

    [Fact]
    public async Task Progress_is_shown_without_script_and_asks_again_with_it()
    {
        using var anna = await site.SignInAsync("anna");
        var id = Guid.CreateVersion7(site.Clock.GetUtcNow());
        await site.Database.ExecuteAsync("""
            insert into curation.import (id, list, person, agency, file_name, file_sha256, rows, state, heartbeat_at, step, looked, of_rows)
            values ($1, 'worst-of', 'anna', 'no-police', 'long.csv', 'x', 0, 'checking', clock_timestamp(), 'Reading the file', 5000, 20000)
            """, id);
        var page = await anna.GetAsync($"/imports/{id}");
        var bar = page.Document.QuerySelector("progress")!;
        Assert.Equal(("20000", "5000"), (bar.GetAttribute("max"), bar.GetAttribute("value")));
        Assert.Contains("5,000 of 20,000 rows", page.Words, StringComparison.Ordinal);
        Assert.Equal($"/imports/{id}", page.Document.QuerySelector("#progress a")!.GetAttribute("href"));
        var polled = page.Document.QuerySelector("#progress")!;
        Assert.Equal((polled.GetAttribute("hx-get"), "every 1s"), ($"/imports/{id}/progress", polled.GetAttribute("hx-trigger")));
        var fragment = await anna.GetOnceAsync($"/imports/{id}/progress", ("HX-Request", "true"));
        Assert.Contains("5,000 of 20,000", fragment.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<html", fragment.Text, StringComparison.Ordinal);
        await site.Database.ExecuteAsync("update curation.import set state = 'staged', heartbeat_at = null where id = $1", id);
        Assert.Equal(["true"], (await anna.GetOnceAsync($"/imports/{id}/progress", ("HX-Request", "true"))).Headers.GetValues("HX-Refresh"));
    }

    [Fact]
    public async Task Formulas_markup_and_direction_overrides_are_harmless_on_the_page_and_in_the_file()
    {
        using var anna = await site.SignInAsync("anna");
        var page = await UploadAsync(anna, $"{Header}\n\"=HYPERLINK(\"\"http://bad.example\"\")\",domain,{Seen},met,met,met,,\n<script>alert(1)</script>,domain,{Seen},met,met,met,,\n{NewName()},@SUM(1),{Seen},\u202Etem,met,met,,\n",
            fileName: "<b>\u202Evsc.csv");
        Assert.DoesNotContain("<script>alert", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', page.Text);
        Assert.Contains("U+202E", page.Words, StringComparison.Ordinal);
        var file = (await anna.GetOnceAsync($"/imports/{IdOf(anna)}/error.csv")).Text;
        Assert.DoesNotContain('\u202E', file);
        Assert.Contains("\"'=HYPERLINK(", file, StringComparison.Ordinal);
        Assert.Contains("\"'@SUM(1)\"", file, StringComparison.Ordinal);
        Assert.DoesNotContain(",\"=", file, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "The file is empty")]
    [InlineData("PK\x03\x04workbook", "workbook of a spreadsheet program")]
    [InlineData("domain;scope;sighted_at;c1;c2;c3;reference;note\n", "save the file with commas")]
    [InlineData("domain,scope,sighted_at,c1,c2,c3,refrence,note\n", "Write reference instead of refrence")]
    [InlineData("Domain,scope,Sighted At,c1,c2,c3,reference,note\n", "Write sighted_at instead of Sighted At")]
    public async Task File_that_is_not_the_kind_is_refused_with_what_to_do(string content, string said)
    {
        using var anna = await site.SignInAsync("anna");
        Assert.Contains(said, (await UploadAsync(anna, content)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_in_another_encoding_or_none_is_refused_with_what_to_do()
    {
        using var anna = await site.SignInAsync("anna");
        var utf16 = await SendAndFollowAsync(anna, [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Header)]);
        Assert.Contains("UTF-16", utf16.Words, StringComparison.Ordinal);
        Assert.Contains("CSV UTF-8", utf16.Words, StringComparison.Ordinal);
        Assert.Contains("not UTF-8", (await SendAndFollowAsync(anna, [.. Encoding.UTF8.GetBytes(Header), 0xE9, (byte)'\n'])).Words, StringComparison.Ordinal);
        Assert.Contains("binary and not text", (await SendAndFollowAsync(anna, [.. Encoding.UTF8.GetBytes(Header), 0, 0, 0])).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_without_a_file_keeps_what_was_chosen()
    {
        using var anna = await site.SignInAsync("anna");
        await anna.GetAsync("/imports/new");
        using var content = new MultipartFormDataContent { { new StringContent(anna.FormToken!), "form-token" }, { new StringContent("worst-of"), "list" }, { new StringContent("yes"), "skip" } };
        var page = await anna.SendAsync(anna.Ours(new HttpRequestMessage(HttpMethod.Post, "/imports/new") { Content = content }));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("Choose a file.", page.Words, StringComparison.Ordinal);
        Assert.True(page.Document.QuerySelector("input[name=skip]")!.HasAttribute("checked"));
    }

    [Fact]
    public async Task Longest_file_is_read_and_a_longer_one_gets_a_page_that_says_what_to_do()
    {
        using var anna = await site.SignInAsync("anna");
        await anna.GetAsync("/imports/new");
        const int longest = 64 * 1024 * 1024;
        var content = new byte[longest];
        content.AsSpan().Fill((byte)'\n');
        Encoding.UTF8.GetBytes($"{Header}\n{Row(NewName())}\n").CopyTo(content, 0);
        var taken = await FinishAsync(anna, await SendAndFollowAsync(anna, content));
        Assert.Contains("1 new proposal", taken.Words, StringComparison.Ordinal);

        var refused = await SendAsync(anna, new byte[longest + 128 * 1024]);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.Status);
        Assert.Contains("longer than 64 MB", refused.Heading, StringComparison.Ordinal);
        Assert.Contains("Split it", refused.Words, StringComparison.Ordinal);
        Assert.Equal("/imports/new", refused.Document.QuerySelector("main a.button")!.GetAttribute("href"));
        // Within what the form may hold beside the file, the file alone is too long.
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await SendAsync(anna, new byte[longest + 1])).Status);
    }

    [Fact]
    public async Task Upload_without_the_form_token_is_refused()
    {
        using var anna = await site.SignInAsync("anna");
        anna.FormToken = "forged";
        var before = await site.Database.ScalarAsync<long>("select count(*) from curation.import");
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(anna, Encoding.UTF8.GetBytes($"{Header}\n{Row(NewName())}\n"))).Status);
        Assert.Equal(before, await site.Database.ScalarAsync<long>("select count(*) from curation.import"));
    }

    [Fact]
    public async Task Upload_whose_session_has_ended_keeps_what_was_chosen_and_no_file()
    {
        using var anna = await site.SignInAsync("anna");
        await anna.GetAsync("/imports/new");
        anna.Cookies.Remove("__Host-blocklist");
        var before = await site.Database.ScalarAsync<long>("select count(*) from curation.import");
        var page = await SendAsync(anna, Encoding.UTF8.GetBytes($"{Header}\n{Row(NewName())}\n"), skip: true);
        Assert.Equal(HttpStatusCode.Unauthorized, page.Status);
        Assert.Contains("kept.skip", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Header, page.Text, StringComparison.Ordinal);
        Assert.Equal(before, await site.Database.ScalarAsync<long>("select count(*) from curation.import"));
    }

    [Fact]
    public async Task Rows_are_found_by_part_of_a_name_by_kind_and_by_state()
    {
        using var anna = await site.SignInAsync("anna");
        var names = NewNames(3);
        await ProposeAsync("bram", names[2]);
        await anna.SubmitAsync(await UploadAsync(anna, Header + "\n" + string.Join('\n', names.Select(n => Row(n))) + "\n"), "form[action$=commit]");
        var id = IdOf(anna);
        await AssessAsync("bram", names[0]);
        async Task<string[]> ShownAsync(string query) => [.. (await anna.GetAsync($"/imports/{id}?{query}")).Document.QuerySelectorAll("table.data tbody .name[dir]").Select(n => n.TextContent)];

        Assert.Equal(names, await ShownAsync(""));
        Assert.Equal([names[1]], await ShownAsync("q=" + names[1][2..10].ToUpperInvariant()));
        Assert.Empty(await ShownAsync("q=%25"));
        Assert.Equal([names[2]], await ShownAsync("kind=review"));
        Assert.Equal([names[0]], await ShownAsync("state=eligible"));
        Assert.Equal([names[1], names[2]], await ShownAsync("state=awaiting"));
    }

    [Fact]
    public async Task Imports_of_the_agency_are_listed_newest_first_page_by_page()
    {
        await site.Database.ExecuteAsync("""
            insert into curation.import (id, list, person, agency, file_name, file_sha256, rows, proposals)
            select ('018f' || lpad(to_hex(n), 4, '0') || '-0000-7000-8000-000000000000')::uuid, 'worst-of', 'elise', 'fr-police', 'file-' || n || '.csv', 'x', n, n from generate_series(1, 60) n
            """);
        using var elise = await site.SignInAsync("elise");
        var page = (await elise.GetAsync("/imports")).Expect(HttpStatusCode.OK);
        string[] Files(Page shown) => [.. shown.Document.QuerySelectorAll("table.data tbody td:first-child").Select(cell => cell.TextContent.Trim())];
        Assert.Equal(Enumerable.Range(11, 50).Reverse().Select(n => $"file-{n}.csv"), Files(page));
        Assert.Contains("60 proposals", page.Words, StringComparison.Ordinal);
        var next = await elise.GetAsync(page.Document.QuerySelector("a[rel=next]")!.GetAttribute("href")!);
        Assert.Equal(Enumerable.Range(1, 10).Reverse().Select(n => $"file-{n}.csv"), Files(next));
    }

    [Fact]
    public async Task Example_file_holds_as_it_is()
    {
        using var anna = await site.SignInAsync("anna");
        var form = await anna.GetAsync("/imports/new?list=no-national");
        var example = await anna.GetOnceAsync(form.Document.QuerySelector("a[download]")!.GetAttribute("href")!);
        Assert.StartsWith("domain,scope,sighted_at,n1,n2,n3,reference,note", example.Text, StringComparison.Ordinal);
        var page = await SendAndFollowAsync(anna, Encoding.UTF8.GetBytes(example.Text), list: "no-national");
        Assert.Contains("2 new proposals", page.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_of_another_country_takes_no_file()
    {
        using var bram = await site.SignInAsync("bram");
        var page = await SendAsync(bram, Encoding.UTF8.GetBytes($"{Header}\n{Row(NewName())}\n"), list: "no-national");
        Assert.Equal(HttpStatusCode.Conflict, page.Status);
        Assert.Contains("national list of NO", page.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_names_below_one_domain_are_worth_a_warning()
    {
        using var anna = await site.SignInAsync("anna");
        var host = NewName();
        var page = await UploadAsync(anna, Header + "\n" + Row(host) + "\n" + string.Join('\n', Enumerable.Range(1, 6).Select(i => Row($"c{i}.{host}", "host"))) + "\n");
        Assert.Equal("7", page.Document.QuerySelectorAll(".figure")[^1].TextContent);
        var warnings = await anna.GetAsync($"/imports/{IdOf(anna)}?show=warning");
        Assert.Contains($"6 names of the file lie below {host}.", warnings.Words, StringComparison.Ordinal);
        Assert.Contains("Line 2 lists a whole domain", warnings.Words, StringComparison.Ordinal);
    }

    private static string NewName() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 14) + ".example";

    private static string[] NewNames(int count) => [.. Enumerable.Range(0, count).Select(_ => NewName())];

    private string Row(string name, string scope = "domain") => $"{name},{scope},{Seen},met,met,met,CASE:7,a note";

    private static Guid IdOf(Browser browser) => Guid.Parse(browser.Path.Split('?')[0]["/imports/".Length..][..36]);

    private static string[] Lines(Page page) => [.. page.Document.QuerySelectorAll("table.data tbody tr").Select(row => $"{row.Children[0].TextContent.Trim()} {row.Children[1].TextContent.Trim()}")];

    private static Task<Page> UploadAsync(Browser browser, string content, bool skip = false, string fileName = "names.csv") => SendAndFollowAsync(browser, Encoding.UTF8.GetBytes(content), skip, fileName);

    private static async Task<Page> SendAndFollowAsync(Browser browser, byte[] content, bool skip = false, string fileName = "names.csv", string list = DevelopmentKeys.WorstOf)
    {
        var answer = await SendAsync(browser, content, skip, fileName, list);
        return answer.Location is { } to ? await FinishAsync(browser, await browser.GetAsync(to)) : answer;
    }

    /// <summary>Looks at the page again until the work is done, as a person without script does.</summary>
    private static async Task<Page> FinishAsync(Browser browser, Page page)
    {
        while (page.Document.QuerySelector("progress") is not null) page = await browser.GetAsync(page.Document.QuerySelector("#progress a")!.GetAttribute("href")!);
        return page;
    }

    private static async Task<Page> SendAsync(Browser browser, byte[] file, bool skip = false, string fileName = "names.csv", string list = DevelopmentKeys.WorstOf, string? submission = null)
    {
        using var content = new MultipartFormDataContent { { new StringContent(browser.FormToken ?? ""), "form-token" }, { new StringContent(list), "list" } };
        if (submission is not null) content.Add(new StringContent(submission), "submission");
        if (skip) content.Add(new StringContent("yes"), "skip");
        var part = new ByteArrayContent(file);
        part.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        content.Add(part, "file", fileName);
        return await browser.SendAsync(browser.Ours(new HttpRequestMessage(HttpMethod.Post, "/imports/new") { Content = content }));
    }

    private Task<string?> StateAsync(Guid import, string what = "state") => site.Database.ScalarAsync<string>($"select {what} from curation.import i where id = $1", import);

    private Task<string?> AuditOfAsync(Guid import) => site.Database.ScalarAsync<string>("select string_agg(distinct action, ' ' order by action) from oversight.audit where subject = $1", import.ToString());

    private Task ProposeAsync(string person, string name) => DecideAsync(person, async (prepare, credential) =>
    {
        var staged = (Server.Curation.Importing.StageOutcome.Staged)await site.Services.GetRequiredService<Server.Curation.Importing.StageImport>()
            .RunAsync(Encoding.UTF8.GetBytes($"{Header}\n{Row(name)}\n"), "x.csv", DevelopmentKeys.WorstOf, person, false, false, null, Ct);
        return await prepare.ForImportAsync(staged.Import!.Value, credential, Ct);
    });

    private Task AssessAsync(string person, string name) => DecideAsync(person, (prepare, credential) => prepare.ForReviewAsync(DevelopmentKeys.WorstOf, [name], Verdict.Met, null, credential, Ct));

    private Task WithdrawAsync(string person, string name) => DecideAsync(person, (prepare, credential) =>
        prepare.ForEntryAsync(DecisionKind.Withdrawal, DevelopmentKeys.WorstOf, PrepareDecisions.NameOf(name, "domain"), null, "not ours", credential, Ct));

    private async Task DecideAsync(string person, Func<PrepareDecisions, string, Task<IReadOnlyList<PreparedDecision>>> prepare)
    {
        using var key = site.Cast[person].OpenPasskey();
        var decisions = await prepare(site.Services.GetRequiredService<PrepareDecisions>(), Hashes.Sha256(key.ExportSubjectPublicKeyInfo()));
        var nonce = RandomNumberGenerator.GetBytes(DecisionChallenge.NonceLength);
        var assertion = Assertion.Create(key, SignedDecisions.ChallengeOf(decisions, decisions.Count > 1, nonce), site.Services.GetRequiredService<IOptions<RelyingPartyOptions>>().Value.RelyingParty);
        Assert.IsType<SubmitOutcome.Accepted>(await site.Services.GetRequiredService<SubmitDecisions>().RunAsync(new SignedDecisions(decisions, decisions.Count > 1, nonce, assertion), null, Ct));
    }
}
