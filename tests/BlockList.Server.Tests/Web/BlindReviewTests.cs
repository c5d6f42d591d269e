using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using BlockList.Tools.Deployments;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>
/// The second agency learns nothing of the first. Shown twice: what must not be there is looked for in every answer, and the
/// answers about two entries are compared that differ in nothing but what must not be known: who proposed, what was found,
/// when, with which note.
/// </summary>
public sealed partial class BlindReviewTests(CurationSite site) : IClassFixture<CurationSite>
{
    private const string FirstName = "aaa-first.blind.example";
    private const string SecondName = "bbb-other.blind.example";
    private const string Reference = "123456";

    /// <summary>Found met by a Norwegian agency, and doubted by a French one eleven days earlier.</summary>
    private static readonly (string Person, string Name, string Verdict, string Note, int DaysAgo)[] Secrets =
    [
        ("anna", FirstName, "met", "kestrel-in-the-morning", 3),
        ("elise", SecondName, "not-met", "heron-by-the-water", 14),
    ];

    [Fact]
    public async Task No_answer_before_the_own_vote_tells_anything_of_the_other_agency()
    {
        var handles = new Dictionary<string, Guid>();
        foreach (var secret in Secrets)
        {
            var proposer = await site.SignInAsync(secret.Person);
            (await proposer.ProposeAsync(secret.Name, site.Clock.GetUtcNow().AddDays(-secret.DaysAgo), secret.Verdict, secret.Note, Reference)).Expect(HttpStatusCode.OK);
            handles[secret.Name] = await site.HandleOfAsync(secret.Name);
            site.Clock.Offset += TimeSpan.FromHours(7);
        }
        var blind = await site.SignInAsync("bram");

        var walks = new List<IReadOnlyList<(string Step, string Text)>>();
        foreach (var secret in Secrets) walks.Add(await WalkAsync(blind, secret.Name, handles[secret.Name]));

        foreach (var (step, text) in walks.SelectMany(w => w)) await FindNothingAsync(step, text, handles.Values);
        Assert.Equal(walks[0].Count, walks[1].Count);
        for (var i = 0; i < walks[0].Count; i++)
        {
            var (first, second) = (Normalise(walks[0][i].Text, FirstName, handles[FirstName]), Normalise(walks[1][i].Text, SecondName, handles[SecondName]));
            if (first != second) Assert.Fail($"{walks[0][i].Step} differs:{Environment.NewLine}{Difference(first, second)}");
        }
    }

    [Fact]
    public async Task Filters_by_agency_and_state_find_nothing_that_the_page_would_not_show()
    {
        var name = "filtered.blind.example";
        await (await site.SignInAsync("anna")).ProposeAsync(name, site.Clock.GetUtcNow().AddDays(-1), "not-met");
        var blind = await site.SignInAsync("bram");

        foreach (var filter in new[] { "agency=no-police", "state=disputed", "state=eligible", "state=withdrawn", "agency=nl-hotline" })
            Assert.DoesNotContain(name, (await blind.GetAsync($"/entries?q=filtered.blind&{filter}")).Text, StringComparison.Ordinal);
        Assert.Contains(name, (await blind.GetAsync("/entries?q=filtered.blind&state=review")).Text, StringComparison.Ordinal);
        Assert.Contains(name, (await (await site.SignInAsync("anna")).GetAsync("/entries?q=filtered.blind&state=disputed")).Text, StringComparison.Ordinal);
        Assert.Contains(name, (await (await site.SignInAsync("vera")).GetAsync("/entries?q=filtered.blind&agency=no-police")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_own_vote_the_decisions_open()
    {
        var name = "opened.blind.example";
        await (await site.SignInAsync("anna")).ProposeAsync(name, site.Clock.GetUtcNow().AddDays(-1), note: "swift-under-the-roof");
        var handle = await site.HandleOfAsync(name);
        var bram = await site.SignInAsync("bram");
        Assert.DoesNotContain("swift-under-the-roof", (await bram.GetAsync($"/entries/{handle}")).Text, StringComparison.Ordinal);

        await bram.AssessAsync((await bram.BeginAsync(handle)).Expect(HttpStatusCode.OK));

        var entry = await bram.GetAsync($"/entries/{handle}");
        Assert.Contains("swift-under-the-roof", entry.Text, StringComparison.Ordinal);
        Assert.Contains("National Police (demo, NO) proposed it (anna", entry.Words, StringComparison.Ordinal);
    }

    /// <summary>Everything that a curator can ask about a name before they vote: pages, fragments, files, and forms that are refused.</summary>
    private static async Task<IReadOnlyList<(string, string)>> WalkAsync(Browser browser, string name, Guid handle)
    {
        var answers = new List<(string, string)>();
        foreach (var tab in new[] { "review", "lapsing", "disputed", "mine", "untold", "guard" }) await RowAsync($"/queue?tab={tab}");
        foreach (var state in new[] { "", "review", "disputed", "eligible", "suspended", "withdrawn", "lapsed", "removed", "declined" }) await RowAsync($"/entries?q={name}&state={state}");
        foreach (var agency in DemoCast.Agencies) await RowAsync($"/entries?q={name}&agency={agency.Id}");
        await RowAsync($"/entries?reference=ICCAM:{Reference}");
        await GetAsync($"/entries/{handle}");
        foreach (var step in new[] { "sighting", "withdraw", "remove", "override", "enforce", "reference", "notification" }) await GetAsync($"/entries/{handle}/{step}");
        await GetAsync($"/entries/{handle}/assess?list=worst-of");
        await GetAsync($"/propose/verdict?name={name}&scope=domain&list=worst-of");
        await GetAsync($"/propose/verdict?name=www.{name}&scope=host&list=worst-of");

        await TakeAsync("propose it again", await browser.ProposeAsync(name, DateTimeOffset.UnixEpoch.AddYears(56).AddMonths(9)));
        await TakeAsync("withdraw", await browser.PostAsync($"/entries/{handle}/withdraw", ("list", "worst-of"), ("note", "x"), ("submission", Guid.CreateVersion7().ToString())));
        await TakeAsync("remove", await browser.PostAsync($"/entries/{handle}/remove", ("list", "worst-of"), ("note", "x")));
        await TakeAsync("override", await browser.PostAsync($"/entries/{handle}/override", ("list", "worst-of"), ("note", "x"), ("rule-critical", "on")));
        await TakeAsync("sighting to come", await browser.PostAsync($"/entries/{handle}/sighting", ("list", "worst-of"), ("sighted-at", "2090-01-01T00:00")));
        await TakeAsync("another list", await browser.PostAsync($"/entries/{handle}/assess", ("list", "no-national")));
        await TakeAsync("a list that is not", await browser.PostAsync($"/entries/{handle}/claim", ("list", "nothing")));
        await TakeAsync("begin", await browser.BeginAsync(handle));
        await TakeAsync("assess nothing", await browser.PostAsync($"/entries/{handle}/assess", ("list", "worst-of")));
        await TakeAsync("assess as if a vote was seen", await browser.PostAsync($"/entries/{handle}/assess", ("list", "worst-of"), ("verdict-c1", "met"), ("verdict-c2", "met"), ("verdict-c3", "met"), ("seen-vote", Guid.CreateVersion7().ToString("N"))));
        await RowAsync("/queue?tab=mine");
        await GetAsync($"/entries/{handle}");
        await TakeAsync("give it back", await browser.PostAsync($"/entries/{handle}/claim/release", ("list", "worst-of"), ("then", "stay")));
        await RowAsync("/lists/worst-of");
        return answers;

        async Task GetAsync(string path) => await TakeAsync(path, await browser.GetAsync(path));

        Task TakeAsync(string step, Page page)
        {
            Assert.True((int)page.Status < 500, $"{step}: {page.Fault}");
            answers.Add((step, $"{(int)page.Status}\n{page.Text}"));
            return Task.CompletedTask;
        }

        // Of lists, the row of this name: how many others there are is no secret, and the filters name every agency.
        async Task RowAsync(string path)
        {
            var page = await browser.GetAsync(path);
            Assert.True((int)page.Status < 500, $"{path}: {page.Fault}");
            answers.Add((path, string.Join('\n', page.Document.QuerySelectorAll("tbody tr").Where(row => row.TextContent.Contains(name, StringComparison.Ordinal)).Select(row => row.OuterHtml))));
        }
    }

    private async Task FindNothingAsync(string step, string text, IEnumerable<Guid> handles)
    {
        foreach (var secret in Secrets)
        {
            Assert.False(text.Contains(secret.Note, StringComparison.Ordinal), $"{step} shows the note");
            Assert.False(WordOf(secret.Person).IsMatch(text), $"{step} shows {secret.Person}");
        }
        foreach (var agency in DemoCast.Agencies.Where(a => a.Id != "nl-hotline" && !step.StartsWith("/entries?", StringComparison.Ordinal)))
            Assert.False(text.Contains(agency.Id, StringComparison.Ordinal) || text.Contains(agency.Name, StringComparison.Ordinal), $"{step} shows {agency.Id}");
        foreach (var handle in handles)
        {
            await using var command = site.Database.Superuser.CreateCommand("select d.id::text, to_char(d.decided_at, 'HH24:MI:SS'), to_char(d.sighted_at at time zone 'UTC', 'YYYY-MM-DD'), to_char(d.sighted_at at time zone 'UTC', 'DD Mon YYYY') from curation.decision d join curation.episode e on e.id = d.episode_id where e.subject_id = $1");
            command.Parameters.AddWithValue(handle);
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
                for (var column = 0; column < 4; column++)
                    Assert.False(text.Contains(reader.GetString(column), StringComparison.OrdinalIgnoreCase) || text.Contains(reader.GetString(0).Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase), $"{step} shows {reader.GetString(column)}");
        }
    }

    /// <summary>Leaves out what differs by its nature: the name and its handle, tokens and ids of forms, the present time.</summary>
    private static string Normalise(string text, string name, Guid handle)
    {
        var normal = new StringBuilder(text).Replace(name, "NAME").Replace(handle.ToString(), "HANDLE").Replace(handle.ToString("N"), "HANDLE").ToString();
        normal = FormToken().Replace(normal, "TOKEN");
        normal = Submission().Replace(normal, "SUBMISSION");
        normal = Count().Replace(normal, "COUNT");
        return Clock().Replace(normal, "TIME");
    }

    private static string Difference(string first, string second)
    {
        var (a, b) = (first.Split('\n'), second.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(a.Length, b.Length)).First(i => a.ElementAtOrDefault(i) != b.ElementAtOrDefault(i));
        return $"{a.ElementAtOrDefault(line)}{Environment.NewLine}{b.ElementAtOrDefault(line)}";
    }

    private static Regex WordOf(string person) => new($@"\b{person}\b", RegexOptions.CultureInvariant);

    [GeneratedRegex("""name="form-token" value="[^"]*" """)]
    private static partial Regex FormToken();

    [GeneratedRegex("""name="(submission|seen-vote)" value="[^"]*"|kept=[0-9a-f]{32}""")]
    private static partial Regex Submission();

    [GeneratedRegex("""<span class="count">[^<]*</span>""")]
    private static partial Regex Count();

    [GeneratedRegex(@"<time.*?</time>|20\d\d-\d\d-\d\d[T ]\d\d:\d\d")]
    private static partial Regex Clock();
}
