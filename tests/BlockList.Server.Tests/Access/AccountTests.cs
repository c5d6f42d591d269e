using System.Net;
using System.Text.Json;
using BlockList.Server.Access;
using BlockList.Server.Tests.Web;
using Xunit;

namespace BlockList.Server.Tests.Access;

public sealed class AccountTests(CurationSite site) : IClassFixture<CurationSite>
{
    [Fact]
    public async Task Second_passkey_is_added_named_and_the_first_removed_which_ends_its_other_sessions()
    {
        var (first, firstKey) = await site.ArriveAsync("eva");
        using (first)
        using (firstKey)
        {
            using var elsewhere = site.Open();
            (await Ceremony.SignInAsync(elsewhere, firstKey)).Expect(HttpStatusCode.OK);
            using var second = new Authenticator();
            (await Ceremony.RunAsync(first, second, "/account/passkeys/begin", "/account/passkeys/finish", ("name", "Spare"))).Expect(HttpStatusCode.OK);
            await first.PostAsync($"/account/passkeys/{Passkey.Label(second.Id)}/name", ("passkey-name", "Spare in the safe"));
            var account = await first.GetAsync("/account");
            Assert.Contains("Spare in the safe", account.Words, StringComparison.Ordinal);

            await first.SubmitAsync(account, $"form[action$='{Passkey.Label(firstKey.Id)}/remove']");

            Assert.True(await first.IsSignedInAsync());
            Assert.False(await elsewhere.IsSignedInAsync());
            using var again = site.Open();
            (await Ceremony.SignInAsync(again, firstKey)).Expect(HttpStatusCode.Forbidden);
            (await Ceremony.SignInAsync(again, second)).Expect(HttpStatusCode.OK);
            foreach (var action in new[] { "passkey.add", "passkey.rename", "passkey.remove" }) Assert.Single(await site.AuditAsync(action, "eva"));
        }
    }

    [Fact]
    public async Task Last_passkey_stays()
    {
        var (browser, key) = await site.ArriveAsync("elin");
        using (browser)
        using (key)
        {
            Assert.Equal("Your last passkey stays", (await browser.PostAsync($"/account/passkeys/{Passkey.Label(key.Id)}/remove")).Expect(HttpStatusCode.Conflict).Heading);
        }
    }

    [Fact]
    public async Task Two_removals_at_once_leave_one_passkey()
    {
        var (browser, key) = await site.ArriveAsync("erna");
        using (browser)
        using (key)
        {
            using var second = new Authenticator();
            (await Ceremony.RunAsync(browser, second, "/account/passkeys/begin", "/account/passkeys/finish")).Expect(HttpStatusCode.OK);

            var pages = await Task.WhenAll(new[] { key, second }.Select(one => browser.PostOnceAsync($"/account/passkeys/{Passkey.Label(one.Id)}/remove")));

            Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.Conflict], pages.Select(page => page.Status).Order());
        }
    }

    [Fact]
    public async Task Passkeys_of_an_old_session_change_only_after_confirming()
    {
        var (browser, key) = await site.ArriveAsync("edda");
        using (browser)
        using (key)
        {
            site.Clock.Offset += TimeSpan.FromMinutes(10);
            using var spare = new Authenticator();
            (await Ceremony.RunAsync(browser, spare, "/account/passkeys/begin", "/account/passkeys/finish")).Expect(HttpStatusCode.Forbidden);
            (await browser.PostAsync($"/account/passkeys/{Passkey.Label(key.Id)}/remove")).Expect(HttpStatusCode.Forbidden);
            var before = browser.Cookies["__Host-blocklist"];

            (await Ceremony.SignInAsync(browser, key, ("to", "/account"))).Expect(HttpStatusCode.OK);
            browser.Renew();

            Assert.NotEqual(before, browser.Cookies["__Host-blocklist"]);
            Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from access.session where person = 'edda' and ended_at is null"));
            (await Ceremony.RunAsync(browser, spare, "/account/passkeys/begin", "/account/passkeys/finish")).Expect(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Passkey_of_another_person_is_not_there()
    {
        var (one, oneKey) = await site.ArriveAsync("ebba");
        var (two, twoKey) = await site.ArriveAsync("esther");
        (await two.PostAsync($"/account/passkeys/{Passkey.Label(oneKey.Id)}/remove")).Expect(HttpStatusCode.NotFound);
        (await two.PostAsync($"/account/passkeys/{Passkey.Label(oneKey.Id)}/name", ("passkey-name", "mine"))).Expect(HttpStatusCode.UnprocessableEntity);
        foreach (var part in new IDisposable[] { one, oneKey, two, twoKey }) part.Dispose();

        Assert.NotEqual("mine", await site.Database.ScalarAsync<string>("select name from access.passkey where person = 'ebba'"));
    }

    [Fact]
    public async Task Own_sessions_are_shown_and_ended_and_those_of_others_are_not()
    {
        await site.AddPersonAsync("edel", "no-police", "curator");
        using var here = await site.SignInAsync("edel");
        using var there = await site.SignInAsync("edel");
        using var anna = await site.SignInAsync("anna");
        var session = await site.Database.ScalarAsync<Guid>("select id from access.session where person = 'edel' order by created_at desc, id desc limit 1");
        await anna.PostAsync($"/account/sessions/{session}/end");
        Assert.True(await there.IsSignedInAsync());
        var account = await here.GetAsync("/account");
        Assert.Equal(2, account.Document.QuerySelectorAll("form[action^='/account/sessions/']").Length);

        await here.PostAsync($"/account/sessions/{session}/end");

        Assert.False(await there.IsSignedInAsync());
        Assert.True(await here.IsSignedInAsync());
    }

    [Fact]
    public async Task Settings_are_stored_and_shown_in_every_page()
    {
        using var dirk = await site.SignInAsync("dirk");
        var stored = await dirk.SubmitAsync(await dirk.GetAsync("/account"), "form[action='/account']", ("zone", "Europe/Oslo"), ("theme", "dark"), ("key-of-assess", "x"), ("key-of-propose", ""), ("breaks-on", null));

        Assert.Equal("dark", stored.Expect(HttpStatusCode.OK).Document.DocumentElement.GetAttribute("data-theme"));
        var keys = JsonDocument.Parse(stored.Document.Body!.GetAttribute("data-keys")!).RootElement;
        Assert.Equal(("x", "", "off"), (keys.GetProperty("assess").GetString(), keys.GetProperty("propose").GetString(), keys.GetProperty("breaks").GetString()));
        Assert.Equal(3, keys.EnumerateObject().Count());
        Assert.Equal("Europe/Oslo", await site.Database.ScalarAsync<string>("select zone from access.person where id = 'dirk'"));
        Assert.Contains("your time", stored.Document.QuerySelector("#zone-sample")!.TextContent, StringComparison.Ordinal);
        Assert.Single(await site.AuditAsync("account.set", "dirk"));
    }

    [Theory]
    [InlineData("zone", "Middle/Earth", "zone")]
    [InlineData("zone", "../../etc/passwd", "zone")]
    [InlineData("theme", "pink", "theme")]
    [InlineData("key-of-assess", "j", "key-of-assess")]
    [InlineData("key-of-assess", "g", "key-of-assess")]
    [InlineData("key-of-assess", "abc", "key-of-assess")]
    [InlineData("key-of-assess", "\u202e", "key-of-assess")]
    public async Task Setting_that_cannot_work_comes_back_with_all_that_was_typed(string field, string value, string named)
    {
        using var elise = await site.SignInAsync("elise");
        var refused = await elise.SubmitAsync(await elise.GetAsync("/account"), "form[action='/account']", [("key-of-help", "h"), (field, value)]);

        refused.Expect(HttpStatusCode.UnprocessableEntity);
        Assert.NotNull(refused.Document.QuerySelector($".error-summary a[href='#{named}']"));
        Assert.NotNull(refused.Document.QuerySelector($"#{named}"));
        Assert.Equal("h", refused.Document.QuerySelector("#key-of-help")!.GetAttribute("value"));
        Assert.Equal("{}", await site.Database.ScalarAsync<string>("select keys::text from access.person where id = 'elise'"));
    }

    [Fact]
    public async Task Sample_of_a_zone_answers_with_a_time_or_with_how_to_write_it()
    {
        using var elise = await site.SignInAsync("elise");

        Assert.Contains("your time", (await elise.GetAsync("/account/zone?zone=Asia/Tokyo")).Text, StringComparison.Ordinal);
        Assert.Contains("Europe/Oslo", (await elise.GetAsync("/account/zone?zone=Asia/T")).Text, StringComparison.Ordinal);
    }
}
