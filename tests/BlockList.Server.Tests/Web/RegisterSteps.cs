using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace BlockList.Server.Tests.Web;

/// <summary>What people do with the never-block register on its pages, by their forms.</summary>
internal static class RegisterSteps
{
    public const string AddForm = "form[action='/register/add']";

    public static string NewName() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 14) + ".example";

    /// <summary>Fills the form in and sends it once: the page that asks for confirmation, or says what is wrong.</summary>
    public static async Task<Page> LookAsync(this Browser browser, string name, string source = "hand", string reason = "a reason") =>
        await browser.SubmitAsync((await browser.GetAsync("/register/add")).Expect(HttpStatusCode.OK), AddForm, ("name", name), ("source", source), ("reason", reason));

    /// <summary>Enters a name and returns the page of its row.</summary>
    public static async Task<Page> EnterAsync(this Browser browser, string name, string source = "hand", string reason = "a reason") =>
        await browser.SubmitAsync((await browser.LookAsync(name, source, reason)).Expect(HttpStatusCode.OK), AddForm);

    public static Task<Page> AskAsync(this Browser browser, string name, string scope = "domain") => browser.GetAsync($"/register?q={Uri.EscapeDataString(name)}&scope={scope}");

    public static Task<Page> SendSitesAsync(this Browser browser, string content) => browser.SendSitesAsync(Encoding.UTF8.GetBytes(content));

    public static async Task<Page> SendSitesAsync(this Browser browser, byte[] file)
    {
        using var content = new MultipartFormDataContent { { new StringContent(browser.FormToken ?? ""), "form-token" } };
        var part = new ByteArrayContent(file);
        part.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        content.Add(part, "file", "sites.csv");
        var answer = await browser.SendAsync(browser.Ours(new HttpRequestMessage(HttpMethod.Post, "/register/import") { Content = content }));
        return answer.Location is { } to ? await browser.GetAsync(to) : answer;
    }

    /// <summary>Signs what a page of a checked file shows.</summary>
    public static Task<Page> SignSitesAsync(this Browser browser, Page plan, string reason = "a list of today") => browser.SubmitAsync(plan, "form.panel", ("reason", reason));

    public static Task<long> StatementsAsync(this CurationSite site) => site.Database.ScalarAsync<long>("select count(*) from names.decision")!;

    /// <summary>What is said beside a term of the page.</summary>
    public static string Fact(this Page page, string term) => string.Join(' ', page.Document.QuerySelectorAll("dt").FirstOrDefault(dt => dt.TextContent.Trim() == term)?.NextElementSibling?.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? []);

    public static string[] Notices(this Page page) => [.. page.Document.QuerySelectorAll("main .notice-title").Select(title => title.TextContent.Trim())];
}
