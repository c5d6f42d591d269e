using System.Globalization;
using System.Net;
using BlockList.Tools.Deployments;

namespace BlockList.Server.Tests.Web;

/// <summary>What curators do on the pages, by their forms.</summary>
internal static class CuratorSteps
{
    /// <summary>Of <c>datetime-local</c> fields.</summary>
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm";

    public static (string Name, string? Value)[] Verdicts(string value) => [("verdict-c1", value), ("verdict-c2", value), ("verdict-c3", value)];

    /// <summary>Proposes a name and returns what the page says then.</summary>
    public static async Task<Page> ProposeAsync(this Browser browser, string name, DateTimeOffset sightedAt, string verdict = "met", string note = "", string reference = "", string list = DevelopmentKeys.WorstOf)
    {
        var form = (await browser.GetAsync($"/propose?list={list}")).Expect(HttpStatusCode.OK);
        return await browser.SubmitAsync(form, "form[action='/propose'] button.primary",
            [("name", name), ("scope", "domain"), .. Verdicts(verdict), ("sighted-at", sightedAt.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)), ("reference-type", "ICCAM"), ("reference-number", reference), ("note", note)]);
    }

    /// <summary>Claims an entry and opens its assessment.</summary>
    public static async Task<Page> BeginAsync(this Browser browser, Guid handle, string list = DevelopmentKeys.WorstOf)
    {
        await browser.GetAsync($"/entries/{handle}");
        return await browser.PostAsync($"/entries/{handle}/claim", ("list", list), ("then", "assess"));
    }

    public static Task<Page> AssessAsync(this Browser browser, Page form, string verdict = "met", string then = "stay", string note = "") =>
        browser.SubmitAsync(form, $"form.panel button[value='{then}']", [.. Verdicts(verdict), ("note", note)]);

    /// <summary>The address of an entry, as the database knows it.</summary>
    public static async Task<Guid> HandleOfAsync(this CurationSite site, string name) => await site.Database.ScalarAsync<Guid>("select id from curation.subject where name = $1", name);
}
