using System.Net;
using System.Text;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>Files of names through the pages: uploaded, checked, shown with every problem, and who may see them.</summary>
public sealed class ImportFileTests(CurationSite site) : ImportSteps(site), IClassFixture<CurationSite>
{
    [Fact]
    public async Task File_with_errors_shows_every_one_offers_them_as_a_file_and_stores_no_row()
    {
        using var anna = await Site.SignInAsync("anna");
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
    public async Task Name_that_the_own_agency_assessed_is_an_error_unless_it_is_to_be_skipped()
    {
        using var anna = await Site.SignInAsync("anna");
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
    public async Task Upload_that_is_sent_twice_is_one_import()
    {
        using var anna = await Site.SignInAsync("anna");
        var form = await anna.GetAsync("/imports/new");
        var submission = form.Document.QuerySelector("input[name=submission]")!.GetAttribute("value")!;
        var content = $"{Header}\n{Row(NewName())}\n";
        foreach (var _ in new[] { 1, 2 })
            Assert.Equal($"/imports/{submission}", (await SendAsync(anna, Encoding.UTF8.GetBytes(content), submission: submission)).Expect(HttpStatusCode.Redirect).Location);
        Assert.Equal(1L, await Site.Database.ScalarAsync<long>("select count(*) from oversight.audit where action = 'import.upload' and subject = $1", submission));
    }

    [Theory]
    [InlineData("astrid")]
    [InlineData("olav")]
    public async Task Only_curators_open_the_pages_of_imports(string person)
    {
        using var browser = await Site.SignInAsync(person);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/imports")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/imports/new")).Status);
    }

    [Fact]
    public async Task Auditor_reads_imports_of_every_agency_and_acts_on_none()
    {
        using var anna = await Site.SignInAsync("anna");
        await UploadAsync(anna, $"{Header}\n{Row(NewName())}\n");
        using var vera = await Site.SignInAsync("vera");
        var page = (await vera.GetAsync($"/imports/{IdOf(anna)}")).Expect(HttpStatusCode.OK);
        Assert.Null(page.Document.QuerySelector("form[action$=commit], form[action$=discard]"));
        Assert.Equal(HttpStatusCode.Forbidden, (await vera.PostOnceAsync($"/imports/{IdOf(anna)}/discard")).Status);
    }

    [Fact]
    public async Task Check_that_a_crash_cut_off_is_said_to_have_stopped_and_can_be_discarded()
    {
        using var anna = await Site.SignInAsync("anna");
        var id = Guid.CreateVersion7(Site.Clock.GetUtcNow());
        await Site.Database.ExecuteAsync("""
            insert into curation.import (id, list, person, agency, file_name, file_sha256, rows, state, heartbeat_at)
            values ($1, 'worst-of', 'anna', 'no-police', 'cut-off.csv', 'x', 0, 'checking', clock_timestamp())
            """, id);
        // Alive by its last word, it is neither stopped nor to be discarded.
        var alive = await anna.GetAsync($"/imports/{id}");
        Assert.NotNull(alive.Document.QuerySelector("progress"));
        await anna.PostOnceAsync($"/imports/{id}/discard");
        Assert.Equal("checking", await StateAsync(id));

        await Site.Database.ExecuteAsync("update curation.import set heartbeat_at = clock_timestamp() - interval '2 minutes' where id = $1", id);
        var stopped = await anna.GetAsync($"/imports/{id}");
        Assert.Contains("The work on this import stopped", stopped.Words, StringComparison.Ordinal);
        Assert.Contains("was discarded", (await anna.SubmitAsync(stopped, "form[action$=discard]")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_is_shown_without_script_and_asks_again_with_it()
    {
        using var anna = await Site.SignInAsync("anna");
        var id = Guid.CreateVersion7(Site.Clock.GetUtcNow());
        await Site.Database.ExecuteAsync("""
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
        await Site.Database.ExecuteAsync("update curation.import set state = 'staged', heartbeat_at = null where id = $1", id);
        Assert.Equal(["true"], (await anna.GetOnceAsync($"/imports/{id}/progress", ("HX-Request", "true"))).Headers.GetValues("HX-Refresh"));
    }

    [Fact]
    public async Task Formulas_markup_and_direction_overrides_are_harmless_on_the_page_and_in_the_file()
    {
        using var anna = await Site.SignInAsync("anna");
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
        using var anna = await Site.SignInAsync("anna");
        Assert.Contains(said, (await UploadAsync(anna, content)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_in_another_encoding_or_none_is_refused_with_what_to_do()
    {
        using var anna = await Site.SignInAsync("anna");
        var utf16 = await SendAndFollowAsync(anna, [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Header)]);
        Assert.Contains("UTF-16", utf16.Words, StringComparison.Ordinal);
        Assert.Contains("CSV UTF-8", utf16.Words, StringComparison.Ordinal);
        Assert.Contains("not UTF-8", (await SendAndFollowAsync(anna, [.. Encoding.UTF8.GetBytes(Header), 0xE9, (byte)'\n'])).Words, StringComparison.Ordinal);
        Assert.Contains("binary and not text", (await SendAndFollowAsync(anna, [.. Encoding.UTF8.GetBytes(Header), 0, 0, 0])).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_without_a_file_keeps_what_was_chosen()
    {
        using var anna = await Site.SignInAsync("anna");
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
        using var anna = await Site.SignInAsync("anna");
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
        using var anna = await Site.SignInAsync("anna");
        anna.FormToken = "forged";
        var before = await Site.Database.ScalarAsync<long>("select count(*) from curation.import");
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(anna, Encoding.UTF8.GetBytes($"{Header}\n{Row(NewName())}\n"))).Status);
        Assert.Equal(before, await Site.Database.ScalarAsync<long>("select count(*) from curation.import"));
    }

    [Fact]
    public async Task Upload_whose_session_has_ended_keeps_what_was_chosen_and_no_file()
    {
        using var anna = await Site.SignInAsync("anna");
        await anna.GetAsync("/imports/new");
        anna.Cookies.Remove("__Host-blocklist");
        var before = await Site.Database.ScalarAsync<long>("select count(*) from curation.import");
        var page = await SendAsync(anna, Encoding.UTF8.GetBytes($"{Header}\n{Row(NewName())}\n"), skip: true);
        Assert.Equal(HttpStatusCode.Unauthorized, page.Status);
        Assert.Contains("kept.skip", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Header, page.Text, StringComparison.Ordinal);
        Assert.Equal(before, await Site.Database.ScalarAsync<long>("select count(*) from curation.import"));
    }

    [Fact]
    public async Task Rows_are_found_by_part_of_a_name_by_kind_and_by_state()
    {
        using var anna = await Site.SignInAsync("anna");
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
        await Site.Database.ExecuteAsync("""
            insert into curation.import (id, list, person, agency, file_name, file_sha256, rows, proposals)
            select ('018f' || lpad(to_hex(n), 4, '0') || '-0000-7000-8000-000000000000')::uuid, 'worst-of', 'elise', 'fr-police', 'file-' || n || '.csv', 'x', n, n from generate_series(1, 60) n
            """);
        using var elise = await Site.SignInAsync("elise");
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
        using var anna = await Site.SignInAsync("anna");
        var form = await anna.GetAsync("/imports/new?list=no-national");
        var example = await anna.GetOnceAsync(form.Document.QuerySelector("a[download]")!.GetAttribute("href")!);
        Assert.StartsWith("domain,scope,sighted_at,n1,n2,n3,reference,note", example.Text, StringComparison.Ordinal);
        var page = await SendAndFollowAsync(anna, Encoding.UTF8.GetBytes(example.Text), list: "no-national");
        Assert.Contains("2 new proposals", page.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_of_another_country_takes_no_file()
    {
        using var bram = await Site.SignInAsync("bram");
        var page = await SendAsync(bram, Encoding.UTF8.GetBytes($"{Header}\n{Row(NewName())}\n"), list: "no-national");
        Assert.Equal(HttpStatusCode.Conflict, page.Status);
        Assert.Contains("national list of NO", page.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_names_below_one_domain_are_worth_a_warning()
    {
        using var anna = await Site.SignInAsync("anna");
        var host = NewName();
        var page = await UploadAsync(anna, Header + "\n" + Row(host) + "\n" + string.Join('\n', Enumerable.Range(1, 6).Select(i => Row($"c{i}.{host}", "host"))) + "\n");
        Assert.Equal("7", page.Document.QuerySelectorAll(".figure")[^1].TextContent);
        var warnings = await anna.GetAsync($"/imports/{IdOf(anna)}?show=warning");
        Assert.Contains($"6 names of the file lie below {host}.", warnings.Words, StringComparison.Ordinal);
        Assert.Contains("Line 2 lists a whole domain", warnings.Words, StringComparison.Ordinal);
    }
}
