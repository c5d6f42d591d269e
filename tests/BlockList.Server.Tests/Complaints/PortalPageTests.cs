using System.Net;
using BlockList.Server.Complaints.Public;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Complaints;

/// <summary>What holds for every page of the public site.</summary>
public sealed class PortalPageTests(PortalSite site) : IClassFixture<PortalSite>
{
    private const string ContentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    private static readonly string[] Paths = ["/", "/criteria", "/review", "/help", "/privacy", "/complain", "/apply", "/status", "/confirm/BL-0000000000/00000000000000000000000000", "/there-is-no-such-page"];

    public static MatrixTheoryData<string, string> Pages => new(PortalLanguage.All.Select(language => language.Code), Paths);

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_is_whole_in_its_language_and_loads_nothing_of_anybody_else(string language, string path)
    {
        using var browser = site.Open();
        var page = await browser.GetOnceAsync($"/{language}{path}");

        Assert.Equal(path == "/there-is-no-such-page" ? HttpStatusCode.NotFound : HttpStatusCode.OK, page.Status);
        Assert.Equal((language, language == "ar" ? "rtl" : "ltr"), (page.Document.DocumentElement.GetAttribute("lang"), page.Document.DocumentElement.GetAttribute("dir")));
        Assert.Single(page.Document.QuerySelectorAll("h1"));
        Assert.Equal(ContentPolicy, page.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Empty(browser.Cookies);
        Assert.All(page.Document.QuerySelectorAll("script, link, img, iframe"), element => Assert.StartsWith("/lib/", element.GetAttribute("src") ?? element.GetAttribute("href"), StringComparison.Ordinal));
        Assert.Empty(page.Document.QuerySelectorAll("[style], script:not([src]), style, [onclick]"));
        Assert.DoesNotContain('{', page.Words);
        // Each language leads to the same page in the others, by links or by buttons that take along what was typed.
        Assert.Equal(3, page.Document.QuerySelectorAll(".languages a, .languages button").Length);
        Assert.All(page.Document.QuerySelectorAll(".languages a"), link => Assert.EndsWith(path, link.GetAttribute("href"), StringComparison.Ordinal));
    }

    [Fact]
    public void Style_and_script_and_a_page_are_less_than_thirty_kilobytes()
    {
        var sizes = new[] { "portal.css", "portal.js", "icon.svg" }.Select(name => System.Text.Encoding.UTF8.GetByteCount(File.ReadAllText(Path.Combine(House.SourceTree.Root, "src/BlockList.Server/wwwroot", name))));

        Assert.InRange(sizes.Sum(), 1, 22_000);
    }

    [Fact]
    public async Task Start_leads_to_the_language_of_the_browser()
    {
        using var browser = site.Open();
        var page = await browser.GetOnceAsync("/", ("Accept-Language", "de, ar;q=0.8"));

        Assert.Equal((HttpStatusCode.Redirect, "/ar/", "Accept-Language"), (page.Status, page.Location, page.Headers.GetValues("Vary").Single()));
    }

    [Fact]
    public async Task Criteria_in_force_and_past_are_those_of_the_rows_and_what_is_not_translated_says_so()
    {
        using var browser = site.Open();
        var english = await browser.GetAsync("/en/criteria");
        var arabic = await browser.GetAsync("/ar/criteria");

        Assert.Equal(["Version \u20682\u2069, in force", "Version \u20681\u2069, no longer in force"], english.Document.QuerySelectorAll("h3").Select(heading => heading.TextContent));
        Assert.Contains("The children are, or appear to be, under 13 years of age.", english.Words, StringComparison.Ordinal);
        Assert.Contains("دون 13 سنة", arabic.Words, StringComparison.Ordinal);
        var untranslated = Assert.Single(arabic.Document.QuerySelectorAll("dd[lang=en]"));
        Assert.Equal("A criterion that nobody translated.", untranslated.TextContent);
    }

    /// <summary>Texts that ship in English for a criteria text of this build are that text itself.</summary>
    [Theory]
    [InlineData("worst-of.1")]
    [InlineData("no-national.1")]
    public void English_text_of_a_criterion_is_the_signed_one(string name)
    {
        var english = PortalLanguage.All[0];

        Assert.All(Server.Criteria.CriteriaText.Parse(Server.Criteria.CriteriaTexts.Read(name)).Criteria, criterion => Assert.Equal(criterion.Text, english[$"criteria.{name}.{criterion.Id}"]));
    }

    [Fact]
    public void Every_address_is_for_reading_or_for_forms_and_known_here()
    {
        var mapped = site.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(e => $"{string.Join(',', e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])} {e.RoutePattern.RawText!.Replace("/{language:regex(^(en|fr|es|ar)$)}", "/LL", StringComparison.Ordinal)}").Order(StringComparer.Ordinal);

        Assert.Equal([" {*path:nonfile}", "GET /", "GET /LL/", "GET /LL/apply", "GET /LL/complain", "GET /LL/confirm/{reference}/{token}", "GET /LL/criteria", "GET /LL/help", "GET /LL/privacy", "GET /LL/review", "GET /LL/status",
            "POST /LL/apply", "POST /LL/complain", "POST /LL/confirm/{reference}/{token}", "POST /LL/status", "POST /enrol"], mapped);
    }

    [Fact]
    public async Task Fault_is_a_page_in_the_language_without_any_inside()
    {
        await using var app = await site.StartAsync(("Database:ConnectionString", "Host=127.0.0.1;Port=1;Username=x;Password=x;Timeout=1"));
        using var browser = site.Open(app);

        var page = await browser.GetOnceAsync("/fr/criteria");

        Assert.Equal((HttpStatusCode.InternalServerError, "Quelque chose s’est cassé de notre côté"), (page.Status, page.Heading));
        Assert.DoesNotContain("Npgsql", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetOnceAsync("/fr/")).Status);
    }
}
