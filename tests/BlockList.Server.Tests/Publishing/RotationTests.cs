using BlockList.Format.Tuf;
using BlockList.Server.Data;
using BlockList.Server.Publishing;
using BlockList.Server.Signing;
using BlockList.Tools.Deployments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>What a client that follows the served files finds when a root changes, or a file is not what it should be.</summary>
public sealed class RotationTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly PublishingWorld world = new(postgres);

    public ValueTask InitializeAsync() => world.InitializeAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RoleName.Timestamp)]
    [InlineData(RoleName.Snapshot)]
    [InlineData(RoleName.Targets)]
    public async Task New_root_signs_what_is_published_anew_without_waiting_for_a_slot(string role)
    {
        await world.PublishAsync();
        await RotateAsync(role);
        var list = await world.ReadListAsync();
        // No slot is due, and nothing has grown old.
        await world.Publisher.GetRequiredService<SweepSchedule>().RunAsync(Ct);
        var client = await FollowAsync();
        Assert.Equal(2, client.Root.Version);
        Assert.True(client.Targets!.Files[CurrentState.ListPath].Matches(list.ToBytes()));
    }

    [Fact]
    public async Task Running_publisher_signs_with_the_keys_of_a_new_root()
    {
        var name = world.NewName();
        await world.PublishAsync();
        await RotateAsync(RoleName.Targets);
        await world.ProposeAsync("anna", name);
        await world.ReviewAsync("bram", name);
        Assert.True(await world.IsPublishedAsync(name));
        Assert.Equal(2, (await FollowAsync()).Root.Version);
    }

    [Fact]
    public async Task Metadata_that_is_stored_already_with_other_bytes_is_never_exposed()
    {
        await world.PublishAsync();
        await world.Database.ExecuteAsync("insert into publishing.file (list, path, sha256, content) values ($1, 'tuf/2.targets.json', 'of another', 'x')", DevelopmentKeys.WorstOf);
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        await world.ReviewAsync("bram", name);
        await Assert.ThrowsAsync<SigningException>(() => world.PublishAsync());
        Assert.Equal(1, (await FollowAsync()).Targets!.Version);
    }

    /// <summary>The ceremony and the command run elsewhere than the publisher.</summary>
    private async Task RotateAsync(string role)
    {
        world.Keys.ReplaceOnlineKey(DevelopmentKeys.WorstOf, role);
        world.Keys.SignRoot(DevelopmentKeys.WorstOf, 2);
        await using var command = world.NewPublisher();
        await command.GetRequiredService<TakeRoot>().RunAsync(await File.ReadAllBytesAsync(world.Keys.RootFile(DevelopmentKeys.WorstOf, 2), Ct), Ct);
    }

    /// <summary>A client that has trusted root 1 only.</summary>
    private async Task<TrustedMetadata> FollowAsync()
    {
        await using var db = await world.Publisher.GetRequiredService<IDbContextFactory<BlockListDb>>().CreateDbContextAsync(Ct);
        var client = new TrustedMetadata(await FileAsync("1.root"), world.Now);
        for (var next = 2; await db.PublishedFiles.AnyAsync(f => f.List == DevelopmentKeys.WorstOf && f.Path == $"tuf/{next}.root.json", Ct); next++)
            client.UpdateRoot(await FileAsync($"{next}.root"));
        client.UpdateTimestamp(await db.Heads.Where(h => h.List == DevelopmentKeys.WorstOf).Select(h => h.TimestampContent).SingleAsync(Ct));
        client.UpdateSnapshot(await FileAsync($"{client.Timestamp!.Snapshot.Version}.snapshot"));
        client.UpdateTargets(await FileAsync($"{client.Snapshot!.Targets.Version}.targets"));
        return client;

        Task<byte[]> FileAsync(string name) => CurrentState.FileAsync(db, DevelopmentKeys.WorstOf, $"tuf/{name}.json", Ct);
    }
}
