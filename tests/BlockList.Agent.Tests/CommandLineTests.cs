using System.Diagnostics;
using System.Globalization;
using BlockList.Agent.State;
using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public async Task The_built_program_explains_itself()
    {
        var help = (await AgentProcess.RunAsync("/nonexistent/agent.ini", null, "--help")).Ended(ExitCode.Done);

        foreach (var command in (string[])["enroll", "fetch", "apply", "status", "verify", "--config"])
            help.Says(command);
        Assert.Empty(help.Progress);
    }

    [Theory]
    [InlineData("aply")]
    [InlineData("apply", "--nonsense")]
    [InlineData("verify")]
    [InlineData("enroll")]
    public async Task A_command_line_that_cannot_be_understood_ends_with_2(params string[] arguments) =>
        (await AgentProcess.RunAsync("/nonexistent/agent.ini", null, arguments)).Ended(ExitCode.Usage);

    [Fact]
    public async Task A_configuration_that_does_not_exist_ends_with_2_and_says_what_to_do() =>
        (await AgentProcess.RunAsync("/nonexistent/agent.ini", null, "apply")).Ended(ExitCode.Usage).Says("/nonexistent/agent.ini does not exist").Says("enroll");

    [Fact]
    public async Task A_second_agent_says_who_is_at_work_and_leaves()
    {
        await using var world = await TestWorld.StartAsync();
        world.Repository.Publish("one.example");
        using (AgentLock.Take(world.Provider.State, "apply"))
        {
            (await AgentProcess.RunAsync(world.Provider.Config, null, "fetch")).Ended(ExitCode.Usage)
                .Says($"process {Environment.ProcessId}, blocklist-agent apply").Says("Nothing was done");
            (await AgentProcess.RunAsync(world.Provider.Config, null, "status")).Says("nothing in force");
        }
        (await AgentProcess.RunAsync(world.Provider.Config, null, "fetch")).Ended(ExitCode.Done);
    }

    [Fact]
    public async Task An_interrupted_agent_says_so_and_leaves_everything_as_it_is()
    {
        await using var world = await TestWorld.StartAsync();
        var reached = new TaskCompletionSource();
        world.Server.Intercept = async context =>
        {
            reached.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        using var agent = AgentProcess.Start(world.Provider.Config, null, "apply");
        var progress = agent.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await reached.Task;

        using (var kill = Process.Start("kill", ["-INT", agent.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await agent.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, agent.ExitCode);
        Assert.Contains("What is in force stays in force", await progress, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_was_never_enrolled_is_named()
    {
        await using var world = await TestWorld.StartAsync();
        File.Delete(world.Provider.StateOf().Root);

        (await world.FetchAsync()).Ended(ExitCode.Usage).Says("has no trusted root").Says("enroll");
    }

    [Fact]
    public async Task A_damaged_memory_is_not_taken_for_an_empty_one()
    {
        await using var world = await TestWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.FetchAsync()).Ended(ExitCode.Done);
        var memory = Path.Combine(world.Provider.State, "worst-of", "memory.json");
        await File.WriteAllTextAsync(memory, "{}", TestContext.Current.CancellationToken);

        (await world.FetchAsync()).Ended(ExitCode.Refused).Says("memory.json is damaged");
    }

    [Fact]
    public async Task Trouble_with_one_list_leaves_the_others_their_turn()
    {
        using var pki = new TestPki();
        var clock = new TestClock();
        TestRepository[] repositories = [new(clock), new(clock, "enforcement-test")];
        await using var server = await TestServer.StartAsync(pki, repositories);
        using var provider = new TestProvider(clock);
        provider.WriteBundle(pki, server.Address, repositories);
        (await provider.EnrollAsync()).Ended(ExitCode.Done);
        repositories[0].TimestampKey = new();
        repositories[0].Publish("one.example");
        repositories[1].Publish("test.example");

        (await provider.RunAsync("fetch")).Ended(ExitCode.Refused).Says("worst-of: refused").Says("enforcement-test: version 1 fetched");
    }
}
