using System.Text.Json.Nodes;
using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests;

public sealed class RollbackTests
{
    [Fact]
    public async Task Going_back_works_without_the_server_frees_what_came_and_blocks_nothing_that_left()
    {
        await using var world = await StartedAsync();
        await world.Server.DisposeAsync();

        (await world.Provider.RunAsync("rollback")).Ended(ExitCode.Done).Says("version 1 is in force at unbound, 1 entries").Says("rolled back: version 1 in place of 2");

        Assert.True(await world.Unbound.BlocksAsync("name-stays.example"));
        Assert.True(await world.Unbound.ResolvesAsync("two.example"));
        Assert.True(await world.Unbound.ResolvesAsync("one.example"));
    }

    [Fact]
    public async Task Apply_keeps_to_it_until_a_newer_version_comes_and_says_so_then()
    {
        await using var world = await StartedAsync();
        (await world.Provider.RunAsync("rollback")).Ended(ExitCode.Done);

        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("version 1 is in force already").Says("rolled back");
        world.Repository.Sign();
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("version 1 is in force already");
        (await world.Provider.RunAsync("status")).Ended(ExitCode.Done).Says("worst-of          rolled back");
        Assert.True(await world.Unbound.ResolvesAsync("two.example"));

        world.Repository.Publish("name-stays.example", "two.example", "three.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("the rollback to version 1 has ended; version 3 follows it").Says("version 3 is in force");
        Assert.True(await world.Unbound.BlocksAsync("two.example"));
    }

    [Fact]
    public async Task Accepting_the_version_gone_back_from_ends_it()
    {
        await using var world = await StartedAsync();
        (await world.Provider.RunAsync("rollback", "--to", "1")).Ended(ExitCode.Done);

        (await world.Provider.RunAsync("apply", "--offline", "--accept", "2")).Ended(ExitCode.Done).Says("version 2 is in force at unbound");

        Assert.True(await world.Unbound.BlocksAsync("two.example"));
    }

    [Fact]
    public async Task One_can_go_back_further_and_what_cannot_be_gone_back_to_is_named()
    {
        await using var world = await StartedAsync();
        world.Repository.Publish("name-stays.example", "three.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);

        (await world.Provider.RunAsync("rollback", "--to", "7")).Ended(ExitCode.Usage).Says("version 7 of list worst-of cannot be gone back to from 3. These can: 2, 1.");
        (await world.Provider.RunAsync("rollback")).Ended(ExitCode.Done).Says("version 2 in place of 3");
        (await world.Provider.RunAsync("rollback")).Ended(ExitCode.Done).Says("version 1 in place of 3");
        (await world.Provider.RunAsync("rollback")).Ended(ExitCode.Usage).Says("no version of list worst-of before 1");
        Assert.True(await world.Unbound.BlocksAsync("name-stays.example"));
        Assert.True(await world.Unbound.ResolvesAsync("one.example"));
        Assert.True(await world.Unbound.ResolvesAsync("three.example"));
    }

    [Fact]
    public async Task After_the_first_version_there_is_nothing_to_go_back_to()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);

        (await world.Provider.RunAsync("rollback")).Ended(ExitCode.Usage).Says("What is in force stays");
    }

    [Fact]
    public async Task A_difference_is_shown_in_numbers_and_by_name_only_when_asked()
    {
        await using var world = await StartedAsync();
        world.Repository.Publish("name-stays.example", "three.example");
        (await world.Provider.RunAsync("fetch")).Ended(ExitCode.Done);

        var numbers = (await world.Provider.RunAsync("diff")).Ended(ExitCode.Done)
            .Says("version 2 is in force, version 3 is the newest verified: 1 added, 1 removed").Says("\"apply\" would put version 3 in force, 2 entries");
        Assert.DoesNotContain(".example", numbers.Results, StringComparison.Ordinal);
        (await world.Provider.RunAsync("diff", "--names")).Says("added three.example\nremoved two.example\n");
        var json = JsonNode.Parse((await world.Provider.RunAsync("diff", "--json")).Results)!;
        Assert.Equal((2, 3, 1, 1), ((int)json["version_in_force"]!, (int)json["verified_version"]!, (int)json["added"]!, (int)json["removed"]!));
        Assert.Null(json["names"]);
        Assert.True(await world.Unbound.BlocksAsync("two.example"));
    }

    [Fact]
    public async Task A_difference_says_what_brakes_would_hold_before_anything_is_in_force()
    {
        await using var world = await StartedAsync();
        world.Repository.Publish([.. Enforcing.VersionChain.Names(0, 100)]);
        (await world.Provider.RunAsync("fetch")).Ended(ExitCode.Done);

        (await world.Provider.RunAsync("diff", "--names")).Ended(ExitCode.Done).Says("HELD: version 3 adds 100 entries").Says("held-out name-00042.example");

        Assert.Null(world.Provider.StateOf().ReadEnforcing()!.HeldBecause(world.Provider.StateOf().ReadApplied()!.List));
    }

    /// <summary>Version 1 with one.example and name-stays.example, version 2 with two.example and name-stays.example in force.</summary>
    private static async Task<EnforcingWorld> StartedAsync()
    {
        var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("name-stays.example", "one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Repository.Publish("name-stays.example", "two.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        return world;
    }
}
