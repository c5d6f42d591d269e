using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Publishing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>The one formula: what it takes to be on the list, and what takes a name off it.</summary>
public sealed class ListingTests(PublishingWorld world) : IClassFixture<PublishingWorld>
{
    [Fact]
    public async Task Entry_with_one_agency_is_never_published()
    {
        var name = world.NewName();
        Assert.IsType<SubmitOutcome.Accepted>(await world.ProposeAsync("anna", name));
        Assert.False(await world.IsPublishedAsync(name));
    }

    [Fact]
    public async Task Two_agencies_of_different_countries_list_a_name()
    {
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        Assert.IsType<SubmitOutcome.Accepted>(await world.ReviewAsync("bram", name));
        Assert.True(await world.IsPublishedAsync(name));
    }

    [Fact]
    public async Task Two_people_of_one_agency_never_list_a_name()
    {
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        // The second person of the agency has nothing to review: the agency has voted.
        Assert.IsType<SubmitOutcome.Refused>(await world.ReviewAsync("dirk", name));
        // Even replacing the agency's vote by the second person's leaves one agency.
        var replaced = await world.SignAsync("dirk", async prepare =>
        {
            var withdrawal = Assert.Single(await prepare.ForEntryAsync(DecisionKind.Withdrawal, "worst-of", PublishingWorld.Listed(name), null, null, world.CredentialOf("dirk"), TestContext.Current.CancellationToken));
            var criteria = world.Keys.ComposeRegister(world.Cast, 1).Lists["worst-of"].Criteria[0];
            var assessment = withdrawal.Statement with
            {
                Kind = DecisionKind.Assessment,
                CriteriaSha256 = criteria.Sha256,
                Verdicts = new Verdicts(criteria.DecidedByCurator.Select(c => KeyValuePair.Create(c, Verdict.Met))),
            };
            return [new PreparedDecision(assessment, assessment.ToCanonicalBytes(), null)];
        });
        Assert.IsType<SubmitOutcome.Accepted>(replaced);
        Assert.False(await world.IsPublishedAsync(name));
    }

    [Fact]
    public async Task Two_agencies_of_one_country_never_list_a_name()
    {
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        Assert.IsType<SubmitOutcome.Accepted>(await world.ReviewAsync("cora", name));
        Assert.False(await world.IsPublishedAsync(name));
    }

    [Theory]
    [InlineData("met,met,unknown")]
    [InlineData("unknown,unknown,unknown")]
    public async Task Criterion_that_could_not_be_determined_does_not_count_as_met(string verdicts)
    {
        var name = world.NewName();
        await world.ProposeAsync("anna", name, verdicts);
        await world.ReviewAsync("bram", name);
        Assert.False(await world.IsPublishedAsync(name));
        Assert.IsType<SubmitOutcome.Accepted>(await world.ReviewAsync("elise", name));
        Assert.True(await world.IsPublishedAsync(name));
    }

    [Fact]
    public async Task Dissent_before_publication_keeps_the_entry_out_until_a_further_agency_finds_it_met()
    {
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        await world.ReviewAsync("cora", name, Verdict.NotMet);
        await world.ReviewAsync("bram", name);
        // Bram is the further agency: anna and bram carry it.
        Assert.True(await world.IsPublishedAsync(name));
    }

    [Fact]
    public async Task Dissent_by_the_second_agency_is_a_dispute_that_the_first_two_cannot_end()
    {
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        await world.ReviewAsync("bram", name, Verdict.NotMet);
        Assert.False(await world.IsPublishedAsync(name));
        await world.ReviewAsync("elise", name);
        Assert.True(await world.IsPublishedAsync(name));
    }

    [Fact]
    public async Task Second_not_met_declines_the_entry_for_good()
    {
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        await world.ReviewAsync("bram", name, Verdict.NotMet);
        await world.ReviewAsync("elise", name, Verdict.NotMet);
        await world.ReviewAsync("cora", name);
        Assert.False(await world.IsPublishedAsync(name));
    }

    [Fact]
    public async Task Withdrawn_vote_takes_the_name_off()
    {
        await world.KeepListedAsync();
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        await world.ReviewAsync("bram", name);
        Assert.True(await world.IsPublishedAsync(name));
        Assert.IsType<SubmitOutcome.Accepted>(await world.DecideAsync("bram", DecisionKind.Withdrawal, name));
        Assert.False(await world.IsPublishedAsync(name));
    }

    [Fact]
    public async Task Removal_takes_the_name_off_and_old_votes_do_not_carry_into_a_new_episode()
    {
        await world.KeepListedAsync();
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        await world.ReviewAsync("bram", name);
        Assert.True(await world.IsPublishedAsync(name));
        Assert.IsType<SubmitOutcome.Accepted>(await world.DecideAsync("olav", DecisionKind.Removal, name));
        Assert.False(await world.IsPublishedAsync(name));
        // A new proposal by one agency, where both had once voted: not enough.
        Assert.IsType<SubmitOutcome.Accepted>(await world.ProposeAsync("anna", name));
        Assert.False(await world.IsPublishedAsync(name));
        await world.ReviewAsync("bram", name);
        Assert.True(await world.IsPublishedAsync(name));
    }

    [Fact]
    public async Task Curator_cannot_remove_an_entry()
    {
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        var refused = Assert.IsType<SubmitOutcome.Refused>(await world.DecideAsync("anna", DecisionKind.Removal, name));
        Assert.Contains("role", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Release_officer_who_assessed_an_entry_cannot_remove_it_and_is_told_so()
    {
        await world.KeepListedAsync();
        var name = world.NewName();
        await GiveBothRolesAsync("dirk");
        await world.ProposeAsync("dirk", name);
        await world.ReviewAsync("bram", name);
        Assert.True(await world.IsPublishedAsync(name));
        // Were it taken here and refused by the publisher, curation would show as removed what stays published.
        Assert.IsType<SubmitOutcome.Refused>(await world.DecideAsync("dirk", DecisionKind.Removal, name));
        Assert.True(await world.IsPublishedAsync(name));
        Assert.IsType<SubmitOutcome.Accepted>(await world.DecideAsync("olav", DecisionKind.Removal, name));
        Assert.False(await world.IsPublishedAsync(name));
    }

    [Fact]
    public async Task One_of_two_submissions_that_go_on_from_the_same_statement_is_told_to_sign_again()
    {
        var (first, second) = (world.NewName(), world.NewName());
        await world.ProposeAsync("anna", first);
        await world.ProposeAsync("anna", second);
        var prepare = world.Curation.GetRequiredService<PrepareDecisions>();
        var submit = world.Curation.GetRequiredService<SubmitDecisions>();
        var signed = new List<SignedDecisions>();
        foreach (var name in new[] { first, second })
            signed.Add(world.Sign("bram", await prepare.ForReviewAsync("worst-of", [name], Verdict.Met, null, world.CredentialOf("bram"), TestContext.Current.CancellationToken)));
        var outcomes = await Task.WhenAll(signed.Select(s => submit.RunAsync(s, null, TestContext.Current.CancellationToken)));
        Assert.Single(outcomes.OfType<SubmitOutcome.Accepted>());
        Assert.Single(outcomes.OfType<SubmitOutcome.Conflict>());
        Assert.IsType<SubmitOutcome.Accepted>(await world.ReviewAsync("bram", outcomes[0] is SubmitOutcome.Conflict ? first : second));
        Assert.True(await world.IsPublishedAsync(first));
        Assert.True((await world.ReadListAsync()).Contains(second));
    }

    private async Task GiveBothRolesAsync(string person)
    {
        var register = world.Keys.ComposeRegister(world.Cast, 2);
        await world.TakeRegisterAsync(register with
        {
            Credentials = register.Credentials.ToDictionary(c => c.Key, c => c.Value.Person == person ? c.Value with { Roles = [RegisteredCredential.Curator, RegisteredCredential.ReleaseOfficer] } : c.Value),
        });
    }

    [Fact]
    public async Task Sighting_in_the_future_is_refused()
    {
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        Assert.IsType<SubmitOutcome.Refused>(await world.DecideAsync("anna", DecisionKind.Sighting, name, world.Now.AddMinutes(5)));
    }

    [Fact]
    public async Task Second_run_without_new_decisions_publishes_nothing()
    {
        await world.PublishAsync();
        Assert.IsType<PublishOutcome.Unchanged>(await world.PublishAsync());
    }

    [Fact]
    public async Task Host_entry_is_published_as_that_host_only()
    {
        var name = world.NewName();
        await world.ProposeAsync("anna", name, scope: "host");
        await world.ReviewAsync("bram", name);
        await world.PublishAsync();
        var list = await world.ReadListAsync();
        Assert.True(list.Contains("=" + name));
        Assert.False(list.Contains(name));
    }

    [Fact]
    public async Task Every_version_of_the_test_list_adds_one_name_and_removes_the_one_before()
    {
        var first = Assert.IsType<PublishOutcome.Published>(await world.PublishAsync("enforcement-test"));
        var second = Assert.IsType<PublishOutcome.Published>(await world.PublishAsync("enforcement-test"));
        Assert.Equal(first.Serial.Next(), second.Serial);
        Assert.Equal((1, 1, 1), (second.Count, second.Added, second.Removed));
        Assert.Equal($"t{second.Serial}.enforcement-test.example", Assert.Single((await world.ReadListAsync("enforcement-test")).Lines));
    }
}
