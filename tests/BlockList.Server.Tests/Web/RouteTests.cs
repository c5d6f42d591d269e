using System.Net;
using BlockList.Server.Http.Pages;
using BlockList.Tools.Deployments;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>Every endpoint that the role maps, found in the role itself: none can be forgotten here.</summary>
public sealed class RouteTests(CurationSite site) : IClassFixture<CurationSite>
{
    private static readonly string[] Refusals = ["This request came from another site", "This form is from an earlier sign-in"];

    private IReadOnlyList<RouteEndpoint> Endpoints => [.. site.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];

    private IEnumerable<(RouteEndpoint Endpoint, string Method, string Path, Audience Audience)> Changing =>
        from endpoint in Endpoints
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["POST"]
        where method is not ("GET" or "HEAD")
        select (endpoint, method, PathOf(endpoint.RoutePattern), endpoint.Metadata.GetMetadata<Audience>()!);

    [Fact]
    public void Every_endpoint_says_for_whom_it_is_and_takes_one_method()
    {
        Assert.True(Endpoints.Count > 20, "the routes were not found");
        Assert.All(Endpoints, endpoint =>
        {
            Assert.NotNull(endpoint.Metadata.GetMetadata<Audience>());
            Assert.Single(endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods);
        });
    }

    [Fact]
    public async Task Forged_form_token_is_refused_on_every_post_and_nothing_changes()
    {
        using var other = await site.SignInAsync("bram");
        foreach (var (_, method, path, audience) in Changing)
        {
            using var browser = await OpenForAsync(audience);
            var before = await FingerprintAsync();
            foreach (var (what, token) in new[] { ("no token", null), ("an empty one", ""), ("another session's", other.FormToken), ("one that was made up", new string('A', 43)) })
            {
                var request = browser.Ours(new HttpRequestMessage(new HttpMethod(method), path) { Content = Browser.Encode(token is null ? [] : [("form-token", token)]) });
                var page = await browser.SendAsync(request);
                Assert.True(page.Status == HttpStatusCode.Forbidden && Refusals.Contains(page.Heading), $"{method} {path} with {what}: {page.Status} {page.Heading}");
            }
            Assert.Equal(before, await FingerprintAsync());
        }
    }

    [Fact]
    public async Task Right_token_sent_from_another_site_is_refused_on_every_post_and_nothing_changes()
    {
        foreach (var (_, method, path, audience) in Changing)
        {
            using var browser = await OpenForAsync(audience);
            var before = await FingerprintAsync();
            foreach (var (header, value) in new[] { ("Origin", "https://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Site", "none") })
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = Browser.Encode([("form-token", browser.FormToken!)]) };
                request.Headers.TryAddWithoutValidation(header, value);
                var page = await browser.SendAsync(request);
                Assert.True(page.Status == HttpStatusCode.Forbidden && page.Heading == Refusals[0], $"{method} {path} with {header}: {value}: {page.Status} {page.Heading}");
            }
            Assert.Equal(before, await FingerprintAsync());
        }
    }

    [Fact]
    public async Task Token_in_the_address_or_in_json_is_no_token()
    {
        foreach (var (_, method, path, audience) in Changing)
        {
            using var browser = await OpenForAsync(audience);
            using var json = new StringContent($$"""{"form-token":"{{browser.FormToken}}"}""", System.Text.Encoding.UTF8, "application/json");
            var page = await browser.SendAsync(browser.Ours(new HttpRequestMessage(new HttpMethod(method), $"{path}?form-token={browser.FormToken}") { Content = json }));
            Assert.True(page.Status == HttpStatusCode.Forbidden && Refusals.Contains(page.Heading), $"{method} {path}: {page.Status} {page.Heading}");
        }
    }

    [Fact]
    public async Task Form_of_our_own_passes_the_gate_on_every_post()
    {
        // Without this the tests above could pass by refusing everything.
        foreach (var (_, method, path, audience) in Changing)
        {
            using var browser = await OpenForAsync(audience);
            var page = await browser.SendAsync(browser.Ours(new HttpRequestMessage(new HttpMethod(method), path) { Content = Browser.Encode([("form-token", browser.FormToken!)]) }));
            Assert.False(Refusals.Contains(page.Heading) || page.Status == HttpStatusCode.InternalServerError, $"{method} {path}: {page.Status} {page.Heading}");
        }
        Assert.Empty(site.Log.At(Microsoft.Extensions.Logging.LogLevel.Error));
    }

    [Fact]
    public async Task Nobody_without_a_session_reaches_what_needs_one()
    {
        using var visitor = site.Open();
        await visitor.GetAsync("/sign-in");
        foreach (var endpoint in Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<Audience>()!.NeedsSession))
        {
            var (method, path) = (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0], PathOf(endpoint.RoutePattern));
            var page = method == "GET" ? await visitor.GetOnceAsync(path) : await visitor.PostOnceAsync(path);
            if (method == "GET") Assert.StartsWith("/sign-in?to=", page.Expect(HttpStatusCode.Redirect).Location, StringComparison.Ordinal);
            else Assert.Equal("Sign in", page.Expect(HttpStatusCode.Unauthorized).Heading);
        }
    }

    [Fact]
    public async Task Nobody_without_the_role_reaches_what_needs_it()
    {
        (string Id, string[] Roles)[] everyone = [.. DemoCast.Others.Select(person => (person.Id, person.Roles)), (await site.AddPersonAsync("without-a-role", null), [])];
        foreach (var endpoint in Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<Audience>()!.Roles.Length > 0))
        {
            var (method, path, roles) = (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0], PathOf(endpoint.RoutePattern), endpoint.Metadata.GetMetadata<Audience>()!.Roles);
            var without = everyone.First(person => !person.Roles.Intersect(roles).Any()).Id;
            using var browser = await site.SignInAsync(without);
            var page = method == "GET" ? await browser.GetOnceAsync(path) : await browser.PostOnceAsync(path);
            Assert.True(page.Status == HttpStatusCode.Forbidden && page.Heading == "Your role does not open this page", $"{method} {path} as {without}: {page.Status} {page.Heading}");
        }
    }

    [Fact]
    public async Task Every_page_forbids_caches_frames_and_script_of_others()
    {
        foreach (var endpoint in Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0] == "GET"))
        {
            using var browser = await OpenForAsync(endpoint.Metadata.GetMetadata<Audience>()!);
            var page = await browser.GetOnceAsync(PathOf(endpoint.RoutePattern));
            Assert.True(page.Fault is null, $"{PathOf(endpoint.RoutePattern)}: {page.Fault}");
            Assert.Equal("no-store", page.Headers.CacheControl?.ToString());
            var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("same-origin", Assert.Single(page.Headers.GetValues("Referrer-Policy")));
            Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));
            Assert.All(page.Document.QuerySelectorAll("script"), script => Assert.True(script.HasAttribute("src") && script.TextContent.Length == 0));
            Assert.Empty(page.Document.QuerySelectorAll("[style], style, [onclick], [onload], [onsubmit]"));
        }
    }

    [Theory]
    [InlineData("/no-such-page")]
    [InlineData("/sign-out")]
    [InlineData("/people/x/roles")]
    public async Task Address_that_leads_nowhere_says_so(string path)
    {
        using var anna = await site.SignInAsync("anna");

        Assert.Equal("There is no such page", (await anna.GetOnceAsync(path)).Expect(HttpStatusCode.NotFound).Heading);
    }

    /// <summary>A visitor's browser, or one of a demo person who may.</summary>
    private async Task<Browser> OpenForAsync(Audience audience)
    {
        if (audience.NeedsSession) return await site.SignInAsync(audience.Roles.Length == 0 ? "anna" : PersonWith(audience.Roles));
        var browser = site.Open();
        await browser.GetAsync("/sign-in");
        return browser;
    }

    private string PersonWith(string[] roles) => DemoCast.Others.FirstOrDefault(person => person.Roles.Intersect(roles).Any()).Id
        ?? site.Cast.All.First(person => roles.Contains(person.Role)).Id;

    private static string PathOf(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => ValueOf(parameter),
        _ => throw new InvalidOperationException(part.ToString()),
    }))));

    private static string ValueOf(RoutePatternParameterPart parameter) => parameter.ParameterPolicies.Select(policy => policy.Content).FirstOrDefault() switch
    {
        "guid" => "0198f0a0-0000-7000-8000-000000000001",
        "int" or "long" => "1",
        // The first of the words that it takes.
        { } words when words.StartsWith("regex(^(", StringComparison.Ordinal) => words["regex(^(".Length..].Split('|', ')')[0],
        _ => "x",
    };

    /// <summary>Of every row that a form could change; what was typed is kept apart, and the sign-in of the test itself too.</summary>
    private async Task<string> FingerprintAsync()
    {
        var tables = await site.Database.ScalarAsync<string>("""
            select string_agg(format('select %L || coalesce(md5(string_agg(t::text, chr(10) order by t::text)), '''') as h from %I.%I t', relname, nspname, relname), ' union all ')
            from pg_class c join pg_namespace n on n.oid = relnamespace
            where relkind = 'r' and nspname in ('access', 'criteria', 'curation', 'names', 'providers', 'publishing', 'oversight') and relname <> 'kept_form'
            """);
        return (await site.Database.ScalarAsync<string>($"select string_agg(h, ' ' order by h) from ({tables}) all_tables"))!;
    }
}
