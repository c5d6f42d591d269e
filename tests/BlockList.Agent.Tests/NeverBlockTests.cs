using BlockList.Agent.Configuration;
using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests;

public sealed class NeverBlockTests
{
    [Fact]
    public async Task A_name_of_the_providers_own_resolves_though_it_or_what_covers_it_is_listed()
    {
        await using var world = await StartedAsync("# ours\nwww.one.example\n");
        world.Repository.Publish("one.example", "two.example");

        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("1 entries, shown by serial").Says("left out: 1 entries, for your own never-block file");

        Assert.True(await world.Unbound.ResolvesAsync("www.one.example"));
        Assert.True(await world.Unbound.ResolvesAsync("one.example"));
        Assert.True(await world.Unbound.BlocksAsync("two.example"));
        Assert.Equal(1, (int)Assert.Single(world.Server.Receipts)["left_out"]!);
        (await world.Provider.RunAsync("status")).Ended(ExitCode.Done).Says("left out        1 entries");
        (await world.Provider.RunAsync("diff", "--names")).Says("left-out one.example");
    }

    [Fact]
    public async Task A_change_of_the_file_is_in_force_with_the_next_apply()
    {
        await using var world = await StartedAsync("");
        world.Repository.Publish("one.example", "two.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        Assert.True(await world.Unbound.BlocksAsync("one.example"));

        Write(world, "one.example\n");
        (await world.Provider.RunAsync("apply", "--offline")).Ended(ExitCode.Done).Says("version 1 is in force at unbound, 1 entries");
        Assert.True(await world.Unbound.ResolvesAsync("one.example"));

        Write(world, "");
        (await world.Provider.RunAsync("apply", "--offline")).Ended(ExitCode.Done);
        Assert.True(await world.Unbound.BlocksAsync("one.example"));
    }

    [Fact]
    public async Task Lines_that_are_no_names_are_all_named_and_nothing_is_changed()
    {
        await using var world = await StartedAsync("# ours\nshop.example\nhttps://one.example/\n\n*.two.example\n");
        world.Repository.Publish("one.example");

        var run = (await world.ApplyAsync()).Ended(ExitCode.Usage).Says("own.txt:3: This is a link").Says("own.txt:5: Names are listed without *");

        Assert.DoesNotContain("own.txt:2", run.Progress, StringComparison.Ordinal);
        Assert.True(await world.Unbound.ResolvesAsync("one.example"));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named_and_what_is_in_force_stays()
    {
        await using var world = await StartedAsync("");
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        File.Delete(PathOf(world));
        world.Repository.Publish("two.example");

        (await world.ApplyAsync()).Ended(ExitCode.Usage).Says("own.txt, which \"neverblock\" names, cannot be read");

        Assert.True(await world.Unbound.BlocksAsync("one.example"));
    }

    [Fact]
    public void The_files_of_the_agent_and_of_the_list_count_together()
    {
        var file = IniFile.Parse("/etc/x/agent.ini",
            "[agent]\nneverblock=all.txt\n[server]\naddress=https://b.example:1\n[resolver u]\ntype=unbound\n[list worst-of]\nresolver=u\nzonefile=z\nneverblock=some.txt\n");

        Assert.Equal(["/etc/x/all.txt", "/etc/x/some.txt"], AgentConfiguration.From(file).Lists[0].NeverBlock);
    }

    private static string PathOf(EnforcingWorld world) => Path.Combine(Path.GetDirectoryName(world.Provider.Config)!, "own.txt");

    private static void Write(EnforcingWorld world, string text) => File.WriteAllText(PathOf(world), text);

    private static async Task<EnforcingWorld> StartedAsync(string text)
    {
        var world = await EnforcingWorld.StartAsync();
        Write(world, text);
        world.Configure("neverblock=own.txt");
        return world;
    }
}
