using BlockList.Agent.Resolvers;
using BlockList.Agent.Tests.Fixtures;
using BlockList.Format;

namespace BlockList.Agent.Tests;

/// <summary>The agent is killed while it changes local zones through Unbound's control channel. No name that both versions
/// list may be free meanwhile, after a restart of Unbound or after the next run.</summary>
public sealed class ChannelFaultPointTests
{
    private static readonly string[] Before = ["=host.two.example", .. Enumerable.Range(0, 50).Select(i => $"name-{i:D2}.example")];
    private static readonly string[] After = ["=host.three.example", .. Enumerable.Range(1, 60).Select(i => $"name-{i:D2}.example")];

    public static TheoryData<string, bool> PointsAndRestarts { get; } =
        [.. FaultPoints.ByChannel.Concat([FaultPoints.ApplyRendered, FaultPoints.ApplySwapped, FaultPoints.ApplyReloaded, FaultPoints.ApplyChecked])
            .SelectMany(point => ((bool[])[false, true]).Select(restart => new TheoryDataRow<string, bool>(point, restart)))];

    [Theory]
    [MemberData(nameof(PointsAndRestarts))]
    public async Task Killed_at_any_step_the_next_version_is_in_force_whole_and_nothing_else(string point, bool restart)
    {
        Prerequisite.DevelopmentBuild();
        await using var world = await StartAsync();
        world.Repository.Publish(After);

        Assert.Equal(AgentProcess.Killed, (await AgentProcess.RunAsync(world.Provider.Config, point, "apply")).Code);
        await CommonNamesAreBlockedAsync(world);
        if (restart) await world.Unbound.RestartAsync();
        await CommonNamesAreBlockedAsync(world);
        // The version that follows takes away what the killed run brought and it has not.
        world.Repository.Publish([.. Before.Except(["name-30.example"])]);

        (await AgentProcess.RunAsync(world.Provider.Config, null, "apply")).Ended(ExitCode.Done);

        await CommonNamesAreBlockedAsync(world);
        foreach (var blocked in (string[])["name-00.example", "host.two.example"]) Assert.True(await world.Unbound.BlocksAsync(blocked), blocked);
        foreach (var free in (string[])["name-30.example", "name-55.example", "host.three.example", "www.host.two.example"]) Assert.True(await world.Unbound.ResolvesAsync(free), free);
        Assert.Equal(["worst-of.rpz", "worst-of.rpz.local-zones", "worst-of.rpz.local-zones.previous", "worst-of.rpz.previous"],
            Directory.GetFiles(world.Provider.Zones).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_version_that_fails_its_check_is_put_back_name_by_name()
    {
        await using var world = await StartAsync();
        var before = await File.ReadAllTextAsync(LocalZonesFile.PathOf(world.Provider.ZoneFile()), TestContext.Current.CancellationToken);
        // The host entry is first, and the zone that has it is not enforced.
        world.Repository.Publish(After);
        await world.Unbound.RestartAsync("rpz-action-override: disabled");

        (await world.ApplyAsync()).Ended(ExitCode.ApplyFailed).Says("with data").Says("The version before was put back; ");

        Assert.Equal(before, await File.ReadAllTextAsync(LocalZonesFile.PathOf(world.Provider.ZoneFile()), TestContext.Current.CancellationToken));
        Assert.True(await world.Unbound.BlocksAsync("name-00.example"));
        Assert.True(await world.Unbound.ResolvesAsync("name-55.example"));
        Assert.Equal(Serial.First, world.Provider.StateOf().ReadApplied()!.List.Version);
    }

    private static async Task<EnforcingWorld> StartAsync()
    {
        var world = await EnforcingWorld.StartAsync();
        world.ChangeConfiguration("type=unbound", "type=unbound\nchannel-above=10");
        world.Repository.Publish(Before);
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        Assert.Contains("name-00.example", await File.ReadAllTextAsync(LocalZonesFile.PathOf(world.Provider.ZoneFile()), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        return world;
    }

    private static async Task CommonNamesAreBlockedAsync(EnforcingWorld world)
    {
        foreach (var name in (string[])["name-01.example", "www.name-25.example", "name-49.example"]) Assert.True(await world.Unbound.BlocksAsync(name), name);
    }
}
