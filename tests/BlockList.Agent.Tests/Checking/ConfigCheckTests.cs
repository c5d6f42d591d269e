using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests.Checking;

public sealed class ConfigCheckTests
{
    [Fact]
    public async Task A_setup_that_works_is_said_to_work_piece_by_piece()
    {
        await using var world = await EnforcingWorld.StartAsync();

        var run = (await world.Provider.RunAsync("config", "check", "--online")).Ended(ExitCode.Done);

        Assert.DoesNotContain("PROBLEM", run.Results, StringComparison.Ordinal);
        foreach (var what in (string[])["certificate and key", "state", "root", "zonefile", "zone worst-of", "address"]) run.Says($"ok       ").Says(what);
    }

    [Fact]
    public async Task Unknown_keys_are_named_with_their_line_before_anything_is_looked_at()
    {
        await using var world = await TestWorld.StartAsync();
        await File.AppendAllTextAsync(world.Provider.Config, "retries=3\n", TestContext.Current.CancellationToken);
        var line = File.ReadAllLines(world.Provider.Config).Length;

        (await world.Provider.RunAsync("config", "check")).Ended(ExitCode.Usage).Says($"agent.ini:{line}: \"retries\" is no setting of [list worst-of]");
    }

    [Fact]
    public async Task A_key_of_another_certificate_is_found_before_the_server_finds_it()
    {
        await using var world = await EnforcingWorld.StartAsync();
        using var pki = new TestPki();
        await File.WriteAllTextAsync(Beside(world.Provider, "key.pem"), pki.Client().Key, TestContext.Current.CancellationToken);

        (await world.Provider.RunAsync("config", "check")).Ended(ExitCode.Usage).Says("is not the private key of").Says("1 things must be mended");
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.ChangeConfiguration(world.Provider.Zones, "/nonexistent/zones");
        world.ChangeConfiguration("[agent]\n", "[agent]\nmetrics=/nonexistent/metrics/agent.prom\n");
        File.Delete(world.Provider.StateOf().Root);
        await world.Unbound.StopAsync();
        world.Clock.Advance(TimeSpan.FromDays(400));

        (await world.Provider.RunAsync("config", "check")).Ended(ExitCode.Usage)
            .Says("the directory /nonexistent/zones does not exist").Says("the directory /nonexistent/metrics does not exist")
            .Says("has no trusted root").Says("does not get an answer").Says("it ended on").Says("5 things must be mended");
    }

    [Fact]
    public async Task A_resolver_that_was_not_given_the_zone_is_found()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.ChangeConfiguration("zone=worst-of", "zone=other");

        (await world.Provider.RunAsync("config", "check")).Ended(ExitCode.Usage).Says("the resolver has not loaded zone other");
    }

    [Fact]
    public async Task Only_when_asked_to_is_the_server_asked()
    {
        await using var world = await EnforcingWorld.StartAsync();
        var asked = world.Server.Requests.Count;
        (await world.Provider.RunAsync("config", "check")).Ended(ExitCode.Done);
        Assert.Equal(asked, world.Server.Requests.Count);
        await world.Server.DisposeAsync();

        (await world.Provider.RunAsync("config", "check", "--online")).Ended(ExitCode.Usage).Says("cannot be reached");
    }

    private static string Beside(TestProvider provider, string file) => Path.Combine(Path.GetDirectoryName(provider.Config)!, file);
}
