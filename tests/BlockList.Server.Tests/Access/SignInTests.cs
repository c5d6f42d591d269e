using System.Net;
using BlockList.Server.Access;
using BlockList.Server.Tests.Web;
using Xunit;

namespace BlockList.Server.Tests.Access;

public sealed class SignInTests(CurationSite site) : IClassFixture<CurationSite>
{
    [Fact]
    public async Task Passkey_signs_its_person_in_and_the_audit_log_says_so_without_a_secret()
    {
        var (browser, key) = await site.ArriveAsync("sigrid");
        using (browser)
        using (key)
        {
            using var other = site.Open();
            var answer = await Ceremony.SignInAsync(other, key, ("to", "/people"));

            Assert.Equal("/people", answer.Expect(HttpStatusCode.OK).Json.GetProperty("location").GetString());
            Assert.Contains("sigrid", (await other.GetAsync("/account")).Words, StringComparison.Ordinal);
            var row = Assert.Single(await site.AuditAsync("sign-in", "sigrid"));
            Assert.Equal($$"""sigrid sigrid {"from": "127.0.0.0/24", "passkey": "{{Passkey.Label(key.Id)}}"}""", row);
            Assert.Equal(3L, await site.Database.ScalarAsync<long>("select sign_count from access.passkey where person = 'sigrid'") + 1);
        }
    }

    [Fact]
    public async Task Sign_in_that_is_sent_again_is_refused()
    {
        var (browser, key) = await site.ArriveAsync("rolf");
        using (browser)
        using (key)
        {
            using var thief = site.Open();
            await thief.GetAsync("/sign-in");
            var begun = await Ceremony.PostAsync(thief, "/sign-in/begin");
            (string, string)[] answer = [("ceremony", begun.Json.GetProperty("ceremony").GetString()!), ("credential", Ceremony.Answer(thief, key, begun))];
            var visitor = (thief.FormToken, new Dictionary<string, string>(thief.Cookies));
            (await Ceremony.PostAsync(thief, "/sign-in/finish", answer)).Expect(HttpStatusCode.OK);

            // In the very browser of the first time, as a visitor again.
            thief.Cookies.Clear();
            foreach (var (name, value) in visitor.Item2) thief.Cookies[name] = value;
            thief.FormToken = visitor.FormToken;
            var again = await Ceremony.PostAsync(thief, "/sign-in/finish", answer);

            Assert.Equal("That took longer than five minutes, or was sent twice", again.Expect(HttpStatusCode.Forbidden).Json.GetProperty("title").GetString());
            Assert.False(thief.Cookies.ContainsKey("__Host-blocklist"));
        }
    }

    [Fact]
    public async Task Ceremony_of_one_browser_is_of_no_use_in_another()
    {
        var (browser, key) = await site.ArriveAsync("rune");
        using (browser)
        using (key)
        {
            using var first = site.Open();
            using var second = site.Open();
            await first.GetAsync("/sign-in");
            await second.GetAsync("/sign-in");
            var begun = await Ceremony.PostAsync(first, "/sign-in/begin");

            (await Ceremony.FinishAsync(second, key, begun, "/sign-in/finish")).Expect(HttpStatusCode.Forbidden);
            Assert.False(await second.IsSignedInAsync());
        }
    }

    [Fact]
    public async Task Ceremony_is_over_after_five_minutes()
    {
        var (browser, key) = await site.ArriveAsync("ragna");
        using (browser)
        using (key)
        {
            using var slow = site.Open();
            await slow.GetAsync("/sign-in");
            var begun = await Ceremony.PostAsync(slow, "/sign-in/begin");
            site.Clock.Offset += TimeSpan.FromMinutes(5);

            (await Ceremony.FinishAsync(slow, key, begun, "/sign-in/finish")).Expect(HttpStatusCode.Forbidden);
        }
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://localhost")]
    [InlineData("https://localhost")]
    public async Task Passkey_used_at_another_origin_is_refused(string origin)
    {
        var (browser, key) = await site.ArriveAsync("oda" + origin.Length);
        using (browser)
        using (key)
        {
            using var other = site.Open();
            key.Origin = origin;

            AssertRefused(await Ceremony.SignInAsync(other, key));
        }
    }

    [Fact]
    public async Task Passkey_that_did_not_verify_its_person_is_refused()
    {
        var (browser, key) = await site.ArriveAsync("una");
        using (browser)
        using (key)
        {
            using var other = site.Open();
            key.VerifiesUser = false;

            AssertRefused(await Ceremony.SignInAsync(other, key));
        }
    }

    [Fact]
    public async Task Counter_that_does_not_rise_is_refused_and_told_the_log()
    {
        var (browser, key) = await site.ArriveAsync("klara");
        using (browser)
        using (key)
        {
            using var owner = site.Open();
            (await Ceremony.SignInAsync(owner, key)).Expect(HttpStatusCode.OK);
            key.Counter -= 1;
            using var copy = site.Open();

            AssertRefused(await Ceremony.SignInAsync(copy, key));
            Assert.StartsWith("visitor klara ", Assert.Single(await site.AuditAsync("sign-in.copied-passkey", "klara")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Key_and_its_copy_at_the_same_moment_open_one_session()
    {
        var (browser, key) = await site.ArriveAsync("kari");
        using (browser)
        using (key)
        {
            var browsers = Enumerable.Range(0, 4).Select(_ => site.Open()).ToArray();
            var begun = new List<(Browser Browser, Page Page)>();
            foreach (var one in browsers)
            {
                await one.GetAsync("/sign-in");
                begun.Add((one, await Ceremony.PostAsync(one, "/sign-in/begin")));
            }
            // Every copy says the same count.
            var answers = begun.Select(b =>
            {
                key.Counter = 7;
                return (b.Browser, Credential: Ceremony.Answer(b.Browser, key, b.Page), Id: b.Page.Json.GetProperty("ceremony").GetString()!);
            }).ToArray();

            var pages = await Task.WhenAll(answers.Select(a => Ceremony.PostAsync(a.Browser, "/sign-in/finish", ("ceremony", a.Id), ("credential", a.Credential))));

            Assert.Single(pages, page => page.Status == HttpStatusCode.OK);
            foreach (var one in browsers) one.Dispose();
        }
    }

    [Fact]
    public async Task Stranger_someone_who_left_and_a_wrong_signature_get_the_same_answer()
    {
        var (browser, key) = await site.ArriveAsync("lars");
        using (browser)
        using (key)
        {
            using var stranger = new Authenticator { UserHandle = System.Buffers.Text.Base64Url.EncodeToString("0123456789abcdef0123456789abcdef"u8) };
            using var forger = new Authenticator { UserHandle = key.UserHandle };
            await site.Database.ExecuteAsync("update access.person set roles = '{}', left_at = now() where id = 'lars'");
            var answers = new List<string>();
            foreach (var one in new[] { stranger, forger, key })
            {
                using var visitor = site.Open();
                answers.Add(AssertRefused(await Ceremony.SignInAsync(visitor, one)));
            }

            Assert.Single(answers.Distinct());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"id":"AA","rawId":"AA","type":"public-key","response":{}}""")]
    public async Task Answer_that_cannot_be_read_is_refused_like_any_other(string credential)
    {
        using var visitor = site.Open();
        await visitor.GetAsync("/sign-in");
        var begun = await Ceremony.PostAsync(visitor, "/sign-in/begin");

        AssertRefused(await Ceremony.PostAsync(visitor, "/sign-in/finish", ("ceremony", begun.Json.GetProperty("ceremony").GetString()!), ("credential", credential)));
        Assert.Empty(site.Log.At(Microsoft.Extensions.Logging.LogLevel.Error));
    }

    [Fact]
    public async Task Options_name_no_credential_and_ask_for_verification()
    {
        using var visitor = site.Open();
        await visitor.GetAsync("/sign-in");
        var options = (await Ceremony.PostAsync(visitor, "/sign-in/begin")).Json.GetProperty("options");

        Assert.Equal("localhost", options.GetProperty("rpId").GetString());
        Assert.Equal("required", options.GetProperty("userVerification").GetString());
        Assert.False(options.TryGetProperty("allowCredentials", out var allowed) && allowed.ValueKind == System.Text.Json.JsonValueKind.Array && allowed.GetArrayLength() > 0);
    }

    [Fact]
    public async Task Person_without_any_role_cannot_sign_in()
    {
        var (browser, key) = await site.ArriveAsync("nils");
        using (browser)
        using (key)
        {
            await site.Database.ExecuteAsync("update access.person set roles = '{}' where id = 'nils'");
            using var other = site.Open();

            AssertRefused(await Ceremony.SignInAsync(other, key));
        }
    }

    [Theory]
    [InlineData("ove0", "//evil.example/")]
    [InlineData("ove1", "https://evil.example/")]
    [InlineData("ove2", "/\\evil.example")]
    [InlineData("ove3", "/\t/evil.example")]
    [InlineData("ove4", "javascript:alert(1)")]
    public async Task Sign_in_leads_to_no_other_site(string person, string to)
    {
        var (browser, key) = await site.ArriveAsync(person);
        using (browser)
        using (key)
        {
            using var other = site.Open();
            await other.GetAsync($"/sign-in?to={Uri.EscapeDataString(to)}");

            Assert.Equal("/", (await Ceremony.SignInAsync(other, key, ("to", to))).Expect(HttpStatusCode.OK).Json.GetProperty("location").GetString());
        }
    }

    private static string AssertRefused(Page page)
    {
        Assert.Equal("This passkey does not sign you in", page.Expect(HttpStatusCode.Forbidden).Json.GetProperty("title").GetString());
        Assert.DoesNotContain(page.Headers, header => header.Key == "Set-Cookie");
        return page.Text;
    }
}
