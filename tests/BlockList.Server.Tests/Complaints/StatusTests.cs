using Xunit;

namespace BlockList.Server.Tests.Complaints;

/// <summary>The status page: who sees it, how control is proven, and what that opens.</summary>
public sealed class StatusTests(PortalSite site) : IClassFixture<PortalSite>
{
    private static int _names;

    private static string NewName => $"followed{Interlocked.Increment(ref _names)}.example";

    [Fact]
    public async Task Page_needs_reference_and_secret_and_reads_them_as_people_type_them()
    {
        using var person = await ComplainAsync(NewName);
        using var browser = site.Open();
        var form = await browser.GetAsync("/en/status");

        var shown = await browser.SubmitAsync(form, "main .primary", ("reference", person.Reference.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal)), ("secret", person.Secret.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal).Replace('0', 'o').Replace('1', 'l')));
        Assert.Contains(person.Reference, shown.Heading, StringComparison.Ordinal);
        Assert.Equal("no-store", shown.Headers.CacheControl?.ToString());
        var wrong = await browser.SubmitAsync(form, "main .primary", ("reference", person.Reference), ("secret", new string('0', 26)));
        Assert.Contains("No complaint has this reference together with this secret", wrong.Words, StringComparison.Ordinal);
        Assert.Equal(person.Reference, wrong.Document.QuerySelector("#reference")!.GetAttribute("value"));
        Assert.Equal(wrong.Words, (await browser.SubmitAsync(form, "main .primary", ("reference", "BL-0000000000"), ("secret", new string('0', 26)))).Words);
        Assert.Contains("This is no secret", (await browser.SubmitAsync(form, "main .primary", ("reference", person.Reference), ("secret", "x"))).Words, StringComparison.Ordinal);
        Assert.Contains("This is no reference", (await browser.SubmitAsync(form, "main .primary", ("reference", "x"), ("secret", "x"))).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_is_asked_for_looked_for_when_it_is_there_and_found()
    {
        var name = NewName;
        using var person = await ComplainAsync(name);
        Assert.Equal(0, await ProofsAsync(person));

        var asked = await person.FollowAsync("ask");
        var codes = asked.Document.QuerySelectorAll(".record .code").Select(code => code.TextContent).ToArray();
        Assert.Equal([$"_blocklist-challenge.{name}", "TXT"], codes[..2]);
        Assert.Matches("^blocklist-challenge=[0-9a-f]{32}$", codes[2]);
        // Nothing is looked for before somebody says that it is there.
        Assert.True(await site.Database.ScalarAsync<bool>("select next_check_at is null from dnschecks.proof where owner = $1", person.Reference));
        Assert.Equal(codes, (await person.FollowAsync("ask")).Document.QuerySelectorAll(".record .code").Select(code => code.TextContent));
        Assert.Equal(1, await ProofsAsync(person));

        Assert.Contains("We are looking now", (await person.FollowAsync("recheck")).Words, StringComparison.Ordinal);
        await LookAsync(person, "absent");
        Assert.Contains("do not have the record yet", (await person.FollowAsync()).Words, StringComparison.Ordinal);
        Assert.Contains("Please wait twenty seconds", (await person.FollowAsync("recheck")).Words, StringComparison.Ordinal);
        await LookAsync(person, "failed");
        Assert.Contains("did not give a usable answer", (await person.FollowAsync()).Words, StringComparison.Ordinal);
        await LookAsync(person, "proven");

        var proven = await person.FollowAsync();
        Assert.Contains("Proven by DNS record", proven.Words, StringComparison.Ordinal);
        Assert.Contains("No list has an entry that covers", proven.Words, StringComparison.Ordinal);
        Assert.Equal("proven txt", await site.Database.ScalarAsync<string>("select concat_ws(' ', proof_state, proof_method) from complaint.complaint where reference = $1", person.Reference));
        Assert.Equal("complaint.submit, case.proven, entries.disclose", await site.Database.ScalarAsync<string>("select string_agg(action, ', ' order by id) from oversight.audit where subject = $1", person.Reference));
    }

    [Fact]
    public async Task Proof_opens_entries_that_cover_the_name_and_those_below_a_registrable_one_and_no_others()
    {
        var name = NewName;
        foreach (var line in new[] { name, $"={name}", $"deep.below.{name}", $"=host.{name}", $"x{name}", "=example", $"other-{name}" }) await site.PublishAsync(line);
        await site.PublishAsync($"gone.{name}", removedAt: site.Clock.GetUtcNow().AddDays(-5));
        using var owner = await ComplainAsync(name);
        await site.PublishAsync($"freed.{name}", removedAt: site.Clock.GetUtcNow().AddSeconds(1));
        using var customer = await ComplainAsync($"host.{name}");
        Assert.Empty((await owner.FollowAsync()).Document.QuerySelectorAll(".entries"));

        string[] expected = [name, name, $"deep.below.{name}", $"freed.{name}", $"host.{name}"];
        Assert.Equal(expected.Order(StringComparer.Ordinal), (await ProveAsync(owner)).Order(StringComparer.Ordinal));
        // Below host.name nothing is told, and beside it neither: whoever proves it controls that name alone.
        Assert.Equal([name, "host." + name], (await ProveAsync(customer)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Removed_entry_says_with_which_version_it_left()
    {
        var name = NewName;
        using var owner = await ComplainAsync(name);
        await site.PublishAsync(name, removedAt: site.Clock.GetUtcNow().AddSeconds(1));

        await ProveAsync(owner);

        Assert.Matches("taken off the list .*worst-of.* with version .*[0-9]+", (await owner.FollowAsync()).Words);
    }

    [Fact]
    public async Task Visitor_and_letter_are_told_what_they_need()
    {
        var name = NewName;
        await site.PublishAsync(name);
        using var visitor = await ComplainAsync(name, "visitor");
        var page = await visitor.FollowAsync();
        Assert.Contains("As a visitor you need to prove nothing", page.Words, StringComparison.Ordinal);
        Assert.Null(page.Document.QuerySelector("button[value=ask]"));

        using var owner = await ComplainAsync(name);
        Assert.Contains("1 Test Street, 00000 Example", (await owner.FollowAsync()).Words, StringComparison.Ordinal);
        await site.Database.ExecuteAsync("update complaint.complaint set proof_state = 'proven', proof_method = 'letter', proof_at = now() where reference = $1", owner.Reference);
        var proven = await owner.FollowAsync();
        Assert.Contains("Proven by letter", proven.Words, StringComparison.Ordinal);
        Assert.Single(proven.Document.QuerySelectorAll(".entries li"));
    }

    [Fact]
    public async Task Name_without_room_for_a_record_is_proven_by_letter()
    {
        var name = string.Join('.', Enumerable.Repeat(new string('a', 60), 3)) + "." + new string('b', 42) + ".example";
        using var person = await ComplainAsync(name);

        Assert.Contains("no record fits below it", (await person.FollowAsync("ask")).Words, StringComparison.Ordinal);
        Assert.Equal(0, await ProofsAsync(person));
    }

    [Fact]
    public async Task Change_of_language_keeps_reference_and_secret()
    {
        using var person = await ComplainAsync(NewName);
        using var browser = site.Open();

        var arabic = await browser.SubmitAsync(await person.FollowAsync(), ".languages button[lang=ar]");

        Assert.Contains(person.Reference, arabic.Heading, StringComparison.Ordinal);
        Assert.Equal("rtl", arabic.Document.DocumentElement.GetAttribute("dir"));
    }

    private async Task<Complainant> ComplainAsync(string name, string party = "owner")
    {
        var person = new Complainant(site.Open());
        await (await person.FillAsync(("domain", name), ("party", party))).SendAsync();
        Assert.NotEqual("", person.Reference);
        return person;
    }

    private async Task<string[]> ProveAsync(Complainant person)
    {
        await person.FollowAsync("ask");
        await LookAsync(person, "proven");
        return [.. (await person.FollowAsync()).Document.QuerySelectorAll(".entries .code").Select(code => code.TextContent)];
    }

    private Task<long> ProofsAsync(Complainant person) => site.Database.ScalarAsync<long>("select count(*) from dnschecks.proof where owner_kind = 'complaint' and owner = $1", person.Reference);

    /// <summary>What the checker does: takes what is due, and writes what it found.</summary>
    private Task<bool> LookAsync(Complainant person, string outcome) => site.Database.ScalarAsync<bool>(
        "with taken as materialized (select count(*) from dnschecks.take_due(1000, interval '1 minute')) select dnschecks.record_answer(id, $2, 'insecure', null, '[{\"has\": true}]', null) from dnschecks.proof, taken where owner = $1", person.Reference, outcome);
}
