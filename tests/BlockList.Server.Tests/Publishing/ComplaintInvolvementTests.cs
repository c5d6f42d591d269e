using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Publishing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;
using static BlockList.Server.Tests.Publishing.CarelessAgencies;
using static BlockList.Server.Tests.Publishing.ComplaintSteps;

namespace BlockList.Server.Tests.Publishing;

/// <summary>
/// Whoever had a part in an entry, or whose agency had, decides no complaint about it: refused by the use case, by the database, and of no
/// effect in the ledger for whoever writes past both. Anna and Bram listed the entry; Elise and Cora get the role beside their own.
/// </summary>
public sealed class ComplaintInvolvementTests(PostgresFixture postgres) : PublishingTests(postgres)
{
    private const string Name = "kept0.example";

    protected override async Task PrepareAsync()
    {
        await World.ListAsync(Numbered("kept", 2));
        await World.PublishAsync();
    }

    [Theory]
    [InlineData("anna")]
    [InlineData("bram")]
    [InlineData("dirk")]
    [InlineData("olav")]
    public async Task Use_case_refuses_who_listed_it_and_their_colleagues(string person)
    {
        await OfficerAsync(person);
        Assert.Equal(DecisionRefusals.HasPart, Refused(await World.SuspendAsync(person, Name)));
        Assert.Equal(DecisionRefusals.HasPart, Refused(await World.DecideComplaintAsync(person, Name, ComplaintOutcome.Upheld)));
        Assert.Equal(0L, await World.Database.ScalarAsync<long>("select count(*) from curation.decision where person = $1 and kind <> all (array['proposal', 'assessment'])", person));
    }

    [Fact]
    public async Task Officer_of_an_agency_that_had_no_part_decides_until_it_has_one()
    {
        await OfficerAsync("elise");
        Decided(await World.SuspendAsync("elise", Name));
        Decided(await World.ResumeAsync("elise", Name));
        Assert.IsType<SubmitOutcome.Accepted>(await World.DecideAsync("elise", DecisionKind.Sighting, Name, Format.Json.Timestamp.Truncate(World.Now)));
        Assert.Equal(DecisionRefusals.HasPart, Refused(await World.SuspendAsync("elise", Name)));
        // The other entry is another entry.
        Decided(await World.SuspendAsync("elise", "kept1.example"));
        await World.PublishUrgentAsync();
        Assert.Equal([Name], (await World.ReadListAsync()).Lines);
    }

    [Fact]
    public async Task Part_in_an_earlier_life_of_the_entry_is_one()
    {
        await World.DecideAsync("olav", DecisionKind.Removal, Name);
        await World.ProposeAsync("elise", Name, sightedAt: World.Now.AddHours(-1));
        await OfficerAsync("bram");
        Assert.Equal(DecisionRefusals.HasPart, Refused(await World.SuspendAsync("bram", Name)));
    }

    [Fact]
    public async Task Database_refuses_what_the_use_case_is_not_asked()
    {
        await OfficerAsync("bram");
        var problem = await Assert.ThrowsAsync<PostgresException>(() => ForgeAsync("bram"));
        Assert.Equal("decision_complaint_by_the_uninvolved", problem.ConstraintName);
    }

    [Theory]
    [InlineData(DecisionKind.Suspension)]
    [InlineData(DecisionKind.ComplaintOutcome)]
    public async Task Authentic_decision_of_an_involved_person_has_no_effect_in_the_ledger_whoever_wrote_it_into_the_table(DecisionKind kind)
    {
        await OfficerAsync("bram");
        await World.Database.ExecuteAsync("alter table curation.decision disable trigger decision_is_rightful");
        await ForgeAsync("bram", kind);

        await World.PublishUrgentAsync();

        Assert.Equal(2, (await World.ReadListAsync()).Count);
        Assert.Equal("refused: the person or their agency had a part in this entry", await OutcomeAsync());
        // A verifier that begins anew comes to the same, and signs what is published next.
        await World.StartVerifierAsync();
        await World.ListAsync(["more.example"]);
        Assert.IsType<PublishOutcome.Published>(await World.PublishAsync());
    }

    [Fact]
    public async Task Appeal_against_ones_own_outcome_has_no_effect_in_the_ledger()
    {
        var rejected = Decided(await World.DecideComplaintAsync("carlo", Name, ComplaintOutcome.Rejected));
        await World.GiveRolesAsync("carlo", RegisteredCredential.ComplaintsOfficer, RegisteredCredential.Oversight);
        await World.Database.ExecuteAsync("alter table curation.decision disable trigger decision_is_rightful");
        await ForgeAsync("carlo", DecisionKind.ComplaintOutcome, rejected);
        await World.PublishUrgentAsync();
        Assert.Equal(2, (await World.ReadListAsync()).Count);
        Assert.Equal("refused: nobody decides about an appeal against their own outcome", await OutcomeAsync());
    }

    [Fact]
    public async Task Curator_who_signs_a_suspension_has_no_effect_whatever_the_tables_say_of_their_role()
    {
        await World.Database.ExecuteAsync("update access.person set roles = array['complaints-officer'] where id = 'elise'");
        await ForgeAsync("elise");
        await World.PublishUrgentAsync();
        Assert.Equal(2, (await World.ReadListAsync()).Count);
        Assert.Equal("refused: the person has not the role for this decision", await OutcomeAsync());
    }

    [Fact]
    public async Task Suspension_that_nobody_signed_stops_its_credential_and_nothing_leaves()
    {
        await World.ForgeComplaintDecisionAsync("carlo", DecisionKind.Suspension, Name, signedBy: "otto");
        await World.PublishUrgentAsync();
        Assert.Equal(2, (await World.ReadListAsync()).Count);
        Assert.Contains(World.PublisherLog.At(Microsoft.Extensions.Logging.LogLevel.Critical), line => line.Contains(World.CredentialOf("carlo"), StringComparison.Ordinal));
    }

    private Task OfficerAsync(string person) => World.GiveRolesAsync(person, RegisteredCredential.Curator, RegisteredCredential.ComplaintsOfficer);

    private Task<string?> OutcomeAsync() => World.Database.ScalarAsync<string?>("select outcome || ': ' || reason from publishing.ledger where kind = 'decision' order by position desc limit 1");

    private Task ForgeAsync(string person, DecisionKind kind = DecisionKind.Suspension, Guid? appeals = null) => World.ForgeComplaintDecisionAsync(person, kind, Name, appeals: appeals);
}
