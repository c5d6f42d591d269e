using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using BlockList.Format;
using BlockList.Format.Enrolment;
using BlockList.Server.Roles;
using BlockList.Server.Tests.Web;
using BlockList.Tools.Development;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Xunit;

namespace BlockList.Server.Tests.Providers;

/// <summary>From an application on the public site to a code: the pages of both roles, with their own logins.</summary>
public sealed class ApplicationTests(CurationSite site) : IClassFixture<CurationSite>, IAsyncLifetime
{
    private static int _names;

    private readonly StateDirectory _state = StateDirectory.Temporary();
    private WebApplication? _portal;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var port = FreePort.Pick(0).Port;
        var builder = RoleHost.CreateBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:ConnectionString"] = site.Database.Portal + ";Maximum Pool Size=4",
            ["Portal:Listen"] = $"127.0.0.1:{port}",
            ["Portal:Origin"] = $"http://localhost:{port}",
            ["Portal:Operator"] = "Operator of the tests",
            ["Portal:PostalAddress"] = "1 Test Street, 00000 Example",
            ["Complaints:KeyFile"] = _state.Write(_state.File("key"), RandomNumberGenerator.GetHexString(64, lowercase: true), secret: true),
        });
        builder.Logging.ClearProviders().AddProvider(site.Log);
        _portal = PortalRole.Build(builder);
        await _portal.StartAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _portal!.DisposeAsync();
        _state.Dispose();
    }

    [Fact]
    public async Task Application_is_read_approved_and_ends_in_a_code_that_works_once()
    {
        var (organisation, email) = NewNames();
        await ApplyAsync("fr", organisation, email, "bücher.example\nhttps://www.fjord.example/start");
        Assert.Equal("application-received fr", await MailAsync(email));
        using var petra = await site.SignInAsync("petra");
        var page = (await petra.GetAsync("/applications")).Expect(HttpStatusCode.OK);
        Assert.Contains("AS64500, AS64501", page.Words, StringComparison.Ordinal);
        Assert.Contains("xn--bcher-kva.example", page.Words, StringComparison.Ordinal);
        var id = await site.Database.ScalarAsync<Guid>("select id from providers.application where email = $1", email);
        var approve = $"form[action='/applications/{id}/approve']";

        var without = (await petra.SubmitAsync(page, approve, ("list", null))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("Choose the lists", without.Words, StringComparison.Ordinal);
        var approved = (await petra.SubmitAsync(without, approve, ("list", "worst-of"))).Expect(HttpStatusCode.OK);

        Assert.True(EnrolmentCode.TryParse(approved.Document.QuerySelector("[data-code]")!.TextContent, out var code));
        Assert.Contains("+00 12 34 56", approved.Words, StringComparison.Ordinal);
        Assert.DoesNotContain(code.ToString(), (await petra.GetAsync("/applications")).Text, StringComparison.Ordinal);
        Assert.Equal($"{email} fr worst-of", await site.Database.ScalarAsync<string>("select contact || ' ' || language || ' ' || list from providers.provider p join providers.provider_list l on l.provider_id = p.id where name = $1", organisation));
        Assert.Equal("www.fjord.example xn--bcher-kva.example", await site.Database.ScalarAsync<string>("select string_agg(d.domain, ' ' order by d.domain) from dnschecks.proof d join providers.provider p on p.id::text = d.owner where d.owner_kind = 'provider' and p.name = $1", organisation));
        Assert.Equal("application-approved fr", await MailAsync(email));
        Assert.Equal("petra code.make, petra provider.register", await site.Database.ScalarAsync<string>("select string_agg(distinct actor || ' ' || action, ', ') from oversight.audit a join providers.provider p on p.id::text = a.subject where p.name = $1 and action in ('code.make', 'provider.register')", organisation));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal(HttpStatusCode.Accepted, await AskAsync(code, key));
        // Once: a second approval changes nothing, and another code ends the one before.
        Assert.Contains("Somebody decided", (await petra.PostAsync($"/applications/{id}/approve", ("name", organisation), ("list", "worst-of"))).Expect(HttpStatusCode.UnprocessableEntity).Words, StringComparison.Ordinal);
        var another = (await petra.SubmitAsync(await petra.GetAsync("/applications"), $"form[action='/applications/{id}/code']")).Expect(HttpStatusCode.OK);
        Assert.NotEqual(code.ToString(), another.Document.QuerySelector("[data-code]")!.TextContent);
    }

    [Fact]
    public async Task Refusal_needs_a_reason_and_is_told_and_goes_after_90_days()
    {
        var (organisation, email) = NewNames();
        await ApplyAsync("en", organisation, email, "");
        using var petra = await site.SignInAsync("petra");
        var id = await site.Database.ScalarAsync<Guid>("select id from providers.application where email = $1", email);
        var refuse = $"form[action='/applications/{id}/refuse']";
        var page = await petra.GetAsync("/applications");

        var without = (await petra.SubmitAsync(page, refuse, ("reason", " "))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("Say why", without.Words, StringComparison.Ordinal);
        var refused = (await petra.SubmitAsync(without, refuse, ("reason", "Nobody answers <b>the</b> number."))).Expect(HttpStatusCode.OK);

        Assert.Contains("The application is refused", refused.Words, StringComparison.Ordinal);
        Assert.Contains("Nobody answers <b>the</b> number.", refused.Words, StringComparison.Ordinal);
        Assert.Equal("application-refused en", await MailAsync(email));
        await using var worker = Npgsql.NpgsqlDataSource.Create(site.Database.Worker);
        var forget = new BlockList.Server.Providers.Applications.ForgetApplications(worker);
        await site.Database.ExecuteAsync("update providers.application set decided_at = now() - interval '89 days' where id = $1", id);
        await forget.RunAsync(Ct);
        Assert.Equal(1, await site.Database.ScalarAsync<long>("select count(*) from providers.application where id = $1", id));
        await site.Database.ExecuteAsync("update providers.application set decided_at = now() - interval '91 days' where id = $1", id);
        await forget.RunAsync(Ct);
        Assert.Equal(0, await site.Database.ScalarAsync<long>("select count(*) from providers.application where id = $1", id));
    }

    [Fact]
    public async Task Provider_manager_alone_decides_on_the_page_and_in_the_database()
    {
        var (organisation, email) = NewNames();
        await ApplyAsync("es", organisation, email, "");
        var id = await site.Database.ScalarAsync<Guid>("select id from providers.application where email = $1", email);
        using var anna = await site.SignInAsync("anna");
        await anna.GetAsync("/entries");

        (await anna.GetAsync("/applications")).Expect(HttpStatusCode.Forbidden);
        (await anna.PostAsync($"/applications/{id}/approve", ("name", organisation), ("list", "worst-of"))).Expect(HttpStatusCode.Forbidden);
        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => site.Database.RunAsAsync(Database.MigratedDatabase.CurationLogin, $"select providers.refuse('{id}', 'anna', 'no')"));

        Assert.Equal("application_by_a_manager", refused.ConstraintName);
    }

    [Fact]
    public async Task Bundle_has_where_to_go_and_what_to_trust_and_no_key()
    {
        var (organisation, email) = NewNames();
        await ApplyAsync("en", organisation, email, "");
        var id = await site.Database.ScalarAsync<Guid>("select id from providers.application where email = $1", email);
        var authority = _state.Write(_state.File("ca.pem"), "the authority\n");
        byte[] root = [1, 2, 3];
        await site.Database.ExecuteAsync("""
            insert into publishing.file (list, path, sha256, content) values ('worst-of', 'tuf/7.root.json', $1, $2);
            """, Hashes.Sha256(root), root);
        await site.Database.ExecuteAsync("""
            insert into publishing.head (list, serial, root_version, targets_version, snapshot_version, timestamp_version, timestamp_content, timestamp_brotli, timestamp_gzip, targets_signed_at, snapshot_signed_at, timestamp_signed_at)
            values ('worst-of', 1, 7, 1, 1, 1, '', '', '', now(), now(), now())
            """);
        await using var app = await site.StartAsync(("Bundle:Server", "https://lists.example:8443"), ("Bundle:Enrolment", "https://enrol.example"), ("Bundle:EnrolmentSha256", new string('a', 64)), ("Bundle:Authority", authority));
        using var petra = await site.SignInAsync("petra", app);

        var approved = await petra.SubmitAsync(await petra.GetAsync("/applications"), $"form[action='/applications/{id}/approve']", ("list", "worst-of"));

        Assert.Contains($"worst-of={Hashes.Sha256(root)}", approved.Words, StringComparison.Ordinal);
        using var request = petra.Ours(new HttpRequestMessage(HttpMethod.Get, $"/applications/{id}/bundle"));
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = CurationSite.AddressOf(app) };
        request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", petra.Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        using var answer = await client.SendAsync(request, Ct);
        Assert.Equal((HttpStatusCode.OK, "application/zip"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        using var archive = new ZipArchive(await answer.Content.ReadAsStreamAsync(Ct));
        var texts = archive.Entries.ToDictionary(entry => entry.FullName, entry => new StreamReader(entry.Open()).ReadToEnd(), StringComparer.Ordinal);
        Assert.Equal(["bundle/bundle.ini", "bundle/ca.pem", "bundle/worst-of.root.json"], texts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal($"[bundle]\nserver = https://lists.example:8443\nenrolment = https://enrol.example\nenrolment-sha256 = {new string('a', 64)}\nprovider = {organisation}\nlists = worst-of\n", texts["bundle/bundle.ini"]);
        Assert.Equal("the authority\n", texts["bundle/ca.pem"]);
        // Where nobody said where to go, there is none.
        using var without = await site.SignInAsync("petra");
        (await without.GetAsync($"/applications/{id}/bundle")).Expect(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("organisation", "", "Enter the name of the organisation")]
    [InlineData("country", "", "Enter the country")]
    [InlineData("person", "", "Enter your name")]
    [InlineData("email", "nobody at all", "Enter an e-mail address")]
    [InlineData("telephone", "by post", "Enter a telephone number")]
    [InlineData("networks", "AS64500, all", "Enter numbers of autonomous systems")]
    [InlineData("networks", "AS0", "Enter numbers of autonomous systems")]
    [InlineData("networks", "4294967296", "Enter numbers of autonomous systems")]
    [InlineData("resolvers", "", "Say which resolvers")]
    [InlineData("domains", "not a domain", "Enter one domain on each line")]
    [InlineData("agree", null, "Tick the box")]
    public async Task Wrong_answer_comes_back_with_all_that_was_typed(string field, string? typed, string said)
    {
        var (organisation, email) = NewNames();
        using var browser = new Browser(CurationSite.AddressOf(_portal!), site.Log);
        var page = await browser.GetAsync("/en/apply");

        var wrong = (await browser.SubmitAsync(page, "button.primary", [.. Answers(organisation, email, "").Where(answer => answer.Name != field), (field, typed)])).Expect(HttpStatusCode.OK);

        Assert.Contains(said, wrong.Document.QuerySelector(".error-summary")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("#" + field, wrong.Document.QuerySelector(".error-summary a")!.GetAttribute("href"));
        Assert.NotNull(wrong.Document.QuerySelector($"#{field}"));
        Assert.Equal(0, await site.Database.ScalarAsync<long>("select count(*) from providers.application where organisation = $1", organisation));
        var sent = (await browser.SubmitAsync(wrong, "button.primary", (field, Answers(organisation, email, "").Single(answer => answer.Name == field).Value))).Expect(HttpStatusCode.OK);
        Assert.Contains("We have received your application", sent.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_sent_twice_is_one_application_and_the_fourth_of_an_address_in_a_day_waits()
    {
        var (organisation, email) = NewNames();
        using var browser = new Browser(CurationSite.AddressOf(_portal!), site.Log);
        var page = await browser.GetAsync("/ar/apply");
        for (var time = 0; time < 2; time++) (await browser.SubmitAsync(page, "button.primary", [.. Answers(organisation, email, "")])).Expect(HttpStatusCode.OK);
        Assert.Equal(1, await site.Database.ScalarAsync<long>("select count(*) from providers.application where email = $1", email));

        for (var time = 0; time < 2; time++) await ApplyAsync("en", $"{organisation} {time}", email, "");
        var fourth = await browser.SubmitAsync(await browser.GetAsync("/en/apply"), "button.primary", [.. Answers(organisation, email, "")]);

        Assert.Contains("Too many applications", fourth.Document.QuerySelector(".error-summary")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(organisation, fourth.Document.QuerySelector("#organisation")!.GetAttribute("value"));
    }

    private static (string Organisation, string Email) NewNames()
    {
        var number = Interlocked.Increment(ref _names);
        return ($"Provider of the tests {number}", $"noc{number}@provider.example");
    }

    private static (string Name, string? Value)[] Answers(string organisation, string email, string domains) =>
    [
        ("organisation", organisation), ("country", "Norway"), ("person", "Nora Nilsen"), ("email", email), ("telephone", "+00 12 34 56"),
        ("networks", "AS64500, 64501"), ("resolvers", "four with Unbound"), ("domains", domains), ("agree", "yes"),
    ];

    private async Task ApplyAsync(string language, string organisation, string email, string domains)
    {
        using var browser = new Browser(CurationSite.AddressOf(_portal!), site.Log);
        var page = (await browser.GetAsync($"/{language}/apply")).Expect(HttpStatusCode.OK);
        var sent = (await browser.SubmitAsync(page, "button.primary", [.. Answers(organisation, email, domains)])).Expect(HttpStatusCode.OK);
        Assert.Contains(email, sent.Words, StringComparison.Ordinal);
    }

    private Task<string?> MailAsync(string email) => site.Database.ScalarAsync<string>("select template || ' ' || language from mail.message where recipient = $1 order by id desc limit 1", email);

    private async Task<HttpStatusCode> AskAsync(EnrolmentCode code, ECDsa key)
    {
        using var client = new HttpClient();
        using var content = JsonContent.Create(new { handle = code.Handle, proof = Convert.ToHexStringLower(code.ProofFor(key.ExportSubjectPublicKeyInfo())), csr = Convert.ToBase64String(EnrolmentWorld.Csr(key)) });
        await content.LoadIntoBufferAsync(Ct);
        using var response = await client.PostAsync(new Uri(_portal!.Urls.Single() + "/enrol"), content, Ct);
        return response.StatusCode;
    }
}
