using BlockList.Format.Tuf;
using BlockList.Server.Data;
using BlockList.Server.Publishing;
using BlockList.Tools.Deployments;
using Microsoft.EntityFrameworkCore;
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
        var first = await HeadAsync();
        var start = first.TimestampSignedAt;
        Assert.False(await RenewAsync());

        world.MoveClockTo(start.AddHours(6));
        Assert.True(await RenewAsync());
        var second = await HeadAsync();
        Assert.Equal((first.TimestampVersion + 1, first.SnapshotVersion, first.TargetsVersion), (second.TimestampVersion, second.SnapshotVersion, second.TargetsVersion));
        await VerifyAsClientAsync();

        world.MoveClockTo(start.AddHours(25));
        Assert.True(await RenewAsync());
        var third = await HeadAsync();
        Assert.Equal((second.TimestampVersion + 1, second.SnapshotVersion + 1, second.TargetsVersion), (third.TimestampVersion, third.SnapshotVersion, third.TargetsVersion));
        await VerifyAsClientAsync();
    }

    [Fact]
    public async Task Evaluation_is_signed_anew_when_nothing_changed_for_days_and_the_list_version_stays()
    {
        await world.PublishAsync();
        var before = await HeadAsync();
        var factsBefore = await VerifyAsClientAsync();
        world.MoveClockTo(before.TargetsSignedAt.AddDays(3));
        Assert.IsType<PublishOutcome.Unchanged>(await world.PublishAsync());
        var after = await HeadAsync();
        var facts = await VerifyAsClientAsync();
        Assert.Equal((before.Serial, before.TargetsVersion + 1), (after.Serial, after.TargetsVersion));
        Assert.Equal(factsBefore.Version, facts.Version);
        Assert.True(facts.EvaluatedAt > factsBefore.EvaluatedAt);
        Assert.Equal(factsBefore.PublishedAt, facts.PublishedAt);
    }

    [Fact]
    public async Task Replaced_online_key_is_taken_by_a_root_and_clients_follow()
    {
        await world.PublishAsync();
        world.Keys.ReplaceOnlineKey(List, RoleName.Timestamp);
        await using var publisher = world.NewPublisher();
        world.MoveClockTo((await HeadAsync()).TargetsSignedAt.AddDays(3));
        // Under the old root nothing can be signed with the new key.
        await Assert.ThrowsAsync<Server.Signing.SigningException>(() => PublishAsync(publisher));
        world.Keys.SignRoot(List, 2);
        await publisher.GetRequiredService<TakeRoot>().RunAsync(await File.ReadAllBytesAsync(world.Keys.RootFile(List, 2), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        await PublishAsync(publisher);
        await VerifyAsClientAsync();

        static Task<PublishOutcome> PublishAsync(ServiceProvider publisher) => publisher.GetRequiredService<PublishVersion>().RunAsync(List, null, TestContext.Current.CancellationToken);
    }

    private Task<bool> RenewAsync() => world.Publisher.GetRequiredService<RenewMetadata>().RunAsync(List, TestContext.Current.CancellationToken);

    private async Task<ListHead> HeadAsync()
    {
        await using var db = await ContextAsync();
        return await db.Heads.AsNoTracking().SingleAsync(h => h.List == List, TestContext.Current.CancellationToken);
    }

    /// <summary>From root 1, through every later root, to the list: at the world's present time.</summary>
    private async Task<ListFacts> VerifyAsClientAsync()
    {
        await using var db = await ContextAsync();
        var head = await HeadAsync();
        var client = new TrustedMetadata(await FileAsync("tuf/1.root.json"), world.Now);
        for (var version = 2; version <= head.RootVersion; version++) client.UpdateRoot(await FileAsync($"tuf/{version}.root.json"));
        client.UpdateTimestamp(head.TimestampContent);
        client.UpdateSnapshot(await FileAsync($"tuf/{client.Timestamp!.Snapshot.Version}.snapshot.json"));
        client.UpdateTargets(await FileAsync($"tuf/{client.Snapshot!.Targets.Version}.targets.json"));
        var list = client.Targets!.Files["list.txt"];
        Assert.True(list.Matches(await FileAsync("targets/" + list.LocationOf("list.txt"))));
        return ListFacts.Parse(list.Custom!.Value);

        Task<byte[]> FileAsync(string path) => CurrentState.FileAsync(db, List, path, TestContext.Current.CancellationToken);
    }

    private Task<BlockListDb> ContextAsync() => world.Publisher.GetRequiredService<IDbContextFactory<BlockListDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
}
