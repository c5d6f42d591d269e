namespace BlockList.Agent.Tests.Fixtures;

/// <summary>One list with its server and one provider that is enrolled for it.</summary>
internal sealed class TestWorld : IAsyncDisposable
{
    private TestWorld(TestPki pki, TestClock clock, TestRepository repository, TestServer server, TestProvider provider)
    {
        Pki = pki;
        Clock = clock;
        Repository = repository;
        Server = server;
        Provider = provider;
    }

    public TestPki Pki { get; }

    public TestClock Clock { get; }

    public TestRepository Repository { get; }

    public TestServer Server { get; }

    public TestProvider Provider { get; }

    public static async Task<TestWorld> StartAsync(params string[] enrollOptions)
    {
        var pki = new TestPki();
        var clock = new TestClock();
        var repository = new TestRepository(clock);
        var server = await TestServer.StartAsync(pki, repository);
        var provider = new TestProvider(clock);
        provider.WriteBundle(pki, server.Address, repository);
        (await provider.EnrollAsync(enrollOptions)).Ended(ExitCode.Done);
        return new TestWorld(pki, clock, repository, server, provider);
    }

    public Task<AgentRun> FetchAsync() => Provider.RunAsync("fetch");

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Provider.Dispose();
        Pki.Dispose();
    }
}
