using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Names.Register;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>A release officer who did not vote lets an entry be listed although the never-block register speaks against it; a second pair
/// of eyes, in writing, for each source.</summary>
public sealed class OverrideTests(PublishingWorld world) : IClassFixture<PublishingWorld>, IAsyncLifetime
{
    private readonly AnsweredGuard guard = new(world);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await guard.AppointAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Override_by_a_release_officer_of_another_agency_publishes_the_entry_at_the_next_run()
    {
        var name = await guard.LeftOutAsync();
        Assert.Equal("critical left-out", await world.FindingsOfAsync(name));

        var prepared = await guard.PrepareAsync("elise", DecisionKind.Override, name);
        Assert.IsType<SubmitOutcome.Accepted>(await guard.SubmitAsync("elise", prepared));

        Assert.False((await world.ReadListAsync()).Contains(name));
        Assert.True(await world.IsPublishedAsync(name));
        Assert.Equal("", await world.FindingsOfAsync(name));
    }

    [Fact]
    public async Task Statement_holds_the_rule_and_the_hash_of_the_reason_and_the_audit_log_has_its_row()
    {
        var name = await guard.LeftOutAsync();
        var prepared = Assert.Single(await guard.PrepareAsync("elise", DecisionKind.Override, name));
        Assert.IsType<SubmitOutcome.Accepted>(await guard.SubmitAsync("elise", [prepared]));

        var stored = DecisionStatement.Parse((await world.Database.ScalarAsync<byte[]>("select statement from curation.decision where id = $1", prepared.Statement.Id))!);
        Assert.Equal((DecisionKind.Override, "critical", "elise", "fr-police"), (stored.Kind, stored.Rule, stored.Person, stored.Agency));
        Assert.Equal(Annotation.Of(null, null, AnsweredGuard.Reason)!.NoteSha256!.Length, stored.NoteSha256!.Length);
        Assert.Equal(stored.NoteSha256, prepared.Annotation!.NoteSha256);
        Assert.Equal(AnsweredGuard.Reason, await world.Database.ScalarAsync<string>("select note from curation.annotation where decision_id = $1 and salt = $2", stored.Id, prepared.Annotation.Salt));
        Assert.Equal("override", await world.Database.ScalarAsync<string>("select detail ->> 'kinds' from oversight.audit where action = 'decision.submit' and actor = 'elise' and detail ->> 'first' = $1", stored.Id.ToString()));
    }

    [Fact]
    public async Task Every_source_that_speaks_against_it_needs_an_override_of_its_own()
    {
        var name = await guard.LeftOutAsync("anna", RegisterSource.Critical, RegisterSource.Hand);
        Assert.Equal("critical left-out, hand left-out", await world.FindingsOfAsync(name));
        await guard.SayAsync("elise", DecisionKind.Override, name, "critical");
        Assert.False(await world.IsPublishedAsync(name));
        Assert.Equal("hand left-out", await world.FindingsOfAsync(name));
        await guard.SayAsync("olav", DecisionKind.Override, name, "hand");
        Assert.True(await world.IsPublishedAsync(name));

        // Both at once, under one signature.
        var other = await guard.LeftOutAsync("anna", RegisterSource.Critical, RegisterSource.Hand);
        Assert.Equal(2, Assert.IsType<SubmitOutcome.Accepted>(await guard.SayAsync("elise", DecisionKind.Override, other, "critical", "hand")).Decisions);
        Assert.True(await world.IsPublishedAsync(other));
    }

    [Fact]
    public async Task Most_visited_site_is_listed_only_when_a_release_officer_overrides_it()
    {
        var name = world.NewName();
        Assert.IsType<RegisterOutcome.Done>(await world.ImportSitesAsync("olav", name));
        await guard.FoundAsync(name);
        Assert.False(await world.IsPublishedAsync(name));
        Assert.Equal("top-sites left-out", await world.FindingsOfAsync(name));

        await guard.SayAsync("olav", DecisionKind.Override, name, "top-sites");
        Assert.True(await world.IsPublishedAsync(name));
    }

    [Fact]
    public async Task Override_that_cannot_be_is_refused_before_anyone_signs()
    {
        var name = await guard.LeftOutAsync();
        var clear = world.NewName();
        await guard.FoundAsync(clear);

        Assert.Contains("Only release officers", await guard.RefusalAsync("dirk", DecisionKind.Override, name), StringComparison.Ordinal);
        Assert.Contains("Only release officers", await guard.RefusalAsync("anna", DecisionKind.Override, name), StringComparison.Ordinal);
        Assert.Contains("Give the reason", await guard.RefusalAsync("elise", DecisionKind.Override, name, "  "), StringComparison.Ordinal);
        Assert.Contains("nothing of this kind", await guard.RefusalAsync("elise", DecisionKind.Override, name, rules: "hand"), StringComparison.Ordinal);
        Assert.Contains("nothing of this kind", await guard.RefusalAsync("elise", DecisionKind.Override, clear), StringComparison.Ordinal);
        Assert.Contains("no open entry", await guard.RefusalAsync("elise", DecisionKind.Override, world.NewName()), StringComparison.Ordinal);
        foreach (var rule in new[] { "public-suffix", "own", "proven", "host-only", "no-such-rule" })
            Assert.Contains("Nobody can override this rule", await guard.RefusalAsync("elise", DecisionKind.Override, name, rules: rule), StringComparison.Ordinal);

        Assert.IsType<SubmitOutcome.Accepted>(await guard.SayAsync("elise", DecisionKind.Override, name));
        Assert.Contains("overrode this already", await guard.RefusalAsync("olav", DecisionKind.Override, name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Person_with_a_conflict_of_interest_answers_nothing()
    {
        var name = await guard.LeftOutAsync();
        await world.Database.ExecuteAsync("insert into curation.conflict (person, subject_id) select 'elise', subject_id from curation.episode where name = $1", name);

        Assert.Contains("conflict of interest", await guard.RefusalAsync("elise", DecisionKind.Override, name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_who_override_at_once_leave_one_override()
    {
        var name = await guard.LeftOutAsync();
        var (hers, his) = (await guard.PrepareAsync("elise", DecisionKind.Override, name), await guard.PrepareAsync("olav", DecisionKind.Override, name));

        var outcomes = await Task.WhenAll(guard.SubmitAsync("elise", hers), guard.SubmitAsync("olav", his));

        Assert.Single(outcomes.OfType<SubmitOutcome.Accepted>());
        Assert.Contains("overrode this already", Assert.Single(outcomes.OfType<SubmitOutcome.Refused>()).Reason, StringComparison.Ordinal);
        Assert.Equal(1L, await world.Database.ScalarAsync<long>("select count(*) from curation.decision where name = $1 and kind = 'override'", name));
    }

    [Fact]
    public async Task Whoever_overrode_does_not_assess_the_entry_after_it()
    {
        var name = await guard.LeftOutAsync();
        Assert.IsType<SubmitOutcome.Accepted>(await guard.SayAsync("cora", DecisionKind.Override, name));

        var desk = new Tests.Curation.Desk(world);
        var refused = await Assert.ThrowsAsync<CurationException>(() => desk.AssessAsync("cora", name));
        Assert.Contains("a colleague has to assess it", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await world.Curation.GetRequiredService<PrepareDecisions>().ForReviewAsync(AnsweredGuard.List, [name], Verdict.Met, null, world.CredentialOf("cora"), Ct));
        Assert.True(await world.IsPublishedAsync(name));
    }

    [Fact]
    public async Task Override_ends_with_its_episode()
    {
        var name = await guard.LeftOutAsync();
        await guard.SayAsync("elise", DecisionKind.Override, name);
        Assert.True(await world.IsPublishedAsync(name));
        await world.DecideAsync("olav", DecisionKind.Removal, name);
        Assert.False(await world.IsPublishedAsync(name));

        await guard.FoundAsync(name);
        Assert.False(await world.IsPublishedAsync(name));
        Assert.Equal("critical left-out", await world.FindingsOfAsync(name));
    }
}
