using System.Net;
using BlockList.Server.Tests.Web;
using Xunit;

namespace BlockList.Server.Tests.Access;

public sealed class SessionTests(CurationSite site) : IClassFixture<CurationSite>
{
    private const string Typed = "Line one\r\nline two, with \"quotes\", <script>alert(1)</script>, \u202eright to left\u202c, 日本語 and 🙂";

    [Fact]
    public async Task Session_without_a_request_for_an_hour_ends()
    {
        await site.AddPersonAsync("idle", "no-police", "curator");
        using var browser = await site.SignInAsync("idle");
        site.Clock.Offset += TimeSpan.FromMinutes(59);
        Assert.True(await browser.IsSignedInAsync());
        site.Clock.Offset += TimeSpan.FromMinutes(60);

        Assert.False(await browser.IsSignedInAsync());
        Assert.Equal("idle", await site.Database.ScalarAsync<string>("select ended_because from access.session where person = 'idle'"));
    }

    [Fact]
    public async Task Session_ends_after_ten_hours_whatever_happens()
    {
        await site.AddPersonAsync("busy", "no-police", "curator");
        using var browser = await site.SignInAsync("busy");
        for (var i = 0; i < 12; i++)
        {
            Assert.True(await browser.IsSignedInAsync(), $"after {i * 50} minutes");
            site.Clock.Offset += TimeSpan.FromMinutes(50);
        }

        Assert.False(await browser.IsSignedInAsync());
        Assert.Equal("expired", await site.Database.ScalarAsync<string>("select ended_because from access.session where person = 'busy'"));
    }

    [Fact]
    public async Task Cookie_of_a_session_that_signed_out_opens_nothing()
    {
        using var browser = await site.SignInAsync("anna");
        var cookie = browser.Cookies["__Host-blocklist"];
        await browser.PostAsync("/sign-out");
        Assert.False(browser.Cookies.ContainsKey("__Host-blocklist"));
        browser.Cookies["__Host-blocklist"] = cookie;

        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Cookie_is_for_this_site_alone_and_for_no_script()
    {
        using var browser = site.Open();
        await browser.GetAsync("/development/sign-in");
        var page = await browser.PostOnceAsync("/development/sign-in", ("person", "anna"), ("to", "/"));

        var cookie = Assert.Single(page.Headers.GetValues("Set-Cookie"));
        Assert.Matches("^__Host-blocklist=[A-Za-z0-9_-]{43}; path=/; secure; samesite=strict; httponly$", cookie);
        Assert.Equal(0L, await site.Database.ScalarAsync<long>("select count(*) from access.session s where s::text like '%' || $1 || '%'", browser.Cookies["__Host-blocklist"]));
    }

    [Fact]
    public async Task Session_lost_in_mid_form_keeps_everything_typed()
    {
        await site.AddPersonAsync("mira", "no-police", "agency-administrator");
        using var mira = await site.SignInAsync("mira");
        var form = await mira.GetAsync("/people");
        await site.Database.ExecuteAsync("update access.session set ended_at = now(), ended_because = 'idle' where person = 'mira'");

        var asked = await mira.SubmitAsync(form, "form[action='/people']", ("new-name", Typed), ("new-id", "somebody.new"), ("new-roles", "release-officer"));
        Assert.Equal("Sign in", asked.Expect(HttpStatusCode.Unauthorized).Heading);
        Assert.Contains("what you typed is kept", asked.Words, StringComparison.Ordinal);
        var choose = await mira.SubmitAsync(asked, "form[action='/development/sign-in/choose']");
        var back = await mira.SubmitAsync(choose, "button[value=mira]");

        Assert.Equal(Typed.Replace("\r\n", "", StringComparison.Ordinal), back.Document.QuerySelector("#new-name")!.GetAttribute("value")!.Replace("\r\n", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));
        Assert.Equal("somebody.new", back.Document.QuerySelector("#new-id")!.GetAttribute("value"));
        Assert.True(back.Document.QuerySelector("input[name=new-roles][value=release-officer]")!.HasAttribute("checked"));
        Assert.Null(back.Document.QuerySelector("main script"));
        Assert.Equal(0L, await site.Database.ScalarAsync<long>("select count(*) from access.person where id = 'somebody.new'"));
    }

    [Fact]
    public async Task Session_lost_in_mid_form_keeps_it_through_a_passkey_too()
    {
        var (browser, key) = await site.ArriveAsync("malin");
        using (browser)
        using (key)
        {
            var form = await browser.GetAsync("/account");
            await browser.PostAsync("/sign-out");
            await browser.GetAsync("/sign-in");
            var asked = await browser.SubmitAsync(form, "form[action='/account']", ("zone", "Asia/Tokyo"), ("theme", "dark"));
            var fields = Browser.FieldsOf((AngleSharp.Html.Dom.IHtmlFormElement)asked.Expect(HttpStatusCode.Unauthorized).Document.QuerySelector("form[data-passkey]")!).Where(field => field.Name != "form-token").ToArray();

            var signedIn = await Ceremony.SignInAsync(browser, key, fields);
            var back = await browser.GetAsync(signedIn.Expect(HttpStatusCode.OK).Json.GetProperty("location").GetString()!);

            Assert.Equal("Asia/Tokyo", back.Document.QuerySelector("#zone")!.GetAttribute("value"));
            Assert.True(back.Document.QuerySelector("input[name=theme][value=dark]")!.HasAttribute("checked"));
            Assert.Equal("UTC", await site.Database.ScalarAsync<string>("select zone from access.person where id = 'malin'"));
        }
    }

    [Fact]
    public async Task Form_that_has_no_page_of_its_own_comes_back_where_it_is_shown()
    {
        await site.AddPersonAsync("maja", "no-police", "agency-administrator");
        using var maja = await site.SignInAsync("maja");
        var form = await maja.GetAsync("/people/dirk");
        await site.Database.ExecuteAsync("update access.session set ended_at = now(), ended_because = 'idle' where person = 'maja'");
        var asked = await maja.SubmitAsync(form, "form[action$=roles]", ("roles", "curator"), ("roles", "release-officer"));
        var back = await maja.SubmitAsync(await maja.SubmitAsync(asked, "form[action='/development/sign-in/choose']"), "button[value=maja]");

        Assert.StartsWith("/people/dirk?kept=", maja.Path, StringComparison.Ordinal);
        Assert.True(back.Document.QuerySelector("input[name=roles][value=release-officer]")!.HasAttribute("checked"));
        Assert.Equal("curator", await site.Database.ScalarAsync<string>("select array_to_string(roles, ' ') from access.person where id = 'dirk'"));
    }

    [Fact]
    public async Task Kept_form_of_another_person_or_of_another_page_is_not_shown()
    {
        using var bram = await site.SignInAsync("bram");
        var form = await bram.GetAsync("/account");
        await site.Database.ExecuteAsync("update access.session set ended_at = now(), ended_because = 'idle' where person = 'bram'");
        var asked = await bram.SubmitAsync(form, "form[action='/account']", ("zone", "Asia/Tokyo"));
        var back = await bram.SubmitAsync(await bram.SubmitAsync(asked, "form[action='/development/sign-in/choose']"), "button[value=bram]");
        Assert.Equal("Asia/Tokyo", back.Document.QuerySelector("#zone")!.GetAttribute("value"));
        using var cora = await site.SignInAsync("cora");

        Assert.Equal("UTC", (await cora.GetAsync(bram.Path)).Document.QuerySelector("#zone")!.GetAttribute("value"));
        Assert.DoesNotContain("Tokyo", (await bram.GetAsync(bram.Path.Replace("/account", "/people", StringComparison.Ordinal))).Words, StringComparison.Ordinal);
        site.Clock.Offset += TimeSpan.FromMinutes(1);
        await site.Database.ExecuteAsync("update access.kept_form set kept_at = kept_at - interval '1 day' where person = 'bram'");
        Assert.Equal("UTC", (await bram.GetAsync(bram.Path.Replace("/people", "/account", StringComparison.Ordinal))).Document.QuerySelector("#zone")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Form_that_was_open_over_another_sign_in_is_kept_and_shown_again()
    {
        using var elise = await site.SignInAsync("elise");
        var form = await elise.GetAsync("/account");
        await elise.SignInAsDemoPersonAsync("elise");

        var refused = await elise.SubmitAsync(form, "form[action='/account']", ("zone", "Asia/Tokyo"));
        var again = await elise.GetAsync(refused.Expect(HttpStatusCode.Forbidden).Document.QuerySelector("main a.button")!.GetAttribute("href")!);

        Assert.Equal("Asia/Tokyo", again.Document.QuerySelector("#zone")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Longest_form_with_characters_that_no_table_takes_survives_the_sign_in()
    {
        using var visitor = site.Open();
        await visitor.GetAsync("/sign-in");
        using var form = new MultipartFormDataContent
        {
            { new StringContent(visitor.FormToken!), "form-token" },
            { new StringContent(new string('\u0001', 100_000) + "\0" + new string('"', 100_000)), "zone" },
        };
        var asked = await visitor.SendAsync(visitor.Ours(new HttpRequestMessage(HttpMethod.Post, "/account") { Content = form }));
        Assert.Equal("Sign in", asked.Expect(HttpStatusCode.Unauthorized).Heading);
        var choose = await visitor.SubmitAsync(asked, "form[action='/development/sign-in/choose']");
        var back = await visitor.SubmitAsync(choose.Expect(HttpStatusCode.OK), "button[value=anna]");

        Assert.Equal(HttpStatusCode.OK, back.Status);
        Assert.StartsWith("/account?kept=", visitor.Path, StringComparison.Ordinal);
        Assert.EndsWith("\"\"\"", back.Document.QuerySelector("#zone")!.GetAttribute("value"), StringComparison.Ordinal);
    }
}
