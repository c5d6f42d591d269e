using System.Net;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>Times of a list, held versions and alarms, as people open and change them.</summary>
public sealed class GatePagesTests(CurationSite site) : IClassFixture<CurationSite>
{
    [Fact]
    public async Task Owner_of_a_list_sees_the_next_five_times_before_and_after_a_change()
    {
        using var lena = await site.SignInAsync("lena");
        var path = "/lists/no-national/schedule";
        var typed = (await lena.PostAsync($"{path}/preview", ("day", "7"), ("at", "02:30"), ("zone", "Europe/Oslo"))).Expect(HttpStatusCode.OK);
        Assert.Equal(5, typed.Document.QuerySelectorAll("aside ol li").Length);
        Assert.Equal("02:30", typed.Document.QuerySelector("input[name=at]")!.GetAttribute("value"));
        Assert.Equal(0L, await RowsAsync());

        var refused = (await lena.PostAsync(path, ("at", "25:00"), ("zone", "Nowhere/At-all"))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(3, refused.Document.QuerySelectorAll(".error-summary li").Length);
        Assert.Equal("Nowhere/At-all", refused.Document.QuerySelector("input[name=zone]")!.GetAttribute("value"));

        var added = await lena.PostAsync(path, ("day", "7"), ("at", "02:30"), ("zone", "Europe/Oslo"));
        Assert.Contains("Sunday at 02:30 Europe/Oslo", added.Words, StringComparison.Ordinal);
        Assert.Equal(5, added.Document.QuerySelectorAll("[aria-labelledby=next] ol li").Length);
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from oversight.audit where action = 'schedule.add' and actor = 'lena'"));

        var row = await site.Database.ScalarAsync<Guid>("select id from publishing.schedule where list = 'no-national'");
        using var olav = await site.SignInAsync("olav");
        (await olav.PostAsync($"{path}/{row}/remove")).Expect(HttpStatusCode.Forbidden);
        Assert.DoesNotContain("Add a time", (await olav.GetAsync(path)).Words, StringComparison.Ordinal);
        Assert.Contains("no more", (await lena.PostAsync($"{path}/{row}/remove")).Words, StringComparison.Ordinal);
        Assert.Equal(0L, await RowsAsync());

        Task<long> RowsAsync() => site.Database.ScalarAsync<long>("select count(*) from publishing.schedule where list = 'no-national'");
    }

    [Fact]
    public async Task Held_version_is_explained_with_a_sample_and_decided_by_somebody_who_decided_none_of_it()
    {
        await site.Database.ExecuteAsync("""
            insert into publishing.held (id, list, gates, serial, change, added, removed, may_add, may_remove, ledger_position, evaluated_at)
            select '0199a000-0000-7000-8000-00000000000a', 'worst-of', array['growth'], 1,
              convert_to('blocklist-delta/1 from=1 to=2 from-sha256=' || repeat('0', 64) || ' to-sha256=' || repeat('1', 64) || e'\n' || string_agg('+n' || lpad(i::text, 3, '0') || e'.example\n', '' order by i), 'SQL_ASCII'), 60, 0, 50, 50, 1, now()
            from generate_series(1, 60) as i
            """);
        const string Path = "/held/0199a000-0000-7000-8000-00000000000a";
        using var pieter = await site.SignInAsync("pieter");
        Assert.Contains("adds 60, where 50 may come at once", (await pieter.GetAsync("/held")).Words, StringComparison.Ordinal);
        var page = await pieter.GetAsync(Path);
        Assert.Equal(25, page.Document.QuerySelectorAll("ul.names li").Length);
        Assert.Contains("blocklist approve --list worst-of --version 2", page.Words, StringComparison.Ordinal);
        Assert.Equal(61, (await pieter.GetAsync(Path + "/change.csv")).Text.TrimEnd().Split('\n').Length);
        Assert.Equal(2L, await site.Database.ScalarAsync<long>("select count(*) from oversight.audit where action = 'held.read' and actor = 'pieter'"));

        var change = page.Document.QuerySelector("input[name=change]")!.GetAttribute("value")!;
        var nothing = (await pieter.PostAsync(Path + "/confirm", ("change", change), ("reason", " "), ("approval", "no json"))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("not what blocklist approve prints", nothing.Words, StringComparison.Ordinal);
        var other = (await pieter.PostAsync(Path + "/confirm", ("change", new string('0', 64)), ("reason", "seen"))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("another one than the page showed", other.Words, StringComparison.Ordinal);
        Assert.Equal("seen", other.Document.QuerySelector("textarea[name=reason]")!.TextContent.Trim());
        using var vera = await site.SignInAsync("vera");
        (await vera.PostAsync(Path + "/confirm", ("change", change), ("reason", "x"))).Expect(HttpStatusCode.Forbidden);
        using var anna = await site.SignInAsync("anna");
        (await anna.PostAsync(Path + "/discard", ("change", change), ("reason", "x"))).Expect(HttpStatusCode.Forbidden);

        var done = await pieter.PostAsync(Path + "/confirm", ("change", change), ("reason", "asked both agencies"));
        Assert.Contains("Your word is signed", done.Words, StringComparison.Ordinal);
        Assert.Contains("asked both agencies", done.Words, StringComparison.Ordinal);
        Assert.Equal("confirm", await site.Database.ScalarAsync<string>("select action from publishing.version_decision"));
        await site.Database.ExecuteAsync("insert into publishing.held_end (held_id, outcome, serial) values ('0199a000-0000-7000-8000-00000000000a', 'published', 2)");
        Assert.Contains("not held any more", (await pieter.PostAsync(Path + "/discard", ("change", change), ("reason", "late"))).Expect(HttpStatusCode.UnprocessableEntity).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alarm_stands_on_its_page_until_somebody_looks_after_it()
    {
        await site.Database.ExecuteAsync("insert into publishing.alarm (id, cause, list, kind, message) values ('0199a000-0000-7000-8000-00000000000b', 'held:x', 'worst-of', 'held', 'It waits <b>for</b> you.')");
        using var vera = await site.SignInAsync("vera");
        Assert.Null((await vera.GetAsync("/alarms")).Document.QuerySelector("form[action$=acknowledge]"));
        using var oscar = await site.SignInAsync("oscar");
        var page = await oscar.GetAsync("/alarms");
        Assert.Contains("It waits <b>for</b> you.", page.Words, StringComparison.Ordinal);
        var seen = await oscar.SubmitAsync(page, "form[action$=acknowledge]");
        Assert.Contains("Others see now that you look after it", seen.Words, StringComparison.Ordinal);
        Assert.Contains("a colleague was first", (await oscar.PostAsync("/alarms/0199a000-0000-7000-8000-00000000000b/acknowledge")).Words, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from oversight.audit where action = 'alarm.acknowledge' and actor = 'oscar'"));
    }
}
