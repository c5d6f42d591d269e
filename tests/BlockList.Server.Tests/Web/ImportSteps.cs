using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using BlockList.Format;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Curation;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>What people do with files of names on the pages, and what came of it.</summary>
public abstract class ImportSteps(CurationSite site)
{
    protected const string Header = "domain,scope,sighted_at,c1,c2,c3,reference,note";

    private protected CurationSite Site => site;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected string Seen => site.Clock.GetUtcNow().AddDays(-1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    protected static string NewName() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 14) + ".example";

    protected static string[] NewNames(int count) => [.. Enumerable.Range(0, count).Select(_ => NewName())];

    protected string Row(string name, string scope = "domain") => $"{name},{scope},{Seen},met,met,met,CASE:7,a note";

    private protected static Guid IdOf(Browser browser) => Guid.Parse(browser.Path.Split('?')[0]["/imports/".Length..][..36]);

    private protected static string[] Lines(Page page) => [.. page.Document.QuerySelectorAll("table.data tbody tr").Select(row => $"{row.Children[0].TextContent.Trim()} {row.Children[1].TextContent.Trim()}")];

    private protected static Task<Page> UploadAsync(Browser browser, string content, bool skip = false, string fileName = "names.csv") => SendAndFollowAsync(browser, Encoding.UTF8.GetBytes(content), skip, fileName);

    private protected static async Task<Page> SendAndFollowAsync(Browser browser, byte[] content, bool skip = false, string fileName = "names.csv", string list = DevelopmentKeys.WorstOf)
    {
        var answer = await SendAsync(browser, content, skip, fileName, list);
        return answer.Location is { } to ? await FinishAsync(browser, await browser.GetAsync(to)) : answer;
    }

    /// <summary>Looks at the page again until the work is done, as a person without script does.</summary>
    private protected static async Task<Page> FinishAsync(Browser browser, Page page)
    {
        while (page.Document.QuerySelector("progress") is not null) page = await browser.GetAsync(page.Document.QuerySelector("#progress a")!.GetAttribute("href")!);
        return page;
    }

    private protected static async Task<Page> SendAsync(Browser browser, byte[] file, bool skip = false, string fileName = "names.csv", string list = DevelopmentKeys.WorstOf, string? submission = null)
    {
        using var content = new MultipartFormDataContent { { new StringContent(browser.FormToken ?? ""), "form-token" }, { new StringContent(list), "list" } };
        if (submission is not null) content.Add(new StringContent(submission), "submission");
        if (skip) content.Add(new StringContent("yes"), "skip");
        var part = new ByteArrayContent(file);
        part.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        content.Add(part, "file", fileName);
        return await browser.SendAsync(browser.Ours(new HttpRequestMessage(HttpMethod.Post, "/imports/new") { Content = content }));
    }

    protected Task<string?> StateAsync(Guid import, string what = "state") => site.Database.ScalarAsync<string>($"select {what} from curation.import i where id = $1", import);

    protected Task<string?> AuditOfAsync(Guid import) => site.Database.ScalarAsync<string>("select string_agg(distinct action, ' ' order by action) from oversight.audit where subject = $1", import.ToString());

    protected Task ProposeAsync(string person, string name) => DecideAsync(person, async (prepare, credential) =>
    {
        var staged = (Server.Curation.Importing.StageOutcome.Staged)await site.Services.GetRequiredService<Server.Curation.Importing.StageImport>()
            .RunAsync(Encoding.UTF8.GetBytes($"{Header}\n{Row(name)}\n"), "x.csv", DevelopmentKeys.WorstOf, person, false, false, null, Ct);
        return await prepare.ForImportAsync(staged.Import!.Value, credential, Ct);
    });

    protected Task AssessAsync(string person, string name) => DecideAsync(person, (prepare, credential) => prepare.ForReviewAsync(DevelopmentKeys.WorstOf, [name], Verdict.Met, null, credential, Ct));

    protected Task WithdrawAsync(string person, string name) => DecideAsync(person, (prepare, credential) =>
        prepare.ForEntryAsync(DecisionKind.Withdrawal, DevelopmentKeys.WorstOf, PrepareDecisions.NameOf(name, "domain"), null, "not ours", credential, Ct));

    private async Task DecideAsync(string person, Func<PrepareDecisions, string, Task<IReadOnlyList<PreparedDecision>>> prepare)
    {
        using var key = site.Cast[person].OpenPasskey();
        var decisions = await prepare(site.Services.GetRequiredService<PrepareDecisions>(), Hashes.Sha256(key.ExportSubjectPublicKeyInfo()));
        var nonce = RandomNumberGenerator.GetBytes(DecisionChallenge.NonceLength);
        var assertion = Assertion.Create(key, SignedDecisions.ChallengeOf(decisions, decisions.Count > 1, nonce), site.Services.GetRequiredService<IOptions<RelyingPartyOptions>>().Value.RelyingParty);
        Assert.IsType<SubmitOutcome.Accepted>(await site.Services.GetRequiredService<SubmitDecisions>().RunAsync(new SignedDecisions(decisions, decisions.Count > 1, nonce, assertion), null, Ct));
    }
}
