using System.Text.Json.Nodes;
using BlockList.Agent.Tests.Enforcing;
using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests;

/// <summary>What the agent tells the operator beyond "version N is in force": what it left out and whose it is, what failed, what is held, and that it lives.</summary>
public sealed class ReceiptTests
{
    [Fact]
    public async Task List_of_test_names_is_shown_to_block_the_newest_and_to_free_the_one_before()
    {
        await using var world = await EnforcingWorld.StartAsync();
        // Listings that never end are the test names'.
        world.Repository.Facts = facts => facts with { LeaseMonths = 0 };
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Repository.Publish("two.example");

        (await world.ApplyAsync()).Ended(ExitCode.Done);

        Assert.Equal(["""{"first":"blocked"}""", """{"first":"blocked","removed":"free"}"""], world.Server.Receipts.Select(r => r["probes"]!.ToJsonString()));
    }

    [Fact]
    public async Task Names_that_the_never_block_file_takes_out_are_told_and_that_there_are_none()
    {
        await using var world = await EnforcingWorld.StartAsync();
        var file = Path.Combine(Path.GetDirectoryName(world.Provider.Config)!, "never");
        File.WriteAllText(file, "www.one.example\n");
        world.Configure($"neverblock={file}");
        world.Repository.Publish("one.example", "two.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        File.WriteAllText(file, "");

        (await world.ApplyAsync()).Ended(ExitCode.Done);

        Assert.Equal(["""{"entries":1,"lines":["one.example"]}""", """{"entries":0,"lines":[]}"""], world.Server.Receipts.Select(r => r["own"]!.ToJsonString()));
        var nodes = world.Server.Receipts.Select(r => (string)r["node"]!).Distinct().ToArray();
        Assert.Matches("^[0-9a-f]{16}$", Assert.Single(nodes));
        Assert.All(world.Server.Receipts, r => Assert.Equal("applied", (string?)r["result"]));
    }

    [Fact]
    public async Task Failure_is_told_once_a_day_and_ends_with_the_version_in_force()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Repository.Publish("two.example");
        await world.Unbound.StopAsync();
        for (var run = 0; run < 3; run++) (await world.ApplyAsync()).Ended(ExitCode.ApplyFailed);
        world.Clock.Advance(TimeSpan.FromHours(25));
        world.Repository.Sign();
        (await world.ApplyAsync()).Ended(ExitCode.ApplyFailed);
        await world.Unbound.RestartAsync();

        (await world.ApplyAsync()).Ended(ExitCode.Done);

        Assert.Equal(["1 applied  serial", "2 failed load none", "2 failed load none", "2 applied  serial"], world.Server.Receipts.Select(Told));
    }

    [Fact]
    public async Task Held_removals_are_counted_and_accepting_them_is_told()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish([.. VersionChain.Names(0, 100)]);
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Repository.Publish([.. VersionChain.Names(0, 300)]);
        (await world.ApplyAsync()).Ended(ExitCode.Held);
        (await world.ApplyAsync()).Ended(ExitCode.Held);

        (await world.Provider.RunAsync("apply", "--accept", "2")).Ended(ExitCode.Done);

        Assert.Equal(["1 applied  serial", "2 held  serial", "2 applied  serial"], world.Server.Receipts.Select(Told));
        Assert.Equal("""{"additions":200,"removals":0}""", world.Server.Receipts.ElementAt(1)["held"]!.ToJsonString());
    }

    [Fact]
    public async Task The_same_is_said_again_after_a_day_with_new_answers()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        Assert.Single(world.Server.Receipts);
        world.Clock.Advance(TimeSpan.FromHours(24));
        world.Repository.Sign();

        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("in force already");

        Assert.Equal(["1 applied  serial", "1 applied  serial"], world.Server.Receipts.Select(Told));
        Assert.NotEqual((string?)world.Server.Receipts.First()["clock"], (string?)world.Server.Receipts.Last()["clock"]);
    }

    [Fact]
    public async Task Server_of_before_still_learns_what_is_in_force()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Server.KnownFields = ["list", "version", "sha256", "resolver", "evidence", "probes", "left_out", "agent_version", "clock", "checkpoint"];
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Repository.Publish("two.example");
        await world.Unbound.StopAsync();
        (await world.ApplyAsync()).Ended(ExitCode.ApplyFailed);
        await world.Unbound.RestartAsync();

        (await world.ApplyAsync()).Ended(ExitCode.Done);

        Assert.Equal([1, 2], world.Server.Receipts.Select(r => (int)r["version"]!));
        Assert.Empty(Directory.GetFiles(world.Provider.StateOf().Receipts));
    }

    private static string Told(JsonObject receipt) => $"{receipt["version"]} {receipt["result"]} {receipt["reason"]} {receipt["evidence"]}";
}
