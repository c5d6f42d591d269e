using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests;

/// <summary>A disk that is full, or that went read-only: what is in force stays, and when there is room again the next run goes on.</summary>
public sealed class DiskTroubleTests
{
    [Theory]
    [InlineData(0, 4)]
    [InlineData(5, 9)]
    [InlineData(10, 20)]
    public async Task A_disk_that_fills_up_at_any_write_loses_nothing(int from, int to)
    {
        await using var world = await StartedAsync();
        using var disk = SmallDisk.Over(world.Provider.State);
        var failed = 0;
        for (var blocks = from; blocks <= to; blocks++)
        {
            var (before, version) = (world.ZoneText, world.Repository.Version.Value);
            world.Repository.Publish("stays.example", $"new-{blocks}.example");
            disk.Fill(blocks);

            var run = await world.ApplyAsync();

            if (run.Code != (int)ExitCode.Done)
            {
                run.Ended(ExitCode.ApplyFailed).Says("Check free space");
                failed++;
            }
            Assert.True(world.ZoneText == before || world.ZoneText.Contains($" {version + 1} 3600", StringComparison.Ordinal), "the zone is neither the old nor the new one");
            Assert.True(await world.Unbound.BlocksAsync("stays.example"));

            disk.Free();
            (await world.ApplyAsync()).Ended(ExitCode.Done);
            Assert.True(await world.Unbound.BlocksAsync($"new-{blocks}.example"));
        }
        if (from == 0) Assert.True(failed > 0, "the disk was never full");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Without_room_for_the_zone_the_one_in_force_stays(int blocks)
    {
        await using var world = await StartedAsync();
        using var disk = SmallDisk.Over(world.Provider.Zones);
        var before = world.ZoneText;
        world.Repository.Publish([.. Enforcing.VersionChain.Names(0, 45), .. Enforcing.VersionChain.Names(1000, 5).Select(n => new string('x', 60) + '.' + n), "stays.example"]);
        disk.Fill(blocks);

        (await world.ApplyAsync()).Ended(ExitCode.ApplyFailed).Says("Check free space");

        Assert.Equal(before, world.ZoneText);
        disk.Free();
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("version 2 is in force");
        Assert.True(await world.Unbound.BlocksAsync("name-00000.example"));
        // Unbound has its zone open in no way that would keep the disk from being taken away.
        await world.Unbound.StopAsync();
    }

    [Fact]
    public async Task A_read_only_disk_is_named_and_changes_nothing()
    {
        await using var world = await StartedAsync();
        using var disk = SmallDisk.Over(world.Provider.State);
        world.Repository.Publish("new.example");
        disk.MakeReadOnly(true);

        var run = (await world.ApplyAsync()).Ended(ExitCode.ApplyFailed).Says("Read-only file system");

        Assert.DoesNotContain("another agent", run.Progress, StringComparison.OrdinalIgnoreCase);
        Assert.True(await world.Unbound.BlocksAsync("stays.example"));
        (await world.Provider.RunAsync("status")).Ended(ExitCode.Done).Says("version 1, 1 entries");

        disk.MakeReadOnly(false);
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("version 2 is in force");
    }

    private static async Task<EnforcingWorld> StartedAsync()
    {
        var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("stays.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        return world;
    }
}
