using BlockList.Format.Statements;
using BlockList.Server.Curation;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Leases and the clock of a re-review: what time alone does to an entry. The database keeps the machine's time and refuses
/// sightings after it, and no clock goes back: each test has a world of its own.</summary>
public sealed class LeaseTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly PublishingWorld world = new(postgres);

    public ValueTask InitializeAsync() => world.InitializeAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Entry_lapses_with_its_lease_and_a_late_sighting_does_not_bring_it_back()
    {
        await world.KeepListedAsync();
        var name = world.NewName();
        var start = world.Now;
        await world.ProposeAsync("anna", name, sightedAt: start.AddDays(-80));
        await world.ReviewAsync("bram", name);
        Assert.True(await world.IsPublishedAsync(name));

        world.MoveClockTo(start.AddDays(-80).AddMonths(3));
        Assert.False(await world.IsPublishedAsync(name));
        // The material was seen again before, but it is received after the lapse: only a new episode helps.
        Assert.IsType<SubmitOutcome.Refused>(await world.DecideAsync("bram", DecisionKind.Sighting, name, start.AddDays(-1)));
        Assert.False(await world.IsPublishedAsync(name));
        Assert.IsType<SubmitOutcome.Accepted>(await world.ProposeAsync("bram", name, sightedAt: start.AddDays(-1)));
        Assert.False(await world.IsPublishedAsync(name));
        await world.ReviewAsync("anna", name);
        Assert.True(await world.IsPublishedAsync(name));
    }

    [Fact]
    public async Task Sighting_before_the_lapse_lengthens_the_lease()
    {
        await world.KeepListedAsync();
        var name = world.NewName();
        var start = world.Now;
        await world.ProposeAsync("anna", name, sightedAt: start.AddDays(-30));
        await world.ReviewAsync("bram", name);
        Assert.IsType<SubmitOutcome.Accepted>(await world.DecideAsync("anna", DecisionKind.Sighting, name, start.AddHours(-1).ToUniversalTime()));
        Assert.True(await world.IsPublishedAsync(name));
        world.MoveClockTo(start.AddDays(-30).AddMonths(3).AddDays(1));
        Assert.True(await world.IsPublishedAsync(name));
        world.MoveClockTo(start.AddHours(-1).AddMonths(3));
        Assert.False(await world.IsPublishedAsync(name));
    }

    [Fact]
    public async Task Dissent_after_publication_suspends_after_24_hours_until_a_further_agency_decides()
    {
        await world.KeepListedAsync();
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        await world.ReviewAsync("bram", name);
        Assert.True(await world.IsPublishedAsync(name));
        await world.ReviewAsync("cora", name, Verdict.NotMet);
        Assert.True(await world.IsPublishedAsync(name));
        var heard = world.Now;
        world.MoveClockTo(heard.AddHours(24).AddSeconds(1));
        Assert.False(await world.IsPublishedAsync(name));
        await world.ReviewAsync("elise", name);
        Assert.True(await world.IsPublishedAsync(name));
    }
}
