using BlockList.Server.Tests.Web;
using BlockList.Tools.Benchmarks;
using Xunit;

namespace BlockList.Server.Tests.Complaints;

/// <summary>
/// Before control is proven nobody can tell a listed name from another one: not by words, not by codes, not by headers. Timing is
/// measured by <c>tools/bench oracle</c>.
/// </summary>
public sealed class OracleTests(PortalSite site) : IClassFixture<PortalSite>
{
    private const string Listed = "listed-oracle.example";
    private const string Free = "unlist-oracle.example";

    public static TheoryData<string, string> Cases => new MatrixTheoryData<string, string>(["owner", "host", "customer", "visitor"], ["same", "below", "above"]);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_answer_is_the_same_for_a_listed_name_and_a_free_one(string party, string place)
    {
        await site.PublishAsync(place == "above" ? $"sub.{Listed}" : Listed);
        var (listed, free) = place == "below" ? ($"www.{Listed}", $"www.{Free}") : (Listed, Free);

        var answers = (await WalkAsync(party, listed), await WalkAsync(party, free));

        Assert.Equal(answers.Item1.Length, answers.Item2.Length);
        Assert.All(answers.Item1.Zip(answers.Item2), pair => Assert.Equal(pair.First, pair.Second));
    }

    [Fact]
    public async Task No_function_of_the_portal_but_the_one_that_asks_for_proof_names_a_list()
    {
        var readers = await site.Database.ScalarAsync<string>("""
            select string_agg(p.proname::text, ' ' order by p.proname) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where has_function_privilege('blocklist_portal', p.oid, 'execute') and n.nspname = 'complaint' and p.prosrc ~ '(publishing|curation|names|providers|verifying|distribution)\.'
            """);

        // How many providers apply a version is told after proof too, and of no name.
        Assert.Equal("applied disclose", readers);
        Assert.Contains("proof_state = 'proven'", await site.Database.ScalarAsync<string>("select prosrc from pg_proc where oid = 'complaint.applied'::regproc"), StringComparison.Ordinal);
        Assert.Contains("proof_state <> 'proven' then return", await site.Database.ScalarAsync<string>("select prosrc from pg_proc where oid = 'complaint.disclose'::regproc"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_with_reference_and_secret_and_no_proof_is_told_no_entry()
    {
        await site.PublishAsync(Listed);
        using var person = new Complainant(site.Open());
        await (await person.FillAsync(("domain", Listed))).SendAsync();
        await using var portal = Npgsql.NpgsqlDataSource.Create(site.Database.Portal);
        await using var command = portal.CreateCommand("select count(*) from complaint.disclose($1, $2)");
        command.Parameters.AddWithValue(person.Reference);
        command.Parameters.AddWithValue((await site.Database.ScalarAsync<byte[]>("select secret_sha256 from complaint.complaint where reference = $1", person.Reference))!);

        Assert.Equal(0L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await site.Database.ScalarAsync<long>("select count(*) from oversight.audit where subject = $1 and action = 'entries.disclose'", person.Reference));
    }

    /// <summary>Every page from the question for the name to the status page after each button, as status, headers and text.</summary>
    private async Task<string[]> WalkAsync(string party, string name)
    {
        using var person = new Complainant(site.Open());
        var seen = new List<string>();
        await person.BeginAsync();
        foreach (var answer in new[] { party, "never", name, "text", "" })
        {
            await person.AnswerAsync(answer);
            seen.Add(Print(person.Page, name));
        }
        await person.SendAsync();
        seen.Add(Print(person.Page, name));
        foreach (var go in new[] { "look", "ask", "recheck", "look" }) seen.Add(Print(await person.FollowAsync(go), name));
        await site.Database.ScalarAsync<bool>("select dnschecks.record_answer(id, 'absent', 'insecure', null, '[{\"has\": false}]', null) from dnschecks.proof where owner = $1", person.Reference);
        seen.Add(Print(await person.FollowAsync(), name));
        return [.. seen];
    }

    private static string Print(Page page, string name) => OracleText.Print((int)page.Status, page.Headers, page.Text, name);
}
