using BlockList.Server.Publishing;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Metadata stays young while nothing changes, and a client that trusts only what it had follows every signing.</summary>
public sealed class RenewalTests : IClassFixture<PublishingWorld>
{
    private const string List = DevelopmentKeys.WorstOf;
    private readonly PublishingWorld world;

    public RenewalTests(PublishingWorld world)
    {
        this.world = world;
        world.Clock.Offset = TimeSpan.Zero;
    }

    [Fact]
    public async Task Timestamp_is_signed_anew_after_six_hours_and_the_snapshot_after_a_day()
    {
        await world.PublishAsync();
        var first = await world.ReadHeadAsync();
        var start = first.TimestampSignedAt;
        Assert.False(await RenewAsync());

        world.MoveClockTo(start.AddHours(6));
        Assert.True(await RenewAsync());
        var second = await world.ReadHeadAsync();
        Assert.Equal((first.TimestampVersion + 1, first.SnapshotVersion, first.TargetsVersion), (second.TimestampVersion, second.SnapshotVersion, second.TargetsVersion));
        await world.VerifyAsClientAsync();

        world.MoveClockTo(start.AddHours(25));
        Assert.True(await RenewAsync());
        var third = await world.ReadHeadAsync();
        Assert.Equal((second.TimestampVersion + 1, second.SnapshotVersion + 1, second.TargetsVersion), (third.TimestampVersion, third.SnapshotVersion, third.TargetsVersion));
        await world.VerifyAsClientAsync();
    }

    [Fact]
    public async Task Evaluation_is_signed_anew_when_nothing_changed_for_days_and_the_list_version_stays()
    {
        await world.PublishAsync();
        var before = await world.ReadHeadAsync();
        var factsBefore = await world.VerifyAsClientAsync();
        world.MoveClockTo(before.TargetsSignedAt.AddDays(3));
        Assert.IsType<PublishOutcome.Unchanged>(await world.PublishAsync());
        var after = await world.ReadHeadAsync();
        var facts = await world.VerifyAsClientAsync();
        Assert.Equal((before.Serial, before.TargetsVersion + 1), (after.Serial, after.TargetsVersion));
        Assert.Equal(factsBefore.Version, facts.Version);
        Assert.True(facts.EvaluatedAt > factsBefore.EvaluatedAt);
        Assert.Equal(factsBefore.PublishedAt, facts.PublishedAt);
    }

    private Task<bool> RenewAsync() => world.Publisher.GetRequiredService<RenewMetadata>().RunAsync(List, TestContext.Current.CancellationToken);
}
