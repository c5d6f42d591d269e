using System.Text;
using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Curation.Importing;
using BlockList.Server.Data;
using BlockList.Tools.Deployments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>A list that one agency fills alone: closed to agencies of other countries, by the application, by the database and, whatever
/// became of those two, by the publisher.</summary>
public sealed class NationalListTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string List = DevelopmentKeys.NoNational;
    private readonly PublishingWorld world = new(postgres);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => world.InitializeAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task One_agency_of_the_country_lists_a_name_by_the_criteria_of_the_list()
    {
        var (met, notMet) = (world.NewName(), world.NewName());
        await ProposeAsync("anna", met);
        await ProposeAsync("cora", notMet, "met,unknown,met");
        await world.PublishAsync(List);
        var list = await world.ReadListAsync(List);
        Assert.Equal((true, false), (list.Contains(met), list.Contains(notMet)));
        Assert.False(await world.IsPublishedAsync(met));
        Assert.Equal(6, (await world.VerifyAsClientAsync(List)).LeaseMonths);
    }

    [Fact]
    public async Task A_file_for_the_list_names_its_own_criteria()
    {
        Assert.Contains("n1, n2, n3", Assert.Single(await ErrorsAsync("domain,scope,sighted_at,c1,c2,c3,reference,note", "met,met,met")).Reason, StringComparison.Ordinal);
        var errors = await ErrorsAsync("domain,scope,sighted_at,n1,n2,n3,reference,note", "met,perhaps,met");
        Assert.Equal("n2", Assert.Single(errors).Column);
    }

    [Fact]
    public async Task An_agency_of_another_country_is_told_before_it_signs_anything()
    {
        var name = world.NewName();
        await ProposeAsync("anna", name);
        var token = Ct;
        Func<Task>[] ways =
        [
            () => ProposeAsync("bram", world.NewName()),
            () => world.SignAsync("bram", p => p.ForReviewAsync(List, [name], Verdict.Met, null, world.CredentialOf("bram"), token)),
            () => world.SignAsync("bram", p => p.ForEntryAsync(DecisionKind.Sighting, List, PublishingWorld.Listed(name), world.Now, null, world.CredentialOf("bram"), token)),
        ];
        foreach (var way in ways)
            Assert.Contains("only agencies of that country", (await Assert.ThrowsAsync<CurationException>(way)).Message, StringComparison.Ordinal);
        Assert.Equal(1L, await world.Database.ScalarAsync<long>("select count(*) from curation.decision where list = $1", List));
    }

    [Fact]
    public async Task A_signed_decision_of_another_country_is_refused_on_receipt()
    {
        var name = world.NewName();
        await ProposeAsync("anna", name);
        var vote = await ForeignAsync(DecisionKind.Assessment, name);
        var refused = Assert.IsType<SubmitOutcome.Refused>(await world.Curation.GetRequiredService<SubmitDecisions>().RunAsync(world.Sign("bram", [vote]), null, Ct));
        Assert.Contains("national list of NO", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_written_around_the_application_are_refused_by_the_database()
    {
        var signed = world.Sign("bram", [await ForeignAsync(DecisionKind.Proposal, world.NewName())]);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ForgedDecision.InsertAsync(world.Database.Curation, world.CredentialOf("bram"), false, signed.Nonce, signed.Assertion, [.. signed.Decisions]));
        Assert.Equal("decision_agency_of_the_country", refused.ConstraintName);
    }

    [Theory]
    [InlineData(DecisionKind.Proposal)]
    [InlineData(DecisionKind.Assessment)]
    [InlineData(DecisionKind.Sighting)]
    public async Task Rows_forged_around_application_and_database_have_no_effect_in_the_ledger(DecisionKind kind)
    {
        var (foreign, own) = (world.NewName(), world.NewName());
        await ProposeAsync("anna", own, "met,unknown,met");
        // The copies say what the thief wants, and the trigger is gone: the register and the ledger's rules are left.
        await world.Database.ExecuteAsync("update criteria.list set country = null; alter table curation.decision disable trigger decision_agency_of_the_country");
        var signed = world.Sign("bram", [await ForeignAsync(kind, kind == DecisionKind.Proposal ? foreign : own)]);
        await ForgedDecision.InsertAsync(world.Database.Curation, world.CredentialOf("bram"), false, signed.Nonce, signed.Assertion, [.. signed.Decisions]);
        await world.PublishAsync(List);
        var list = await world.ReadListAsync(List);
        Assert.Equal((false, false), (list.Contains(foreign), list.Contains(own)));
        Assert.Equal("the list is of another country than the agency", await world.Database.ScalarAsync<string>("select reason from publishing.ledger where decision_id = $1", signed.Decisions[0].Statement.Id));
    }

    [Fact]
    public async Task A_list_that_becomes_national_loses_what_only_other_countries_found()
    {
        var register = world.Keys.ComposeRegister(world.Cast, 2);
        await world.TakeRegisterAsync(WithCountry(register, null));
        var (own, foreign) = (world.NewName(), world.NewName());
        await ProposeAsync("anna", own);
        await ProposeAsync("bram", foreign);
        await world.PublishAsync(List);
        Assert.True((await world.ReadListAsync(List)).Contains(foreign));

        await world.TakeRegisterAsync(WithCountry(register, "NO") with { Version = 3 });
        await world.PublishAsync(List);
        var list = await world.ReadListAsync(List);
        Assert.Equal((true, false), (list.Contains(own), list.Contains(foreign)));
    }

    [Fact]
    public async Task The_copy_of_the_register_says_whose_list_it_is()
    {
        await using var db = await world.Curation.GetRequiredService<IDbContextFactory<BlockListDb>>().CreateDbContextAsync(Ct);
        var lists = await db.Lists.AsNoTracking().ToDictionaryAsync(l => l.Id, l => (l.Country, l.AgenciesNeeded, l.CountriesNeeded, l.LeaseMonths), Ct);
        Assert.Equal(("NO", 1, 1, 6), lists[List]);
        Assert.Equal((null, 2, 2, 3), lists[DevelopmentKeys.WorstOf]);
    }

    private static AgencyRegister WithCountry(AgencyRegister register, string? country)
    {
        var lists = register.Lists.ToDictionary(StringComparer.Ordinal);
        lists[List] = lists[List] with { Country = country };
        return register with { Lists = lists };
    }

    private async Task ProposeAsync(string person, string name, string verdicts = "met,met,met")
    {
        var staged = Assert.IsType<StageOutcome.Staged>(await StageAsync(person, name, "domain,scope,sighted_at,n1,n2,n3,reference,note", verdicts));
        Assert.IsType<SubmitOutcome.Accepted>(await world.SignAsync(person, p => p.ForImportAsync(staged.Import!.Value, world.CredentialOf(person), Ct), staged.Import));
    }

    private async Task<IReadOnlyList<ImportError>> ErrorsAsync(string header, string verdicts) =>
        Assert.IsType<StageOutcome.Refused>(await StageAsync("anna", world.NewName(), header, verdicts)).Errors;

    private Task<StageOutcome> StageAsync(string person, string name, string header, string verdicts) => world.Curation.GetRequiredService<StageImport>().RunAsync(
        Encoding.UTF8.GetBytes($"{header}\n{name},domain,{world.Now.AddDays(-1).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'},{verdicts},,\n"), "national.csv", List, person, false, false, null, Ct);

    /// <summary>A decision of Bram, whose agency is of another country, as his own software could write and sign it.</summary>
    private async Task<PreparedDecision> ForeignAsync(DecisionKind kind, string name)
    {
        var listed = PublishingWorld.Listed(name);
        var criteria = world.Keys.ComposeRegister(world.Cast, 1).Lists[List].Criteria[0];
        var id = Guid.CreateVersion7();
        var isVote = kind != DecisionKind.Sighting;
        var episode = kind == DecisionKind.Proposal ? id : await world.Database.ScalarAsync<Guid>("select id from curation.episode where list = $1 and name = $2", List, name);
        var statement = new DecisionStatement
        {
            Deployment = world.Keys.Deployment, Id = id, Kind = kind, List = List, Name = listed, Episode = episode, Agency = "nl-hotline", Person = "bram",
            Credential = world.CredentialOf("bram"), Sequence = 1, Previous = null, DecidedAt = world.Now.AddTicks(-(world.Now.Ticks % TimeSpan.TicksPerSecond)),
            SightedAt = kind == DecisionKind.Assessment ? null : world.Now.AddHours(-1).AddTicks(-(world.Now.Ticks % TimeSpan.TicksPerSecond)),
            Verdicts = isVote ? new Verdicts(criteria.DecidedByCurator.Select(c => KeyValuePair.Create(c, Verdict.Met))) : null,
            CriteriaSha256 = isVote ? criteria.Sha256 : null,
        };
        return new PreparedDecision(statement, statement.ToCanonicalBytes(), null);
    }
}
