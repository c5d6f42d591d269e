using System.Globalization;
using System.Net;
using BlockList.Server.Distribution.Coverage;
using BlockList.Tools.Deployments;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>What a provider leaves out by a never-block file of its own, from its receipt to the agencies' queue and back.</summary>
public sealed class LocalExceptionTests(CurationSite site) : IClassFixture<CurationSite>, IAsyncLifetime
{
    private const int Names = 30;

    private static int providers;

    private int version;

    /// <summary>Once for the class: thirty names that Norwegian police and the Dutch hotline listed.</summary>
    public async ValueTask InitializeAsync()
    {
        if (!await site.Database.ScalarAsync<bool>("select exists (select from publishing.version where list = 'worst-of')"))
        {
            await using var publisher = await SitePublisher.StartAsync(site);
            var names = Enumerable.Range(0, Names).Select(NameOf).ToArray();
            await publisher.ProposeAsync("anna", [.. names.Select(name => (name, "domain"))]);
            await publisher.ReviewAsync("bram", names);
            await publisher.PublishAsync(DevelopmentKeys.WorstOf);
        }
        version = await site.Database.ScalarAsync<int>("select max(serial) from publishing.version where list = 'worst-of'");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Entry_is_one_re_review_however_many_leave_it_out_and_an_agencys_next_look_answers_it()
    {
        var (one, two, three) = (await EnrolAsync(), await EnrolAsync(), await EnrolAsync());
        var name = NameOf(28);
        Assert.True(await ReportAsync(one, name));
        Assert.True(await ReportAsync(two, name));
        await TellAsync();

        using var bram = await site.SignInAsync("bram");
        Assert.Equal("left out by 2 providers", await RemarkAsync(bram, name));
        var handle = await site.HandleOfAsync(name);
        var page = await bram.GetAsync($"/entries/{handle}");
        Assert.Contains("This entry is left out by 2 providers", page.Words, StringComparison.Ordinal);
        // The agencies' own look counts, and the entry stays.
        (await bram.AssessAsync(await bram.BeginAsync(handle))).Expect(HttpStatusCode.OK);
        Assert.Null(await RemarkAsync(bram, name));
        Assert.Contains("An agency looked at it again", (await bram.GetAsync($"/entries/{handle}")).Words, StringComparison.Ordinal);
        Assert.Equal("eligible", await site.Database.ScalarAsync<string>("select stage from curation.episode where name = $1", name));

        // Who comes and goes asks for nothing again; somebody new does.
        Assert.True(await ReportAsync(one));
        await TellAsync();
        Assert.True(await ReportAsync(one, name));
        await TellAsync();
        Assert.Null(await RemarkAsync(bram, name));
        Assert.True(await ReportAsync(three, name));
        await TellAsync();
        Assert.Equal("left out by 3 providers", await RemarkAsync(bram, name));
    }

    [Fact]
    public async Task Flood_of_one_provider_opens_twenty_a_day_and_what_it_takes_back_is_gone()
    {
        var flooder = await EnrolAsync();
        Assert.True(await ReportAsync(flooder, [.. Enumerable.Range(0, 25).Select(NameOf)]));
        await TellAsync();
        await TellAsync();
        Assert.Equal((25L, 20L), await CountsAsync(flooder));

        await site.Database.ExecuteAsync("update distribution.local_exception set told_at = told_at - interval '25 hours' where provider_id = (select provider_id from providers.certificate where sha256 = $1) and told_at is not null", flooder);
        await TellAsync();
        Assert.Equal((25L, 25L), await CountsAsync(flooder));

        Assert.True(await ReportAsync(flooder));
        await TellAsync();
        Assert.Equal((0L, 0L), await CountsAsync(flooder));
        using var anna = await site.SignInAsync("anna");
        Assert.Null(await RemarkAsync(anna, NameOf(3)));
    }

    [Fact]
    public async Task Line_that_is_not_on_the_version_refuses_all_of_them()
    {
        var provider = await EnrolAsync();

        foreach (var line in new[] { "never-listed.example", "=" + NameOf(1), NameOf(1).ToUpperInvariant(), "" })
            Assert.False(await ReportAsync(provider, NameOf(1), line), line);
        Assert.False(await ReportAsync(provider, [.. Enumerable.Repeat(NameOf(1), 51)]));
        Assert.Equal((0L, 0L), await CountsAsync(provider));
        Assert.False(await ReportAsync(new string('0', 64), NameOf(1)), "a certificate that nobody enrolled");
    }

    [Fact]
    public async Task Names_stand_on_the_providers_page_and_agencies_that_did_not_vote_learn_nothing()
    {
        var provider = await EnrolAsync();
        Assert.True(await ReportAsync(provider, NameOf(29)));
        await TellAsync();
        using var petra = await site.SignInAsync("petra");
        var id = await site.Database.ScalarAsync<Guid>("select provider_id from providers.certificate where sha256 = $1", provider);

        var page = await petra.GetAsync($"/providers/{id}");

        Assert.Contains(NameOf(29), page.Words, StringComparison.Ordinal);
        using var elise = await site.SignInAsync("elise");
        Assert.Null(await RemarkAsync(elise, NameOf(29)));
        Assert.DoesNotContain("left out by", (await elise.GetAsync($"/entries/{await site.HandleOfAsync(NameOf(29))}")).Words, StringComparison.Ordinal);
        using var vera = await site.SignInAsync("vera");
        Assert.Equal("left out by 1 provider", await RemarkAsync(vera, NameOf(29)));
    }

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"exempt-{number:D2}.example");

    /// <summary>Its certificate's hash.</summary>
    private async Task<string> EnrolAsync()
    {
        var number = Interlocked.Increment(ref providers);
        var sha256 = string.Create(CultureInfo.InvariantCulture, $"{number:x64}");
        await site.Database.ExecuteAsync("""
            with p as (insert into providers.provider (id, name, contact) values (gen_random_uuid(), $1, 'noc') returning id), l as (insert into providers.provider_list (provider_id, list) select id, 'worst-of' from p)
            insert into providers.certificate (sha256, provider_id, not_before, not_after) select $2, id, now(), now() + interval '90 days' from p
            """, $"Exempting Net {number}", sha256);
        return sha256;
    }

    /// <summary>As the download endpoint does, by its login.</summary>
    private async Task<bool> ReportAsync(string certificate, params string[] lines)
    {
        await using var distribution = NpgsqlDataSource.Create(site.Database.Distribution);
        await using var command = distribution.CreateCommand("select distribution.report_exceptions($1, 'worst-of', $2, null, $3)");
        command.Parameters.AddWithValue(certificate);
        command.Parameters.AddWithValue(version);
        command.Parameters.AddWithValue(lines);
        return (bool)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private async Task TellAsync()
    {
        await using var worker = NpgsqlDataSource.Create(site.Database.Worker);
        await new FollowCoverage(worker).RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Open ones of a provider, and how many of them the agencies were told of.</summary>
    private async Task<(long Open, long Told)> CountsAsync(string certificate) =>
        (await CountAsync("true", certificate), await CountAsync("told_at is not null", certificate));

    private Task<long> CountAsync(string condition, string certificate) => site.Database.ScalarAsync<long>(
        $"select count(*) from distribution.local_exception where {condition} and ended_at is null and provider_id = (select provider_id from providers.certificate where sha256 = $1)", certificate);

    /// <summary>What the queue says beside a name; null where it is not in it.</summary>
    private static async Task<string?> RemarkAsync(Browser person, string name)
    {
        var queue = (await person.GetAsync("/queue?tab=left-out&list=worst-of")).Expect(HttpStatusCode.OK);
        var row = queue.Document.QuerySelectorAll("tbody tr").SingleOrDefault(r => r.QuerySelector("td")!.TextContent.Contains(name, StringComparison.Ordinal));
        return row?.TextContent is { } text && text.IndexOf("left out by", StringComparison.Ordinal) is var at and >= 0
            ? string.Join(' ', text[at..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(5)).TrimEnd()
            : row is null ? null : "";
    }
}
