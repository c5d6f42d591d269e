using System.Globalization;
using System.Text;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Curation.Importing;
using BlockList.Server.Names;
using BlockList.Server.Names.Register;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>What happened in this field before, named as people remember it. Each test first takes every step that people could
/// take wrongly, and then looks at what would be served.</summary>
public sealed class IncidentTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly PublishingWorld world = new(postgres);

    public ValueTask InitializeAsync() => world.InitializeAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    /// <summary>2011: the seizure of one dynamic DNS zone branded 84,000 innocent names below it.</summary>
    [Theory]
    [InlineData("mooo.com", Scope.Domain)]
    [InlineData("mooo.com", Scope.Host)]
    public async Task Mooo_com_the_zone_itself_is_refused_where_it_is_typed_and_left_out_where_it_was_decided_all_the_same(string zone, Scope scope)
    {
        var verdict = await VerdictAsync(zone, scope);
        Assert.Equal("public-suffix", verdict.Objection?.Code);
        Assert.Contains("dynamic DNS", verdict.Objection!.Message, StringComparison.Ordinal);

        await DecideAroundTheGuardAsync(new ListedName(PublishingWorld.Listed(zone).Name, scope));

        await world.PublishAsync();
        Assert.Empty((await world.ReadListAsync()).Lines);
        Assert.Equal("public-suffix left-out", await world.FindingsOfAsync(zone));
    }

    [Fact]
    public async Task Mooo_com_one_name_below_it_is_listed_as_a_host_and_takes_nobody_along()
    {
        Assert.Equal("dynamic-dns", (await VerdictAsync("bad.mooo.com", Scope.Domain)).Objection?.Code);
        Assert.Null((await VerdictAsync("bad.mooo.com", Scope.Host)).Objection);
        await DecideAroundTheGuardAsync(new ListedName(PublishingWorld.Listed("bad.mooo.com").Name, Scope.Domain));
        await DecideAroundTheGuardAsync(new ListedName(PublishingWorld.Listed("worse.mooo.com").Name, Scope.Host));

        await world.PublishAsync();

        Assert.Equal(["=worse.mooo.com"], (await world.ReadListAsync()).Lines);
    }

    /// <summary>March 2012: one officer's upload blocked about 8,000 legitimate sites for hours.</summary>
    [Fact]
    public async Task Eight_thousand_legitimate_sites_in_one_upload_are_refused_row_by_row()
    {
        var sites = Sites(8000);
        await world.ImportSitesAsync("olav", sites);

        var refused = Assert.IsType<StageOutcome.Refused>(await UploadAsync(sites));

        Assert.Equal(8000, refused.Errors.Count);
        Assert.Contains("most visited", refused.Errors[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eight_thousand_legitimate_sites_that_one_agency_signed_are_not_published()
    {
        var sites = Sites(8000);
        var import = Assert.IsType<StageOutcome.Staged>(await UploadAsync(sites)).Import!.Value;
        await world.SignAsync("anna", p => p.ForImportAsync(import, world.CredentialOf("anna"), TestContext.Current.CancellationToken), import);

        await world.PublishAsync();

        Assert.Empty((await world.ReadListAsync()).Lines);
    }

    [Fact]
    public async Task Eight_thousand_legitimate_sites_that_two_agencies_signed_without_looking_are_left_out_by_the_register()
    {
        var sites = Sites(8000);
        var import = Assert.IsType<StageOutcome.Staged>(await UploadAsync([.. sites, "bad.example"])).Import!.Value;
        await world.SignAsync("anna", p => p.ForImportAsync(import, world.CredentialOf("anna"), TestContext.Current.CancellationToken), import);
        await world.SignAsync("bram", p => p.ForReviewAsync(DevelopmentKeys.WorstOf, [], Verdict.Met, null, world.CredentialOf("bram"), TestContext.Current.CancellationToken));
        await world.ImportSitesAsync("olav", sites);

        await world.PublishAsync();

        Assert.Equal(["bad.example"], (await world.ReadListAsync()).Lines);
        Assert.Equal(8000L, await world.Database.ScalarAsync<long>("select count(*) from publishing.guard_finding where rule = 'top-sites' and effect = 'left-out'"));
    }

    /// <summary>2008: an encyclopaedia that millions read was filtered for one picture on one of its pages.</summary>
    [Fact]
    public async Task Virgin_Killer_a_host_of_a_site_that_millions_read_is_not_published_though_two_agencies_agree()
    {
        await world.ImportSitesAsync("olav", "search.example", "encyclopaedia.example");
        var verdict = Assert.IsType<GuardVerdict.NeedsOverride>(await VerdictAsync("en.encyclopaedia.example", Scope.Host));
        Assert.Equal((RowPlace.Above, 2), (verdict.Match.Place, verdict.Match.Gravest.Rank));
        Assert.Contains("number 2 of the most visited sites", verdict.Problem.Message, StringComparison.Ordinal);

        await world.ProposeAloneAsync("anna", "en.encyclopaedia.example", "host");
        await world.ReviewAsync("bram", "en.encyclopaedia.example");
        await world.PublishAsync();

        Assert.Empty((await world.ReadListAsync()).Lines);
        Assert.Equal("top-sites left-out", await world.FindingsOfAsync("en.encyclopaedia.example"));
    }

    [Fact]
    public async Task Virgin_Killer_what_the_proposer_was_shown_stands_in_what_they_signed()
    {
        await world.ImportSitesAsync("olav", "search.example", "encyclopaedia.example");
        await world.ProposeAloneAsync("anna", "en.encyclopaedia.example", "domain");

        var statement = DecisionStatement.Parse(await world.Database.ScalarAsync<byte[]>("select statement from curation.decision where kind = 'proposal'"));

        Assert.Equal((BlastRadius.Below, false, 0L, 2L), (statement.Blast!.Reach, statement.Blast.IsShared, statement.Blast.KnownNames, statement.Blast.Rank));
        Assert.Contains("encyclopaedia.example is number 2 of the most visited sites", statement.Blast.Sentence, StringComparison.Ordinal);
    }

    /// <summary>2009 and later: of 167 names that a country's providers blocked, audits found the material at 3. The others stood on the list
    /// because nobody had taken them off.</summary>
    [Fact]
    public async Task Three_of_167_names_where_nobody_sees_the_material_any_more_leave_the_list_by_themselves()
    {
        // A day without its like three months later would let two days' names lapse at once, which is a matter for people.
        world.MoveClockTo(new DateTimeOffset(2025, 3, 10, 12, 0, 0, TimeSpan.Zero));
        var (names, start) = (Sites(167), world.Now);
        foreach (var found in names.Chunk(42))
        {
            var import = Assert.IsType<StageOutcome.Staged>(await UploadAsync(found)).Import!.Value;
            await world.SignAsync("anna", p => p.ForImportAsync(import, world.CredentialOf("anna"), TestContext.Current.CancellationToken), import);
            await world.SignAsync("bram", p => p.ForReviewAsync(DevelopmentKeys.WorstOf, [], Verdict.Met, null, world.CredentialOf("bram"), TestContext.Current.CancellationToken));
            await world.PublishAsync();
            world.MoveClockTo(world.Now.AddDays(1));
        }
        string[] live = [names[2], names[40], names[166]];
        foreach (var name in live) Assert.IsType<SubmitOutcome.Accepted>(await world.DecideAsync("anna", DecisionKind.Sighting, name, Format.Json.Timestamp.Truncate(world.Now)));

        world.MoveClockTo(start.AddMonths(3).AddDays(-1).AddMinutes(-1));
        await world.PublishAsync();
        Assert.Equal(167, (await world.ReadListAsync()).Count);
        for (var day = 0; day < 4; day++)
        {
            world.MoveClockTo(world.Now.AddDays(1));
            await world.PublishAsync();
        }

        Assert.Equal(live.Order(StringComparer.Ordinal), (await world.ReadListAsync()).Lines);
    }

    private static string[] Sites(int count) => [.. Enumerable.Range(1, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"site{i}.example"))];

    private async Task<GuardVerdict> VerdictAsync(string name, Scope scope) =>
        (await world.Curation.GetRequiredService<CurrentGuard>().ReadAsync(TestContext.Current.CancellationToken)).Check(PublishingWorld.Listed(name).Name, scope);

    private Task<StageOutcome> UploadAsync(IEnumerable<string> names)
    {
        var csv = new StringBuilder("domain,scope,sighted_at,c1,c2,c3,reference,note\n");
        foreach (var name in names) csv.Append(CultureInfo.InvariantCulture, $"{name},domain,{world.Now.AddDays(-1):yyyy-MM-dd'T'HH:mm:ss'Z'},met,met,met,,\n");
        return world.Curation.GetRequiredService<StageImport>().RunAsync(Encoding.UTF8.GetBytes(csv.ToString()), "upload.csv", DevelopmentKeys.WorstOf, "anna", false, false, null, TestContext.Current.CancellationToken);
    }

    /// <summary>Two agencies' true signatures on a name that the application would not have taken, put into the tables by hand: what is
    /// left then is the publisher's own guard.</summary>
    private async Task DecideAroundTheGuardAsync(ListedName name)
    {
        var contexts = world.Curation.GetRequiredService<Microsoft.EntityFrameworkCore.IDbContextFactory<Server.Data.BlockListDb>>();
        await using var db = await contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        var episode = Guid.Empty;
        foreach (var person in new[] { "anna", "bram" })
        {
            var chain = await StatementChain.ContinueAsync(db, world.CredentialOf(person), world.Keys.Deployment, world.Clock, TestContext.Current.CancellationToken);
            var criteria = await PrepareDecisions.CriteriaAsync(db, DevelopmentKeys.WorstOf, TestContext.Current.CancellationToken);
            chain.Add(episode == Guid.Empty ? DecisionKind.Proposal : DecisionKind.Assessment, DevelopmentKeys.WorstOf, name, episode == Guid.Empty ? null : episode, null, blank => blank with
            {
                Verdicts = new Verdicts(criteria.DecidedByCurator.Select(c => KeyValuePair.Create(c, Verdict.Met))),
                CriteriaSha256 = criteria.Sha256,
                SightedAt = Format.Json.Timestamp.Truncate(world.Now.AddDays(-1)),
            });
            episode = chain.Decisions[0].Statement.Episode;
            var signed = world.Sign(person, chain.Decisions);
            await ForgedDecision.InsertAsync(world.Database.Curation, world.CredentialOf(person), isBatch: false, signed.Nonce, signed.Assertion, [.. chain.Decisions]);
        }
    }
}
