using System.Globalization;
using System.Text.Json.Nodes;
using BlockList.Agent.Tests.Enforcing;
using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests;

/// <summary>A change window with a real resolver: what leaves the list is free at once, what comes is blocked when the window opens.</summary>
public sealed class ChangeWindowInForceTests
{
    private static readonly TimeSpan ToOpening = TimeSpan.FromHours(3);

    [Fact]
    public async Task Outside_the_window_removals_are_in_force_at_once_and_additions_when_it_opens()
    {
        await using var world = await ClosedAsync();
        var opens = Opening(world).ToString("ddd dd MMM yyyy, HH:mm", CultureInfo.InvariantCulture);
        world.Repository.Publish("new.example", "stays.example");

        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("version 2 is in force at unbound, 1 entries")
            .Says($"version 2 waits for the change window: 1 additions, opens at {opens} UTC").Says("apply --now");
        Assert.True(await world.Unbound.ResolvesAsync("gone.example"));
        Assert.True(await world.Unbound.ResolvesAsync("new.example"));
        Assert.True(await world.Unbound.BlocksAsync("stays.example"));
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("in force already").Says("waits for the change window");

        world.Clock.Advance(ToOpening);
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("version 2 is the newest and is here").Says("1 additions did").Says("2 entries");
        Assert.True(await world.Unbound.BlocksAsync("new.example"));
        Assert.True(await world.Unbound.BlocksAsync("stays.example"));
        Assert.True(await world.Unbound.ResolvesAsync("neighbour.example"));
        (await world.Provider.RunAsync("status")).Ended(ExitCode.Done).Says("worst-of          ok");

        // Closed again: what came stays, whatever the clock says.
        world.Clock.Advance(TimeSpan.FromHours(2));
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("in force already");
        world.Clock.Set(TimeSpan.FromHours(-1.5));
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("in force already");
        Assert.True(await world.Unbound.BlocksAsync("new.example"));
    }

    [Fact]
    public async Task The_window_opens_without_the_server_as_well()
    {
        await using var world = await ClosedAsync();
        world.Repository.Publish("new.example", "stays.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        await world.Server.DisposeAsync();
        world.Clock.Advance(ToOpening);

        (await world.ApplyAsync()).Ended(ExitCode.Network).Says("version 2 is in force at unbound, 2 entries");

        Assert.True(await world.Unbound.BlocksAsync("new.example"));
    }

    [Theory]
    [InlineData("apply", "--offline", "--now")]
    [InlineData("apply", "--offline", "--now", "--list", "worst-of")]
    [InlineData("apply", "--offline", "--accept", "2")]
    public async Task A_person_who_cannot_wait_says_so(params string[] command)
    {
        await using var world = await ClosedAsync();
        world.Repository.Publish("new.example", "stays.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);

        (await world.Provider.RunAsync(command)).Ended(ExitCode.Done).Says("2 entries");

        Assert.True(await world.Unbound.BlocksAsync("new.example"));
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("in force already");
    }

    [Fact]
    public async Task To_wait_for_no_window_accepts_nothing_that_a_brake_holds()
    {
        await using var world = await ClosedAsync();
        world.Repository.Publish([.. VersionChain.Names(0, 60), "stays.example"]);
        (await world.ApplyAsync()).Ended(ExitCode.Held);

        (await world.Provider.RunAsync("apply", "--now")).Ended(ExitCode.Held);
        Assert.True(await world.Unbound.ResolvesAsync("name-00001.example"));

        (await world.Provider.RunAsync("apply", "--accept", "2")).Ended(ExitCode.Done);
        Assert.True(await world.Unbound.BlocksAsync("name-00001.example"));
    }

    [Fact]
    public async Task A_resolver_that_blocks_nothing_waits_for_no_window()
    {
        await using var world = await EnforcingWorld.StartAsync();
        Configure(world);
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("1 entries");
        Assert.True(await world.Unbound.BlocksAsync("one.example"));

        world.Repository.Facts = facts => facts with { Urgent = true };
        world.Repository.Publish();
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Repository.Publish("two.example");

        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("1 entries");
        Assert.True(await world.Unbound.BlocksAsync("two.example"));
    }

    [Fact]
    public async Task A_first_version_that_could_not_be_put_in_force_makes_no_later_one_wait()
    {
        await using var world = await EnforcingWorld.StartAsync();
        Configure(world);
        world.Repository.Publish("one.example");
        await world.Unbound.StopAsync();
        (await world.ApplyAsync()).Ended(ExitCode.ApplyFailed);
        world.Repository.Publish("one.example", "two.example");
        await world.Unbound.RestartAsync();

        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("2 entries");

        Assert.True(await world.Unbound.BlocksAsync("two.example"));
    }

    [Fact]
    public async Task An_entry_that_is_narrowed_frees_the_rest_at_once_and_one_that_is_widened_blocks_what_it_did()
    {
        await using var world = await ClosedAsync("narrow.example", "=wide.example");
        world.Repository.Publish("=narrow.example", "wide.example");

        (await world.ApplyAsync()).Ended(ExitCode.Done);
        Assert.True(await world.Unbound.BlocksAsync("narrow.example"));
        Assert.True(await world.Unbound.ResolvesAsync("www.narrow.example"));
        Assert.True(await world.Unbound.BlocksAsync("wide.example"));
        Assert.True(await world.Unbound.ResolvesAsync("www.wide.example"));

        world.Clock.Advance(ToOpening);
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        Assert.True(await world.Unbound.BlocksAsync("www.wide.example"));
        Assert.True(await world.Unbound.BlocksAsync("wide.example"));
        Assert.True(await world.Unbound.ResolvesAsync("www.narrow.example"));
    }

    [Fact]
    public async Task A_long_list_goes_name_by_name_into_the_same_window()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.ChangeConfiguration("type=unbound\n", "type=unbound\nchannel-above=1\n");
        Configure(world);
        world.Repository.Publish("gone.example", "=host.wide.example", "stays.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Repository.Publish("new.example", "stays.example", "wide.example");

        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("waits");
        foreach (var free in (string[])["gone.example", "new.example", "www.wide.example"]) Assert.True(await world.Unbound.ResolvesAsync(free), free);
        foreach (var blocked in (string[])["stays.example", "host.wide.example"]) Assert.True(await world.Unbound.BlocksAsync(blocked), blocked);

        world.Clock.Advance(ToOpening);
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        foreach (var blocked in (string[])["stays.example", "host.wide.example", "www.wide.example", "new.example"]) Assert.True(await world.Unbound.BlocksAsync(blocked), blocked);
        Assert.True(await world.Unbound.ResolvesAsync("gone.example"));
    }

    [Fact]
    public async Task By_a_clock_that_is_known_to_be_early_no_window_is_closed()
    {
        await using var world = await ClosedAsync();
        world.Repository.Publish("new.example", "stays.example");
        world.Clock.Set(TimeSpan.FromHours(-1));

        (await world.ApplyAsync()).Ended(ExitCode.Stale).Says("EARLY CLOCK").Says("2 entries");

        Assert.True(await world.Unbound.BlocksAsync("new.example"));
    }

    [Fact]
    public async Task What_waits_is_told_to_people_and_machines()
    {
        await using var world = await ClosedAsync();
        var metrics = Path.Combine(world.Provider.Directory, "agent.prom");
        world.Provider.Configure($"metrics={metrics}");
        world.Repository.Publish("new.example", "other.example", "stays.example");
        (await world.Provider.RunAsync("fetch")).Ended(ExitCode.Done);
        (await world.Provider.RunAsync("apply", "--dry-run", "--offline")).Ended(ExitCode.Done).Says("version 2 waits for the change window: 2 additions");
        (await world.Provider.RunAsync("diff", "--names")).Ended(ExitCode.Done).Says("waits: version 2").Says("waiting new.example").Says("removed gone.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);

        (await world.Provider.RunAsync("status")).Ended(ExitCode.Done).Says("worst-of          waits for change window").Says("  waits           version 2 waits for the change window: 2 additions, opens at ");
        var list = JsonNode.Parse((await world.Provider.RunAsync("status", "--json")).Ended(ExitCode.Done).Results)!["lists"]![0]!;
        Assert.Equal((2, 2), ((int)list["waiting"]!["version"]!, (int)list["waiting"]!["additions"]!));
        Assert.Equal(Opening(world), DateTimeOffset.Parse((string)list["waiting"]!["opens_at"]!, CultureInfo.InvariantCulture));
        Assert.Equal(2, (int)world.Server.Receipts.Last()["left_out"]!);
        var figures = await File.ReadAllLinesAsync(metrics, TestContext.Current.CancellationToken);
        Assert.Contains("blocklist_agent_list_waiting_additions{list=\"worst-of\"} 2", figures);
        Assert.Contains($"blocklist_agent_list_change_window_open_timestamp_seconds{{list=\"worst-of\"}} {Opening(world).ToUnixTimeSeconds()}", figures);
        (await world.Provider.RunAsync("config", "check")).Ended(ExitCode.Done).Says("ok       [list worst-of] changewindow ").Says("in UTC: opens at ");
    }

    [Fact]
    public async Task Without_the_setting_what_waited_is_added_with_the_next_run()
    {
        await using var world = await ClosedAsync();
        world.Repository.Publish("new.example", "stays.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("waits");
        var text = await File.ReadAllLinesAsync(world.Provider.Config, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(world.Provider.Config, text.Where(line => !line.StartsWith("changewindow", StringComparison.Ordinal)), TestContext.Current.CancellationToken);

        (await world.Provider.RunAsync("apply", "--offline")).Ended(ExitCode.Done).Says("2 entries");

        Assert.True(await world.Unbound.BlocksAsync("new.example"));
    }

    [Fact]
    public async Task A_list_that_returns_after_its_withdrawal_waits_for_no_window()
    {
        await using var world = await ClosedAsync();
        var state = world.Provider.StateOf();
        world.Clock.Advance(TimeSpan.FromDays(100));
        state.Write(state.ReadPoll() with { FailedDays = 100 });
        (await world.Provider.RunAsync("apply", "--offline")).Ended(ExitCode.Stale).Says("WITHDRAWN");
        Assert.True(await world.Unbound.ResolvesAsync("stays.example"));
        state.Write(state.ReadPoll() with { FailedDays = 0 });
        world.Clock.Set(TimeSpan.FromDays(-100));
        world.Repository.Publish("new.example", "stays.example");

        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("2 entries");

        Assert.True(await world.Unbound.BlocksAsync("new.example"));
    }

    [Theory]
    [InlineData(FaultPoints.FileWritten)]
    [InlineData(FaultPoints.EnforceDecided)]
    [InlineData(FaultPoints.ApplySwapped)]
    [InlineData(FaultPoints.ApplyReloaded)]
    [InlineData(FaultPoints.ApplyRecorded)]
    public async Task Killed_outside_the_window_additions_wait_all_the_same_and_removals_do_not(string point)
    {
        Prerequisite.DevelopmentBuild();
        await using var world = await ClosedAsync();
        world.Repository.Publish("new.example", "stays.example");
        (await world.Provider.RunAsync("fetch")).Ended(ExitCode.Done);
        Assert.Equal(AgentProcess.Killed, (await AgentProcess.RunAsync(world.Provider.Config, point, "apply", "--offline")).Code);
        Assert.True(await world.Unbound.ResolvesAsync("new.example"));

        (await AgentProcess.RunAsync(world.Provider.Config, null, "apply", "--offline")).Ended(ExitCode.Done).Says("waits for the change window: 1 additions");

        Assert.True(await world.Unbound.ResolvesAsync("gone.example"));
        Assert.True(await world.Unbound.ResolvesAsync("new.example"));
        world.Clock.Advance(ToOpening);
        (await world.Provider.RunAsync("apply", "--offline")).Ended(ExitCode.Done);
        Assert.True(await world.Unbound.BlocksAsync("new.example"));
    }

    [Theory]
    [InlineData(FaultPoints.FileWritten, false)]
    [InlineData(FaultPoints.EnforceDecided, true)]
    [InlineData(FaultPoints.ApplyReloaded, true)]
    public async Task Killed_while_it_lets_additions_through_the_next_run_adds_them_or_they_wait_as_before(string point, bool added)
    {
        Prerequisite.DevelopmentBuild();
        await using var world = await ClosedAsync();
        world.Repository.Publish("new.example", "stays.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("waits");

        Assert.Equal(AgentProcess.Killed, (await AgentProcess.RunAsync(world.Provider.Config, point, "apply", "--offline", "--now")).Code);
        (await AgentProcess.RunAsync(world.Provider.Config, null, "apply", "--offline")).Ended(ExitCode.Done);

        Assert.Equal(added, await world.Unbound.BlocksAsync("new.example"));
        Assert.True(await world.Unbound.BlocksAsync("stays.example"));
        Assert.True(await world.Unbound.ResolvesAsync("gone.example"));
    }

    /// <summary>A first version in force, and an hour's window that opens in three.</summary>
    private static async Task<EnforcingWorld> ClosedAsync(params string[] lines)
    {
        var world = await EnforcingWorld.StartAsync();
        Configure(world);
        world.Repository.Publish(lines.Length > 0 ? lines : ["gone.example", "stays.example"]);
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        return world;
    }

    private static void Configure(EnforcingWorld world)
    {
        var opens = Opening(world);
        world.Configure(string.Create(CultureInfo.InvariantCulture, $"changewindow={opens:HH:mm}-{opens.AddHours(1):HH:mm}"));
    }

    private static DateTimeOffset Opening(EnforcingWorld world)
    {
        var at = world.Clock.Now + ToOpening;
        return at - TimeSpan.FromTicks(at.Ticks % TimeSpan.TicksPerMinute);
    }
}
