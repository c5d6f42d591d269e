using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Names.Register;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>What no release officer may say to the never-block guard: refused by the application, by the database and, whatever became of
/// those two, by the publisher. A world for each test, since its tables lose their rules.</summary>
public sealed class ForgedAnswerTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Rightful = "alter table curation.decision disable trigger user";

    private readonly PublishingWorld world = new(postgres);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private AnsweredGuard Guard => new(world);

    public async ValueTask InitializeAsync()
    {
        await world.InitializeAsync();
        await Guard.AppointAsync();
    }

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Theory]
    [InlineData(DecisionKind.Override)]
    [InlineData(DecisionKind.Enforcement)]
    public async Task Who_voted_neither_overrides_nor_enforces(DecisionKind kind)
    {
        var name = kind == DecisionKind.Override ? await Guard.LeftOutAsync("cora") : await Guard.TouchedAsync(proposer: "cora");
        Assert.Contains("that they assessed", await Guard.RefusalAsync("cora", kind, name), StringComparison.Ordinal);
        var forged = await Guard.WriteAsync("cora", kind, name);
        Assert.Contains("that they assessed", Assert.IsType<SubmitOutcome.Refused>(await Guard.SubmitAsync("cora", [forged])).Reason, StringComparison.Ordinal);
        await RefusedByDatabaseAsync("decision_removal_by_another_person", "cora", forged);
        if (kind == DecisionKind.Enforcement) await Guard.SayAsync("olav", kind, name);

        await TakenWithoutEffectAsync("cora", forged, "nobody removes, overrides or enforces on an entry that they assessed");
        Assert.Equal(kind == DecisionKind.Enforcement, (await world.ReadListAsync()).Contains(name));
    }

    [Fact]
    public async Task Curator_overrides_nothing()
    {
        var name = await Guard.LeftOutAsync();
        Assert.Contains("Only release officers", await Guard.RefusalAsync("dirk", DecisionKind.Override, name), StringComparison.Ordinal);
        var forged = await Guard.WriteAsync("dirk", DecisionKind.Override, name);
        Assert.Contains("has not the role", Assert.IsType<SubmitOutcome.Refused>(await Guard.SubmitAsync("dirk", [forged])).Reason, StringComparison.Ordinal);
        await RefusedByDatabaseAsync("decision_person_holds_the_role", "dirk", forged);

        await TakenWithoutEffectAsync("dirk", forged, "the person has not the role for this decision");
        Assert.False((await world.ReadListAsync()).Contains(name));
    }

    [Theory]
    [InlineData("public-suffix")]
    [InlineData("own")]
    [InlineData("proven")]
    [InlineData("host-only")]
    public async Task Nobody_overrides_what_is_refused_to_everyone(string rule)
    {
        var name = await Guard.LeftOutAsync();
        Assert.Contains("Nobody can override this rule", await Guard.RefusalAsync("elise", DecisionKind.Override, name, rules: rule), StringComparison.Ordinal);
        var forged = await Guard.WriteAsync("elise", DecisionKind.Override, name, rule);
        Assert.Contains("Nobody can override this rule", Assert.IsType<SubmitOutcome.Refused>(await Guard.SubmitAsync("elise", [forged])).Reason, StringComparison.Ordinal);
        await RefusedByDatabaseAsync("decision_overrides_what_can_be", "elise", forged);

        await world.Database.ExecuteAsync("alter table curation.decision drop constraint decision_overrides_what_can_be");
        await TakenWithoutEffectAsync("elise", forged, "nobody can override this rule");
        Assert.False((await world.ReadListAsync()).Contains(name));
    }

    [Fact]
    public async Task Name_that_became_proven_leaves_although_a_critical_row_was_overridden()
    {
        var name = await Guard.LeftOutAsync();
        await Guard.ProtectAsync(name, RegisterSource.Proven);
        Assert.IsType<SubmitOutcome.Accepted>(await Guard.SayAsync("elise", DecisionKind.Override, name));

        Assert.False(await world.IsPublishedAsync(name));
        Assert.Equal("proven left-out", await world.FindingsOfAsync(name));
    }

    [Fact]
    public async Task Vote_after_the_own_override_counts_nowhere()
    {
        var name = world.NewName();
        await Guard.ProtectAsync(name, RegisterSource.Critical);
        await Guard.FoundAsync(name);
        await world.PublishAsync();
        // Written before the override, and carried on after it.
        var vote = Assert.Single(await world.Curation.GetRequiredService<PrepareDecisions>().ForReviewAsync(AnsweredGuard.List, [name], Verdict.NotMet, null, world.CredentialOf("cora"), Ct));
        var answer = Assert.Single(await Guard.PrepareAsync("cora", DecisionKind.Override, name));
        Assert.IsType<SubmitOutcome.Accepted>(await Guard.SubmitAsync("cora", [answer]));
        var next = vote.Statement with { Sequence = answer.Statement.Sequence + 1, Previous = Format.Hashes.Sha256(answer.Bytes) };
        var forged = new PreparedDecision(next, next.ToCanonicalBytes(), null);
        Assert.Contains("a colleague has to assess it", Assert.IsType<SubmitOutcome.Refused>(await Guard.SubmitAsync("cora", [forged])).Reason, StringComparison.Ordinal);
        await RefusedByDatabaseAsync("decision_assessed_by_another_person", "cora", forged);

        await TakenWithoutEffectAsync("cora", forged, "nobody assesses an entry that they overrode the register for");
        Assert.True((await world.ReadListAsync()).Contains(name));
    }

    [Theory]
    [InlineData("decision_removal_by_another_person", "release officer")]
    [InlineData("decision_assessed_by_another_person", "a colleague has to assess it")]
    [InlineData("decision_overrides_what_can_be", "Nobody can override this rule")]
    public void Rules_of_the_database_have_their_sentence(string constraint, string sentence)
    {
        var problem = new PostgresException("x", "ERROR", "ERROR", PostgresErrorCodes.CheckViolation, constraintName: constraint);
        Assert.Contains(sentence, Assert.IsType<SubmitOutcome.Refused>(DecisionRefusals.Of(problem)).Reason, StringComparison.Ordinal);
    }

    private async Task RefusedByDatabaseAsync(string constraint, string person, PreparedDecision forged) =>
        Assert.Equal(constraint, (await Assert.ThrowsAsync<PostgresException>(() => Guard.InsertAsync(person, forged))).ConstraintName);

    /// <summary>The tables' rules are gone: those of the ledger are left.</summary>
    private async Task TakenWithoutEffectAsync(string person, PreparedDecision forged, string reason)
    {
        await world.Database.ExecuteAsync(Rightful);
        await Guard.InsertAsync(person, forged);
        await world.PublishAsync();
        Assert.Equal(reason, await Guard.LedgerReasonAsync(forged.Statement.Id));
    }
}
