using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Publishing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Decisions that are taken before the proposal they belong to: what becomes of them follows from the rows alone, so that nobody
/// who has the publisher can void one of them.</summary>
public sealed class EarlyDecisionTests(PostgresFixture postgres) : PublishingTests(postgres)
{

    protected override async Task PrepareAsync()
    {
        await World.KeepListedAsync();
        await World.PublishAsync();
    }

    /// <summary>A vote and its withdrawal before the proposal, the one taken and the other not: the name would be listed on one agency's word.</summary>
    [Fact]
    public async Task Withdrawal_is_not_voided_by_taking_it_before_the_proposal_and_refusing_it()
    {
        var name = World.NewName();
        await World.ProposeAsync("anna", name);
        var thief = new TakenOverPublisher(World);
        var (vote, voteSigned) = await SubmitAsync(p => p.ForReviewAsync(List, [name], Verdict.Met, null, World.CredentialOf("bram"), Ct));
        await thief.TakeAsync(vote, voteSigned, null);
        var (withdrawal, withdrawalSigned) = await SubmitAsync(p => p.ForEntryAsync(DecisionKind.Withdrawal, List, PublishingWorld.Listed(name), null, null, World.CredentialOf("bram"), Ct));
        await thief.TakeAsync(withdrawal, withdrawalSigned, "there is no such episode");

        var refused = await Assert.ThrowsAsync<NotCountersignedException>(async () => await thief.AskAsync((await thief.CurrentAsync()).List));

        Assert.Contains("it was refused, and nothing speaks against it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vote_whose_proposal_is_nowhere_is_taken_and_does_nothing_for_publisher_and_verifier_alike()
    {
        var (lost, other) = (World.NewName(), World.NewName());
        await World.ProposeAsync("anna", lost);
        await World.ReviewAsync("bram", lost);
        await World.Database.ExecuteAsync($"alter table curation.decision disable trigger all; delete from curation.decision where kind = 'proposal' and name = '{lost}'; alter table curation.decision enable trigger all");
        await World.ProposeAsync("elise", other);
        await World.ReviewAsync("bram", other);

        Assert.True(await World.IsPublishedAsync(other));

        Assert.False((await World.ReadListAsync()).Contains(lost));
        Assert.Equal("accepted", await World.Database.ScalarAsync<string>("select l.outcome from publishing.ledger l join curation.decision d on d.id = l.decision_id where d.name = $1", lost));
    }

    private async Task<(PreparedDecision Decision, SignedDecisions Signed)> SubmitAsync(Func<PrepareDecisions, Task<IReadOnlyList<PreparedDecision>>> prepare)
    {
        var decision = Assert.Single(await prepare(World.Curation.GetRequiredService<PrepareDecisions>()));
        var signed = World.Sign("bram", [decision]);
        Assert.IsType<SubmitOutcome.Accepted>(await World.Curation.GetRequiredService<SubmitDecisions>().RunAsync(signed, null, Ct));
        return (decision, signed);
    }
}
