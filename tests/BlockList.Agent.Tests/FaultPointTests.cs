using System.Text;
using BlockList.Agent.Tests.Fixtures;
using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Rpz;

namespace BlockList.Agent.Tests;

/// <summary>The agent is killed between any two of its steps; the next run must end as if nothing had happened, and until then
/// the zone file must be a whole old or a whole new one.</summary>
public sealed class FaultPointTests
{
    private static readonly string[] Before = [.. Enumerable.Range(0, 100).Select(i => $"name-{i:D3}.example")];
    private static readonly string[] After = [.. Before.Skip(1), "new.example"];

    public static TheoryData<string> OnTheWay { get; } = [.. FaultPoints.All.Except([FaultPoints.ApplyPutBack])];

    [Theory]
    [MemberData(nameof(OnTheWay))]
    public async Task Killed_at_any_step_the_next_run_puts_the_new_version_in_force(string point)
    {
        Prerequisite.DevelopmentBuild();
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish(Before);
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        PublishWithNewKeys(world.Repository);

        var killed = await AgentProcess.RunAsync(world.Provider.Config, point, "apply");

        Assert.True(killed.Code == AgentProcess.Killed, $"{point} was not reached: {killed}");
        var zone = world.ZoneText;
        Assert.True(zone == Rendered(Before, 1) || zone == Rendered(After, 2), "the zone file is neither the old nor the new one");
        Assert.True(await world.Unbound.BlocksAsync("name-001.example"));
        // A resolver that starts in the middle loads a whole zone.
        await world.Unbound.RestartAsync();
        Assert.True(await world.Unbound.BlocksAsync("name-001.example"));

        (await AgentProcess.RunAsync(world.Provider.Config, null, "apply")).Ended(ExitCode.Done);

        Assert.Equal(Rendered(After, 2), world.ZoneText);
        Assert.True(await world.Unbound.BlocksAsync("new.example"));
        Assert.True(await world.Unbound.ResolvesAsync("name-000.example"));
        Assert.Equal(world.Repository.Root, await File.ReadAllBytesAsync(world.Provider.StateOf().Root, TestContext.Current.CancellationToken));
        Assert.Equal(Serial.Create(2), world.Provider.StateOf().ReadMemory()!.Highest!.Version);
        Assert.Contains(2, world.Server.Receipts.Select(r => (int)r["version"]!));
        Assert.Empty(Directory.GetFiles(world.Provider.StateOf().Receipts));
        Assert.Equal(["worst-of.rpz", "worst-of.rpz.local-zones", "worst-of.rpz.local-zones.previous", "worst-of.rpz.previous"], Directory.GetFiles(world.Provider.Zones).Select(Path.GetFileName).Order());
    }

    [Theory]
    [MemberData(nameof(OnTheWay))]
    public async Task Killed_at_any_step_the_version_after_the_next_is_reached_as_well(string point)
    {
        Prerequisite.DevelopmentBuild();
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish(Before);
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        PublishWithNewKeys(world.Repository);
        Assert.Equal(AgentProcess.Killed, (await AgentProcess.RunAsync(world.Provider.Config, point, "apply")).Code);
        string[] later = [.. After, "newest.example"];
        world.Repository.Publish(later);

        (await AgentProcess.RunAsync(world.Provider.Config, null, "apply")).Ended(ExitCode.Done);

        Assert.Equal(Rendered(later, 3), world.ZoneText);
        Assert.True(await world.Unbound.ResolvesAsync("name-000.example"));
    }

    [Fact]
    public async Task Killed_while_the_version_before_is_put_back_the_next_run_puts_it_back_again()
    {
        Prerequisite.DevelopmentBuild();
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish(Before);
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        PublishWithNewKeys(world.Repository);
        await world.Unbound.RestartAsync("rpz-action-override: disabled");

        var killed = await AgentProcess.RunAsync(world.Provider.Config, FaultPoints.ApplyPutBack, "apply");
        Assert.Equal(AgentProcess.Killed, killed.Code);
        Assert.Equal(Rendered(After, 2), world.ZoneText);

        (await AgentProcess.RunAsync(world.Provider.Config, null, "apply")).Ended(ExitCode.ApplyFailed).Says("put back; ");
        Assert.Equal(Rendered(Before, 1), world.ZoneText);
    }

    [Fact]
    public async Task Killed_after_the_swap_of_a_version_that_fails_the_one_before_is_still_there_to_put_back()
    {
        Prerequisite.DevelopmentBuild();
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish(Before);
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        PublishWithNewKeys(world.Repository);
        await world.Unbound.RestartAsync("rpz-action-override: disabled");

        Assert.Equal(AgentProcess.Killed, (await AgentProcess.RunAsync(world.Provider.Config, FaultPoints.ApplyReloaded, "apply")).Code);
        Assert.Equal(Rendered(After, 2), world.ZoneText);

        (await AgentProcess.RunAsync(world.Provider.Config, null, "apply")).Ended(ExitCode.ApplyFailed).Says("put back; ");
        Assert.Equal(Rendered(Before, 1), world.ZoneText);
    }

    [Theory]
    [InlineData(FaultPoints.FileWritten, false)]
    [InlineData(FaultPoints.EnforceDecided, true)]
    [InlineData(FaultPoints.ApplySwapped, true)]
    public async Task Killed_after_a_version_was_accepted_it_stays_accepted_and_before_it_stays_held(string point, bool accepted)
    {
        Prerequisite.DevelopmentBuild();
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish(Before);
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Repository.Publish([.. Before, .. Enforcing.VersionChain.Names(0, 60)]);
        (await world.ApplyAsync()).Ended(ExitCode.Held);

        Assert.Equal(AgentProcess.Killed, (await AgentProcess.RunAsync(world.Provider.Config, point, "apply", "--offline", "--accept", "2")).Code);

        (await AgentProcess.RunAsync(world.Provider.Config, null, "apply", "--offline")).Ended(accepted ? ExitCode.Done : ExitCode.Held);
        Assert.Equal(accepted, await world.Unbound.BlocksAsync("name-00059.example"));
    }

    [Theory]
    [InlineData(FaultPoints.FileWritten, false)]
    [InlineData(FaultPoints.EnforceDecided, true)]
    [InlineData(FaultPoints.ApplyReloaded, true)]
    public async Task Killed_while_going_back_the_next_run_goes_back_or_nothing_was_changed(string point, bool wentBack)
    {
        Prerequisite.DevelopmentBuild();
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish(Before);
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Repository.Publish(After);
        (await world.ApplyAsync()).Ended(ExitCode.Done);

        Assert.Equal(AgentProcess.Killed, (await AgentProcess.RunAsync(world.Provider.Config, point, "rollback")).Code);

        (await AgentProcess.RunAsync(world.Provider.Config, null, "apply")).Ended(ExitCode.Done).Says(wentBack ? "version 1 is in force" : "version 2 is in force already");
        Assert.Equal(wentBack, await world.Unbound.ResolvesAsync("new.example"));
    }

    /// <summary>A new root with a new timestamp key as well, so that every step of a fetch has something to do.</summary>
    private static void PublishWithNewKeys(TestRepository repository)
    {
        repository.TimestampKey = new();
        repository.SignRoot(repository.RootKeys);
        repository.Publish(After);
    }

    private static string Rendered(string[] names, int version)
    {
        using var zone = new MemoryStream();
        RpzZone.Write(zone, ListFile.Parse(Encoding.ASCII.GetBytes(string.Concat(names.Order(StringComparer.Ordinal).Select(n => n + "\n")))), Serial.Create(version));
        return Encoding.ASCII.GetString(zone.ToArray());
    }
}
