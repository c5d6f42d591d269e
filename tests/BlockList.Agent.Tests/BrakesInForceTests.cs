using System.Text.Json.Nodes;
using BlockList.Agent.Tests.Enforcing;
using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests;

/// <summary>Brakes and what lets go of them, with a real resolver: the name resolves, is held, is blocked when a person says so.</summary>
public sealed class BrakesInForceTests
{
    [Fact]
    public async Task A_version_that_is_too_large_ends_with_7_and_is_in_force_but_for_what_it_adds_until_it_is_accepted()
    {
        await using var world = await StartedAsync();
        world.Repository.Publish([.. VersionChain.Names(1, 300), "two.example"]);

        (await world.ApplyAsync()).Ended(ExitCode.Held).Says("version 2 is in force").Says("HELD: version 2 adds 202 entries where at most 50 may come");
        Assert.True(await world.Unbound.ResolvesAsync("two.example"));
        Assert.True(await world.Unbound.ResolvesAsync("name-00000.example"));
        Assert.True(await world.Unbound.BlocksAsync("name-00001.example"));
        (await world.ApplyAsync()).Ended(ExitCode.Held).Says("in force already").Says("HELD");
        (await world.Provider.RunAsync("status")).Ended(ExitCode.Held).Says("worst-of          held").Says("adds 202 entries").Says("apply --accept VERSION");

        (await world.Provider.RunAsync("apply", "--accept", "2")).Ended(ExitCode.Done).Says("version 2 is accepted").Says("301 entries");
        Assert.True(await world.Unbound.BlocksAsync("two.example"));
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        (await world.Provider.RunAsync("status")).Ended(ExitCode.Done);
    }

    [Fact]
    public async Task The_status_and_the_receipt_tell_machines_what_is_held()
    {
        await using var world = await StartedAsync();
        world.Repository.Publish([.. VersionChain.Names(0, 300)]);
        (await world.ApplyAsync()).Ended(ExitCode.Held);

        var list = JsonNode.Parse((await world.Provider.RunAsync("status", "--json")).Ended(ExitCode.Held).Results)!["lists"]![0]!;

        Assert.Equal("held", (string?)list["status"]);
        Assert.Equal("version 2 adds 200 entries where at most 50 may come", (string?)list["held_because"]);
        Assert.Equal((200, 0, 100), ((int)list["enforced"]!["held_additions"]!, (int)list["enforced"]!["held_removals"]!, (int)list["enforced"]!["entries"]!));
        var receipt = world.Server.Receipts.Last();
        Assert.Equal((2, 200), ((int)receipt["version"]!, (int)receipt["left_out"]!));
    }

    [Fact]
    public async Task An_empty_list_frees_nothing_until_it_is_accepted()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Repository.Publish();

        (await world.ApplyAsync()).Ended(ExitCode.Held).Says("version 2 empties the list");
        Assert.True(await world.Unbound.BlocksAsync("one.example"));

        (await world.Provider.RunAsync("apply", "--accept", "2")).Ended(ExitCode.Done);
        Assert.True(await world.Unbound.ResolvesAsync("one.example"));
    }

    [Fact]
    public async Task An_urgent_removal_passes_though_it_empties_the_list()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Repository.Facts = facts => facts with { Urgent = true };
        world.Repository.Publish();

        (await world.ApplyAsync()).Ended(ExitCode.Done);

        Assert.True(await world.Unbound.ResolvesAsync("one.example"));
    }

    [Theory]
    [InlineData("an approver of root", true)]
    [InlineData("a key that root does not name", false)]
    [InlineData("the targets key", false)]
    public async Task A_large_version_passes_with_the_word_of_an_approver_that_root_names(string who, bool passes)
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.ApproverKeys.Add(new());
        world.Repository.SignRoot(world.Repository.RootKeys);
        world.Repository.Publish([.. VersionChain.Names(0, 100)]);
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Repository.Facts = facts => facts with
        {
            BulkApproval = world.Repository.ApprovalOf(who switch
            {
                "an approver of root" => world.Repository.ApproverKeys[0],
                "the targets key" => world.Repository.TargetsKeys[0],
                _ => new SigningKey(),
            }),
        };
        world.Repository.Publish([.. VersionChain.Names(0, 300)]);

        (await world.ApplyAsync()).Ended(passes ? ExitCode.Done : ExitCode.Held);
    }

    [Fact]
    public async Task Versions_that_were_skipped_are_measured_one_by_one_along_their_deltas()
    {
        await using var world = await StartedAsync(1000);
        for (var count = 1050; count <= 1200; count += 50) world.Repository.Publish([.. VersionChain.Names(0, count)]);

        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("by deltas").Says("version 5 is in force").Says("1200 entries");
    }

    [Fact]
    public async Task One_large_version_among_the_skipped_ones_is_held_by_its_number()
    {
        await using var world = await StartedAsync(1000);
        world.Repository.Publish([.. VersionChain.Names(0, 1100)]);
        world.Repository.Publish([.. VersionChain.Names(0, 1101)]);

        (await world.ApplyAsync()).Ended(ExitCode.Held).Says("version 2 adds 100 entries where at most 50 may come").Says("version 3 is in force").Says("1001 entries");
        (await world.Provider.RunAsync("apply", "--accept", "2")).Ended(ExitCode.Done).Says("1101 entries");
    }

    [Fact]
    public async Task A_version_whose_number_jumps_is_held_until_it_is_accepted()
    {
        await using var world = await StartedAsync();
        world.Repository.Publish(Format.Serial.Create(1002), [.. VersionChain.Names(1, 100)]);

        (await world.ApplyAsync()).Ended(ExitCode.Held).Says("version 1 is in force already").Says("version 1002 runs 1001 ahead of version 1");
        Assert.True(await world.Unbound.BlocksAsync("name-00000.example"));
        (await world.Provider.RunAsync("status")).Ended(ExitCode.Held).Says("runs 1001 ahead");

        (await world.Provider.RunAsync("apply", "--accept", "1002")).Ended(ExitCode.Done).Says("version 1002 is in force");
        Assert.True(await world.Unbound.ResolvesAsync("name-00000.example"));
    }

    [Theory]
    [InlineData("3", "version 3 of list worst-of is not here")]
    [InlineData("x", "--accept \"x\" is no version")]
    [InlineData("0", "--accept \"0\" is no version")]
    public async Task A_version_that_is_not_here_cannot_be_accepted(string version, string says)
    {
        await using var world = await StartedAsync();
        world.Repository.Publish([.. VersionChain.Names(0, 300)]);
        (await world.ApplyAsync()).Ended(ExitCode.Held);

        (await world.Provider.RunAsync("apply", "--offline", "--accept", version)).Ended(ExitCode.Usage).Says(says);
    }

    [Fact]
    public async Task Without_the_steps_between_two_versions_nothing_is_decided_until_a_person_does()
    {
        await using var world = await StartedAsync();
        world.Repository.Publish([.. VersionChain.Names(1, 100)]);
        (await world.Provider.RunAsync("fetch")).Ended(ExitCode.Done);
        foreach (var step in Directory.GetFiles(world.Provider.StateOf().Steps)) File.Delete(step);

        (await world.ApplyAsync()).Ended(ExitCode.Held).Says("how list worst-of came from version 1 to version 2 is not on this disk");
        Assert.True(await world.Unbound.BlocksAsync("name-00000.example"));

        (await world.Provider.RunAsync("apply", "--accept", "2")).Ended(ExitCode.Done).Says("version 2 is in force");
    }

    private static async Task<EnforcingWorld> StartedAsync(int entries = 100)
    {
        var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish([.. VersionChain.Names(0, entries)]);
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        return world;
    }
}
