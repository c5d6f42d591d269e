using BlockList.Agent.Tests.Fixtures;
using BlockList.Format;
using BlockList.Format.Tuf;

namespace BlockList.Agent.Tests;

public sealed class RootRotationTests
{
    [Fact]
    public async Task New_roots_are_followed_one_by_one_until_there_is_none()
    {
        await using var world = await StartedAsync();
        for (var i = 0; i < 3; i++)
        {
            var old = world.Repository.RootKeys;
            world.Repository.RootKeys = [old[1], old[2], new()];
            world.Repository.SignRoot(old.Union(world.Repository.RootKeys));
        }
        world.Repository.Publish("one.example", "two.example");

        (await world.FetchAsync()).Ended(ExitCode.Done);

        Assert.Equal(world.Repository.Root, await File.ReadAllBytesAsync(world.Provider.StateOf().Root, TestContext.Current.CancellationToken));
        Assert.Equal(2, world.Provider.Held()!.Count);
    }

    [Fact]
    public async Task An_old_root_past_its_date_still_leads_to_the_newest()
    {
        await using var world = await StartedAsync();
        world.Repository.Lifetimes[RoleName.Root] = TimeSpan.FromMinutes(-1);
        world.Repository.SignRoot(world.Repository.RootKeys);
        world.Repository.Lifetimes[RoleName.Root] = TimeSpan.FromDays(365);
        world.Repository.SignRoot(world.Repository.RootKeys);
        world.Repository.Sign();

        (await world.FetchAsync()).Ended(ExitCode.Done);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_root_that_replaces_stolen_keys_recovers_from_versions_run_far_ahead(bool onlySnapshotKeyIsReplaced)
    {
        await using var world = await StartedAsync();
        var honest = (world.Repository.TargetsVersion, world.Repository.SnapshotVersion, world.Repository.TimestampVersion);
        // The thief of the online keys signs numbers that nobody will ever reach.
        world.Repository.TimestampVersion = world.Repository.SnapshotVersion = 1_000_000;
        if (!onlySnapshotKeyIsReplaced)
        {
            world.Repository.TargetsVersion = 1_000_000;
            world.Repository.Publish(Serial.Create(1_000_000), "one.example");
        }
        else
        {
            world.Repository.Sign();
        }
        (await world.FetchAsync()).Ended(ExitCode.Done);

        world.Repository.SnapshotKey = new();
        if (!onlySnapshotKeyIsReplaced) (world.Repository.TargetsKeys, world.Repository.TimestampKey) = ([new()], new());
        world.Repository.SignRoot(world.Repository.RootKeys);
        (world.Repository.TargetsVersion, world.Repository.SnapshotVersion, world.Repository.TimestampVersion) = honest;
        if (onlySnapshotKeyIsReplaced) world.Repository.TargetsVersion++;
        world.Repository.Publish(Serial.Create(2), "one.example", "two.example");

        (await world.FetchAsync()).Ended(ExitCode.Done);

        Assert.Equal(Serial.Create(2), world.Provider.HeldVersion());
        Assert.Equal(["one.example", "two.example"], world.Provider.Held()!.Lines);
    }

    [Fact]
    public async Task A_root_that_only_adds_a_key_does_not_open_the_way_back()
    {
        await using var world = await StartedAsync();
        world.Repository.Publish("one.example", "two.example");
        (await world.FetchAsync()).Ended(ExitCode.Done);

        world.Repository.TargetsKeys = [.. world.Repository.TargetsKeys, new()];
        world.Repository.SignRoot(world.Repository.RootKeys);
        world.Repository.Publish(Serial.First, "one.example");

        (await world.FetchAsync()).Ended(ExitCode.Refused).Says("version 1 of the list was offered, but version 2 is already known");
        Assert.Equal(2, world.Provider.Held()!.Count);
    }

    [Fact]
    public async Task A_new_timestamp_key_does_not_open_the_way_back_for_the_list()
    {
        await using var world = await StartedAsync();
        world.Repository.Publish("one.example", "two.example");
        (await world.FetchAsync()).Ended(ExitCode.Done);

        world.Repository.TimestampKey = new();
        world.Repository.SignRoot(world.Repository.RootKeys);
        world.Repository.Publish(Serial.First, "one.example");

        (await world.FetchAsync()).Ended(ExitCode.Refused).Says("TAMPER ALARM");
    }

    private static async Task<TestWorld> StartedAsync()
    {
        var world = await TestWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.FetchAsync()).Ended(ExitCode.Done);
        return world;
    }
}
