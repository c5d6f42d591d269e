namespace BlockList.Agent.Tests.Fixtures;

/// <summary>A <see cref="TestWorld"/> with a running Unbound that enforces its list.</summary>
internal sealed class EnforcingWorld : IAsyncDisposable
{
    private readonly TestWorld world;

    private EnforcingWorld(TestWorld world, TestUnbound unbound)
    {
        this.world = world;
        Unbound = unbound;
    }

    public TestUnbound Unbound { get; }

    public TestClock Clock => world.Clock;

    public TestRepository Repository => world.Repository;

    public TestServer Server => world.Server;

    public TestProvider Provider => world.Provider;

    public string ZoneText => File.ReadAllText(Provider.ZoneFile());

    public static async Task<EnforcingWorld> StartAsync()
    {
        var world = await TestWorld.StartAsync();
        var unbound = await TestUnbound.StartAsync(("worst-of", world.Provider.ZoneFile()));
        (await world.Provider.EnrollAsync("--force", "--unbound-control", unbound.Control, "--unbound-address", unbound.Address.ToString())).Ended(ExitCode.Done);
        return new EnforcingWorld(world, unbound);
    }

    public Task<AgentRun> ApplyAsync() => Provider.RunAsync("apply");

    /// <summary>Adds a setting to the list's section.</summary>
    public void Configure(string setting) => ChangeConfiguration("zone=worst-of\n", $"zone=worst-of\n{setting}\n");

    public void ChangeConfiguration(string what, string by)
    {
        var text = File.ReadAllText(Provider.Config);
        Assert.Contains(what, text, StringComparison.Ordinal);
        File.WriteAllText(Provider.Config, text.Replace(what, by, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        await Unbound.DisposeAsync();
        await world.DisposeAsync();
    }
}
