using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Names.Register;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>An entry that was published before a rule of the never-block guard came leaves the list when two release officers say so, and not before.</summary>
public sealed class EnforcementTests(PublishingWorld world) : IClassFixture<PublishingWorld>, IAsyncLifetime
{
    private readonly AnsweredGuard guard = new(world);

    public async ValueTask InitializeAsync() => await guard.AppointAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("critical")]
    [InlineData("hand")]
    [InlineData("proven")]
    public async Task Touched_entry_stays_with_one_enforcement_and_leaves_with_the_second_persons(string rule)
    {
        _ = SourceText.TryParse(rule, out var source);
        var name = await guard.TouchedAsync(source);
        Assert.Equal($"{rule} touched", await world.FindingsOfAsync(name));

        Assert.IsType<SubmitOutcome.Accepted>(await guard.SayAsync("olav", DecisionKind.Enforcement, name, rule));
        Assert.True(await world.IsPublishedAsync(name));
        Assert.Equal($"{rule} touched", await world.FindingsOfAsync(name));

        Assert.IsType<SubmitOutcome.Accepted>(await guard.SayAsync("elise", DecisionKind.Enforcement, name, rule));
        Assert.False(await world.IsPublishedAsync(name));
        Assert.Equal($"{rule} left-out", await world.FindingsOfAsync(name));
        Assert.Equal("guarded", await world.Database.ScalarAsync<string>("select removed_because from publishing.stretch where line = $1 and removed_serial is not null", name));

        await world.DecideAsync("olav", DecisionKind.Removal, name);
        await world.PublishAsync();
        Assert.Equal("", await world.FindingsOfAsync(name));
    }

    [Fact]
    public async Task Same_person_twice_is_one_person_whatever_stands_in_the_tables()
    {
        var name = await guard.TouchedAsync();
        Assert.IsType<SubmitOutcome.Accepted>(await guard.SayAsync("olav", DecisionKind.Enforcement, name));

        Assert.Contains("You asked for this already", await guard.RefusalAsync("olav", DecisionKind.Enforcement, name), StringComparison.Ordinal);
        var again = await guard.WriteAsync("olav", DecisionKind.Enforcement, name);
        Assert.Contains("You asked for this already", Assert.IsType<SubmitOutcome.Refused>(await guard.SubmitAsync("olav", [again])).Reason, StringComparison.Ordinal);
        await guard.InsertAsync("olav", again);
        Assert.True(await world.IsPublishedAsync(name));
        Assert.Equal("critical touched", await world.FindingsOfAsync(name));
    }

    [Fact]
    public async Task Graver_rule_that_comes_later_hides_none_that_was_enforced()
    {
        var name = await guard.TouchedAsync();
        await guard.SayAsync("olav", DecisionKind.Enforcement, name);
        await guard.SayAsync("elise", DecisionKind.Enforcement, name);
        await guard.ProtectAsync(name, RegisterSource.Proven);

        Assert.False(await world.IsPublishedAsync(name));
        Assert.Equal("critical left-out, proven left-out", await world.FindingsOfAsync(name));
    }

    /// <summary>An override answers those who wanted the rule to hold: one further person does not undo it.</summary>
    [Fact]
    public async Task Override_after_two_enforcements_is_undone_by_two_again_and_not_by_one()
    {
        var name = await guard.TouchedAsync();
        await guard.SayAsync("olav", DecisionKind.Enforcement, name);
        await guard.SayAsync("elise", DecisionKind.Enforcement, name);
        Assert.False(await world.IsPublishedAsync(name));

        Assert.IsType<SubmitOutcome.Accepted>(await guard.SayAsync("pieter", DecisionKind.Override, name));
        Assert.True(await world.IsPublishedAsync(name));

        await guard.InsertAsync("olav", await guard.WriteAsync("olav", DecisionKind.Enforcement, name));
        Assert.True(await world.IsPublishedAsync(name));
    }

    [Fact]
    public async Task Two_people_who_mean_different_rules_are_not_two_of_one()
    {
        var name = await guard.TouchedAsync();
        await guard.ProtectAsync(name, RegisterSource.Hand);
        await world.PublishAsync();
        Assert.Equal("critical touched, hand touched", await world.FindingsOfAsync(name));
        await guard.SayAsync("olav", DecisionKind.Enforcement, name, "critical");
        await guard.SayAsync("elise", DecisionKind.Enforcement, name, "hand");

        Assert.True(await world.IsPublishedAsync(name));
        await guard.SayAsync("elise", DecisionKind.Enforcement, name, "critical");
        Assert.False(await world.IsPublishedAsync(name));
    }

    [Fact]
    public async Task Enforcement_that_cannot_be_is_refused_before_anyone_signs()
    {
        var (touched, leftOut) = (await guard.TouchedAsync(), await guard.LeftOutAsync());

        Assert.Contains("Only release officers", await guard.RefusalAsync("dirk", DecisionKind.Enforcement, touched), StringComparison.Ordinal);
        Assert.Contains("Give the reason", await guard.RefusalAsync("elise", DecisionKind.Enforcement, touched, null), StringComparison.Ordinal);
        Assert.Contains("nothing of this kind", await guard.RefusalAsync("elise", DecisionKind.Enforcement, touched, rules: "own"), StringComparison.Ordinal);
        Assert.Contains("nothing to enforce", await guard.RefusalAsync("elise", DecisionKind.Enforcement, leftOut), StringComparison.Ordinal);
        await guard.SayAsync("olav", DecisionKind.Enforcement, touched);
        await guard.SayAsync("elise", DecisionKind.Enforcement, touched);
        Assert.Contains("Two release officers have enforced this already", await guard.RefusalAsync("cora", DecisionKind.Enforcement, touched), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Touched_entry_that_is_overridden_is_touched_no_more()
    {
        var name = await guard.TouchedAsync();
        await guard.SayAsync("olav", DecisionKind.Enforcement, name);
        Assert.IsType<SubmitOutcome.Accepted>(await guard.SayAsync("elise", DecisionKind.Override, name));

        Assert.True(await world.IsPublishedAsync(name));
        Assert.Equal("", await world.FindingsOfAsync(name));
    }
}
