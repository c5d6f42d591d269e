using System.Diagnostics;
using System.Net;
using System.Text;
using BlockList.Server.Names.Register;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>Lists of sites: checked first, read by a person, signed, in force.</summary>
public sealed class RegisterImportTests(CurationSite site, ITestOutputHelper output) : IClassFixture<CurationSite>
{
    [Fact]
    public async Task List_is_checked_then_signed_then_in_force()
    {
        using var olav = await site.SignInAsync("olav");
        var before = await site.StatementsAsync();

        var plan = (await olav.SendSitesAsync(Lines("good", 40) + "41,Odd_Line<b>\n")).Expect(HttpStatusCode.OK);

        Assert.Equal("Import this list of sites?", plan.Heading);
        Assert.Equal(["40 names", "1 line left out"], Tiles(plan).Take(2));
        Assert.Equal(["41", "41,Odd_Line<b>"], plan.Document.QuerySelectorAll("section table.data tbody td").Take(2).Select(cell => cell.TextContent));
        Assert.Equal(before, await site.StatementsAsync());
        Assert.Contains("Success: Clear: nothing stands against listing it", (await olav.AskAsync("good7.example")).Notices());

        var refused = (await olav.SignSitesAsync(plan, " ")).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("Write why", refused.Document.QuerySelector(".error-summary")!.TextContent, StringComparison.Ordinal);
        var done = (await olav.SignSitesAsync(refused, "the list of November")).Expect(HttpStatusCode.OK);

        Assert.Contains("Success: The list is in force. Proposals and what new versions add meet it from now on.", done.Notices());
        Assert.Equal("40, and 1 line of the file left out", done.Fact("Names"));
        var asked = await olav.AskAsync("www.good7.example");
        Assert.Contains("Warning: It needs an override", asked.Notices());
        Assert.Equal("number 7 of the most visited sites", asked.Fact("Rank"));
        Assert.Equal("the list of November", asked.Fact("Why"));
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from oversight.audit a join names.site_list l on l.id::text = a.subject where a.action = 'register.import' and a.actor = 'olav'"));
        Assert.DoesNotContain((await olav.GetAsync("/register")).Notices(), notice => notice.Contains("No list", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Shrinking_list_is_told_with_what_is_new_and_what_is_gone()
    {
        using var olav = await site.SignInAsync("olav");
        await olav.SignSitesAsync(await olav.SendSitesAsync(Lines("grown", 100)));

        var tenth = await olav.SendSitesAsync(Lines("grown", 90));
        var more = await olav.SendSitesAsync(Lines("grown", 80) + "81,another.example\n");

        Assert.Empty(tenth.Notices());
        Assert.Contains("Warning: The list shrinks from 100 to 81 names", more.Notices());
        Assert.Equal(["81 names", "0 lines left out", "1 new", "20 gone"], Tiles(more));
    }

    [Fact]
    public async Task File_that_is_no_list_of_sites_is_refused_with_its_lines_and_stored_nowhere()
    {
        using var olav = await site.SignInAsync("olav");
        await olav.GetAsync("/register/import");
        var files = await site.Database.ScalarAsync<long>("select count(*) from names.file");

        var odd = (await olav.SendSitesAsync("1,fine.example\nname,<script>alert(1)</script>\n3,Bad_One\n")).Expect(HttpStatusCode.UnprocessableEntity);
        var empty = (await olav.SendSitesAsync("")).Expect(HttpStatusCode.UnprocessableEntity);
        var none = (await olav.PostAsync("/register/import")).Expect(HttpStatusCode.UnprocessableEntity);

        Assert.Contains("2 of 3 lines give no name that could be listed", odd.Document.QuerySelector(".error-summary")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["2", "3"], odd.Document.QuerySelectorAll("table.data tbody td.number").Select(cell => cell.TextContent));
        Assert.Null(odd.Document.QuerySelector("script:not([src])"));
        Assert.Contains("The file is empty.", empty.Words, StringComparison.Ordinal);
        Assert.Contains("Choose a file.", none.Words, StringComparison.Ordinal);
        Assert.Equal(files, await site.Database.ScalarAsync<long>("select count(*) from names.file"));
    }

    [Fact]
    public async Task Same_file_again_is_said_and_imported_no_second_time()
    {
        using var olav = await site.SignInAsync("olav");
        var plan = await olav.SendSitesAsync(Lines("same", 10));
        await olav.SignSitesAsync(plan);
        var before = await site.StatementsAsync();

        var again = await olav.SendSitesAsync(Lines("same", 10));
        var signed = (await olav.SignSitesAsync(plan, "a second click")).Expect(HttpStatusCode.UnprocessableEntity);

        Assert.Contains("Info: This very file is in force already", again.Notices());
        Assert.Contains("Error: This very file is in force already.", signed.Notices());
        Assert.Equal("a second click", signed.Document.QuerySelector("#reason")!.TextContent);
        Assert.Equal(before, await site.StatementsAsync());
    }

    [Fact]
    public async Task List_imported_meanwhile_is_told_before_another_takes_its_place()
    {
        using var olav = await site.SignInAsync("olav");
        var first = await olav.SendSitesAsync(Lines("first", 10));
        await olav.SignSitesAsync(await olav.SendSitesAsync(Lines("second", 10)));

        var told = (await olav.SignSitesAsync(first, "kept reason")).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("Error: Another list was imported while you looked at this one.", told.Notices());
        Assert.Equal(["10 names", "0 lines left out", "10 new", "10 gone"], Tiles(told));

        Assert.Contains("Success: The list is in force. Proposals and what new versions add meet it from now on.", (await olav.SubmitAsync(told, "form.panel")).Notices());
        Assert.Equal("first", await site.Database.ScalarAsync<string>("select left(split_part(convert_from(f.content, 'UTF8'), ',', 2), 5) from names.site_list l join names.file f on f.sha256 = l.file_sha256"));
    }

    [Fact]
    public async Task Only_release_officers_import_and_only_files_that_were_sent()
    {
        using var bram = await site.SignInAsync("bram");
        (await bram.SendSitesAsync(Lines("role", 10))).Expect(HttpStatusCode.Forbidden);
        using var olav = await site.SignInAsync("olav");
        foreach (var unknown in new[] { new string('a', 64), "x", "%27%3B--" })
        {
            (await olav.GetAsync($"/register/import/{unknown}")).Expect(HttpStatusCode.NotFound);
            (await olav.PostAsync($"/register/import/{unknown}", ("reason", "x"))).Expect(HttpStatusCode.NotFound);
        }
        Assert.Equal(0L, await site.Database.ScalarAsync<long>("select count(*) from names.file where convert_from(content, 'UTF8') like '1,role%'"));
    }

    [Fact]
    public async Task File_that_is_too_long_is_refused_with_advice_for_lists()
    {
        using var olav = await site.SignInAsync("olav");
        await olav.GetAsync("/register/import");

        var page = (await olav.SendSitesAsync(new byte[SiteFile.MaximumLength + 128 * 1024])).Expect(HttpStatusCode.RequestEntityTooLarge);

        Assert.Equal("The file is longer than 64 MB", page.Heading);
        Assert.Contains("send its first million lines", page.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Million_lines_are_checked_signed_and_asked()
    {
        using var olav = await site.SignInAsync("olav");
        await olav.GetAsync("/register/import");
        var file = Encoding.UTF8.GetBytes(Lines("million", 1_000_000));

        var watch = Stopwatch.StartNew();
        var plan = (await olav.SendSitesAsync(file)).Expect(HttpStatusCode.OK);
        var (check, first) = (watch.Elapsed, Tiles(plan)[0]);
        watch.Restart();
        (await olav.SignSitesAsync(plan)).Expect(HttpStatusCode.OK);
        var sign = watch.Elapsed;
        watch.Restart();
        var asked = await olav.AskAsync("million999999.example");

        output.WriteLine($"{file.Length} bytes: checked in {check.TotalSeconds:F1} s, signed in {sign.TotalSeconds:F1} s, asked (and read anew) in {watch.Elapsed.TotalSeconds:F1} s");
        Assert.Equal("1,000,000 names", first);
        Assert.Equal("number 999,999 of the most visited sites", asked.Fact("Rank"));
    }

    private static string Lines(string word, int count)
    {
        var text = new StringBuilder();
        for (var rank = 1; rank <= count; rank++) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{rank},{word}{rank}.example\n");
        return text.ToString();
    }

    private static string[] Tiles(Page page) => [.. page.Document.QuerySelectorAll(".tiles.figures li p:first-child").Select(p => string.Join(' ', p.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))];
}
