using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests.Checking;

public sealed class DryRunTests
{
    [Fact]
    public async Task A_dry_run_says_what_would_change_and_changes_nothing()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Repository.Publish("one.example", "two.example");
        var before = world.ZoneText;

        (await world.Provider.RunAsync("apply", "--dry-run")).Ended(ExitCode.Done)
            .Says("worst-of: version 2 would be put in force at unbound: 2 entries, 1 added and 0 removed").Says("rendered and read back").Says("nothing was put in force");

        Assert.Equal(before, world.ZoneText);
        Assert.True(await world.Unbound.ResolvesAsync("two.example"));
        Assert.Equal(1, world.Provider.StateOf().ReadApplied()?.List.Version.Value);
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        (await world.Provider.RunAsync("apply", "--dry-run", "--offline")).Ended(ExitCode.Done).Says("apply would change no file");
    }

    [Fact]
    public async Task A_dry_run_may_try_the_hooks_too()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");

        (await world.Provider.RunAsync("apply", "--run-hooks")).Ended(ExitCode.Usage).Says("--run-hooks goes with --dry-run");
        (await world.Provider.RunAsync("apply", "--dry-run", "--run-hooks")).Ended(ExitCode.Done).Says("0 hooks were run");
    }

    [Fact]
    public async Task What_would_fail_fails_in_a_dry_run_too()
    {
        await using var world = await EnforcingWorld.StartAsync();
        await world.Server.DisposeAsync();

        (await world.Provider.RunAsync("apply", "--dry-run")).Ended(ExitCode.Network).Says("cannot be reached");
    }
}
