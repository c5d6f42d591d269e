using System.Net;
using System.Security.Cryptography;
using System.Text;
using BlockList.Server.Access;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>What a checked file leads to: signed once, refused, cut off, taken back.</summary>
public sealed class ImportDecisionTests(CurationSite site) : ImportSteps(site), IClassFixture<CurationSite>
{
    [Fact]
    public async Task File_that_holds_is_summed_up_and_decides_nothing_until_it_is_signed()
    {
        using var anna = await Site.SignInAsync("anna");
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
        Assert.Equal("no-police", await Site.Database.ScalarAsync<string>("select voters from curation.episode where name = $1 and is_current", fresh));
        Assert.Equal("nl-hotline", await Site.Database.ScalarAsync<string>("select voters from curation.episode where name = $1 and is_current", known));
        foreach (var secret in new[] { "bram", "nl-hotline", "Hotline (demo, NL)" }) Assert.DoesNotContain(secret, done.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Hundred_rows_are_signed_at_once_when_their_number_was_typed()
    {
        using var anna = await Site.SignInAsync("anna");
        var names = NewNames(100);
        var page = await UploadAsync(anna, Header + "\n" + string.Join('\n', names.Select(n => Row(n))) + "\n");
        var id = IdOf(anna);

        var unsure = await anna.SubmitAsync(page, "form[action$=commit]", ("confirm", "99"));
        Assert.Equal(HttpStatusCode.BadRequest, unsure.Status);
        Assert.Equal("99", unsure.Document.QuerySelector("#confirm")!.GetAttribute("value"));
        Assert.Equal("staged", await StateAsync(id));

        var done = await FinishAsync(anna, await anna.SubmitAsync(unsure, "form[action$=commit]", ("confirm", "100")));
        Assert.Contains("100 names proposed", done.Words, StringComparison.Ordinal);
        Assert.Equal("100 1", await Site.Database.ScalarAsync<string>("select concat_ws(' ', count(*), count(distinct d.assertion_id)) from curation.decision d join curation.import i on i.assertion_id = d.assertion_id where i.id = $1 and d.kind = 'proposal' and d.person = 'anna'", id));
        Assert.Equal("import.commit import.read import.stage import.upload", await AuditOfAsync(id));
        Assert.Equal(1L, await Site.Database.ScalarAsync<long>("select count(*) from oversight.audit where action = 'decision.submit' and detail->>'import' = $1", id.ToString()));
        Assert.Equal(100, done.Document.QuerySelectorAll("table.data tbody tr").Length);
        Assert.Contains("awaiting assessment", done.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_that_is_sent_twice_signs_once()
    {
        using var anna = await Site.SignInAsync("anna");
        var page = await UploadAsync(anna, $"{Header}\n{Row(NewName())}\n");
        var id = IdOf(anna);
        var fields = Browser.FieldsOf((AngleSharp.Html.Dom.IHtmlFormElement)page.Document.QuerySelector("form[action$=commit]")!).Where(f => f.Name != "form-token").ToArray();
        var answers = await Task.WhenAll(anna.PostOnceAsync($"/imports/{id}/commit", fields), anna.PostOnceAsync($"/imports/{id}/commit", fields));
        Assert.All(answers, answer => Assert.Equal($"/imports/{id}", answer.Expect(HttpStatusCode.Redirect).Location));
        await FinishAsync(anna, await anna.GetAsync($"/imports/{id}"));
        Assert.Equal("committed 1", await StateAsync(id, "concat_ws(' ', state, (select count(*) from curation.decision d where d.assertion_id = i.assertion_id))"));
        Assert.Equal(1L, await Site.Database.ScalarAsync<long>("select count(*) from oversight.audit where action = 'import.commit' and subject = $1", id.ToString()));
    }

    [Fact]
    public async Task Role_withdrawn_between_upload_and_signing_stops_the_signing()
    {
        var id = await Site.AddPersonAsync("late" + RandomNumberGenerator.GetHexString(6, true), "no-police", RoleNames.Curator);
        using var late = await Site.SignInAsync(id);
        var page = await UploadAsync(late, $"{Header}\n{Row(NewName())}\n");
        var import = IdOf(late);
        await Site.Database.ExecuteAsync("update access.person set roles = '{}' where id = $1", id);
        Assert.Equal(HttpStatusCode.Forbidden, (await late.SubmitAsync(page, "form[action$=commit]")).Status);
        Assert.Equal("staged", await StateAsync(import));
    }

    [Fact]
    public async Task Person_without_a_passkey_that_signs_is_told_so_and_the_import_stays()
    {
        var id = await Site.AddPersonAsync("keyless" + RandomNumberGenerator.GetHexString(6, true), "no-police", RoleNames.Curator);
        using var keyless = await Site.SignInAsync(id);
        var page = await UploadAsync(keyless, $"{Header}\n{Row(NewName())}\n");
        var refused = await keyless.SubmitAsync(page, "form[action$=commit]");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("nothing can be signed", refused.Words, StringComparison.Ordinal);
        Assert.Equal("staged", await StateAsync(IdOf(keyless)));
    }

    [Fact]
    public async Task Another_agency_neither_sees_nor_signs_nor_discards_an_import()
    {
        using var anna = await Site.SignInAsync("anna");
        using var bram = await Site.SignInAsync("bram");
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
        using var dirk = await Site.SignInAsync("dirk");
        Assert.Contains("1 name proposed", (await dirk.SubmitAsync(await dirk.GetAsync($"/imports/{id}"), "form[action$=commit]")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_that_another_agency_proposed_meanwhile_refuses_the_whole_import_and_says_what_to_do()
    {
        using var anna = await Site.SignInAsync("anna");
        var (taken, other) = (NewName(), NewName());
        var page = await UploadAsync(anna, $"{Header}\n{Row(taken)}\n{Row(other)}\n");
        await ProposeAsync("bram", taken);
        var refused = await FinishAsync(anna, await anna.SubmitAsync(page, "form[action$=commit]"));
        Assert.Contains("Discard this import and import the file again", refused.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("nl-hotline", refused.Text, StringComparison.Ordinal);
        Assert.Equal("staged", await StateAsync(IdOf(anna)));
        Assert.Equal(0L, await Site.Database.ScalarAsync<long>("select count(*) from curation.episode where name = $1", other));
        var discarded = await anna.SubmitAsync(refused, "form[action$=discard]");
        Assert.Contains("was discarded", discarded.Words, StringComparison.Ordinal);
        Assert.Equal(0L, await Site.Database.ScalarAsync<long>("select count(*) from curation.draft where import_id = $1", IdOf(anna)));
    }

    [Fact]
    public async Task Revert_shows_what_it_would_do_and_leaves_what_changed_since()
    {
        using var anna = await Site.SignInAsync("anna");
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
        Assert.Equal("eligible withdrawn withdrawn withdrawn", await Site.Database.ScalarAsync<string>(
            "select string_agg(stage, ' ' order by array_position($1::text[], name::text)) from curation.episode where name = any ($1) and is_current", (object)names));
        Assert.Equal("the wrong file", await Site.Database.ScalarAsync<string>("select n.note from curation.annotation n join curation.decision d on d.id = n.decision_id where d.name = $1 and d.kind = 'withdrawal'", names[2]));
        var kept = await anna.GetAsync($"/imports/{id}?show=kept");
        Assert.Contains(names[0], kept.Words, StringComparison.Ordinal);
        Assert.DoesNotContain(names[2], kept.Words, StringComparison.Ordinal);
        Assert.Contains("import.reverted", await AuditOfAsync(id), StringComparison.Ordinal);
        // Again there is nothing to do.
        Assert.Equal($"/imports/{id}", (await anna.PostOnceAsync($"/imports/{id}/revert", ("reason", "again"))).Expect(HttpStatusCode.Redirect).Location);
    }

    [Fact]
    public async Task Signing_that_a_crash_cut_off_can_be_done_again()
    {
        using var anna = await Site.SignInAsync("anna");
        await UploadAsync(anna, $"{Header}\n{Row(NewName())}\n");
        var id = IdOf(anna);
        await Site.Database.ExecuteAsync("update curation.import set state = 'committing', heartbeat_at = clock_timestamp() - interval '2 minutes' where id = $1", id);
        var stopped = await anna.GetAsync($"/imports/{id}");
        Assert.Contains("Nothing was decided. Sign it again", stopped.Words, StringComparison.Ordinal);
        Assert.Contains("1 name proposed", (await anna.SubmitAsync(stopped, "form[action$=commit]")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_that_a_stop_of_the_role_cut_off_says_so_on_its_page()
    {
        var app = await Site.StartAsync();
        using var anna = await Site.SignInAsync("anna", app);
        var names = NewNames(20_000);
        var content = Encoding.UTF8.GetBytes(Header + "\n" + string.Join('\n', names.Select(n => Row(n))) + "\n");
        var answer = await SendAsync(anna, content);
        await app.StopAsync(Ct);
        await app.DisposeAsync();
        var id = Guid.Parse(answer.Expect(HttpStatusCode.Redirect).Location![^36..]);
        Assert.Contains(await StateAsync(id), new[] { "staged", "failed" });
    }
}
