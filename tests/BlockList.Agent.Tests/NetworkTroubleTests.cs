using System.Net;
using System.Net.Sockets;
using BlockList.Agent.Configuration;
using BlockList.Agent.Tests.Fixtures;
using BlockList.Agent.Transport;
using Microsoft.AspNetCore.Http;

namespace BlockList.Agent.Tests;

public sealed class NetworkTroubleTests
{
    [Fact]
    public async Task A_refusal_is_shown_in_the_servers_own_words()
    {
        await using var world = await StartedAsync();
        world.Server.Intercept = context => RefuseAsync(context, StatusCodes.Status403Forbidden,
            """{"title":"Certificate revoked","detail":"This certificate was revoked on 2026-11-20.\u001b[31m Ask for a new one."}""");

        (await world.FetchAsync()).Ended(ExitCode.Network)
            .Says("refused: Certificate revoked: This certificate was revoked on 2026-11-20. [31m Ask for a new one.");

        Assert.NotNull(world.Provider.Held());
    }

    [Theory]
    [InlineData(StatusCodes.Status429TooManyRequests)]
    [InlineData(StatusCodes.Status503ServiceUnavailable)]
    public async Task How_long_to_wait_is_told(int status)
    {
        await using var world = await StartedAsync();
        world.Server.Intercept = context =>
        {
            context.Response.Headers.RetryAfter = "120";
            return RefuseAsync(context, status, "not json at all");
        };

        (await world.FetchAsync()).Ended(ExitCode.Network).Says($"status {status}").Says("wait 120 seconds");
    }

    [Fact]
    public async Task A_server_that_is_gone_leaves_everything_as_it_is()
    {
        await using var world = await StartedAsync();
        await world.Server.DisposeAsync();

        (await world.FetchAsync()).Ended(ExitCode.Network).Says("cannot be reached").Says("Check the network");

        Assert.NotNull(world.Provider.Held());
        var poll = world.Provider.StateOf().ReadPoll();
        Assert.Equal(1, poll.Failures);
        Assert.NotNull(poll.SucceededAt);
    }

    [Fact]
    public async Task A_server_of_another_authority_is_not_talked_to()
    {
        await using var world = await StartedAsync();
        using var other = new TestPki();
        await using var impostor = await TestServer.StartAsync(other, world.Repository);
        var config = await File.ReadAllTextAsync(world.Provider.Config, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(world.Provider.Config, config.Replace(world.Server.Address.Authority, impostor.Address.Authority, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        (await world.FetchAsync()).Ended(ExitCode.Network).Says("no secure connection");

        Assert.Empty(impostor.Requests);
    }

    [Fact]
    public async Task A_first_fetch_that_fails_ends_as_a_network_trouble_and_not_as_a_failed_apply()
    {
        await using var world = await TestWorld.StartAsync();
        await world.Server.DisposeAsync();

        (await world.Provider.RunAsync("apply")).Ended(ExitCode.Network);
    }

    [Fact]
    public async Task A_server_that_takes_the_connection_and_says_nothing_is_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var world = await StartedAsync();
        var settings = SettingsOf(world) with { Address = new Uri($"https://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}") };
        using var connection = new ServerConnection(settings, Hasty);

        var problem = await Assert.ThrowsAsync<ServerException>(() => connection.GetFileAsync("v1/whoami", 100, TestContext.Current.CancellationToken));

        Assert.Contains("did not answer in time", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_stops_halfway_is_given_up()
    {
        await using var world = await StartedAsync();
        world.Server.Intercept = async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        using var connection = new ServerConnection(SettingsOf(world), Hasty);

        var problem = await Assert.ThrowsAsync<ServerException>(() => connection.GetFileAsync("v1/whoami", 100, TestContext.Current.CancellationToken));

        Assert.Contains("did not answer in time", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_drips_is_given_up_though_it_never_stops()
    {
        await using var world = await StartedAsync();
        world.Server.Intercept = async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync("x");
                await context.Response.Body.FlushAsync();
                await Task.Delay(20, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            }
            return true;
        };
        using var connection = new ServerConnection(SettingsOf(world), Hasty with { Whole = TimeSpan.FromMilliseconds(600), Idle = TimeSpan.FromSeconds(30) });

        await Assert.ThrowsAsync<ServerException>(() => connection.GetFileAsync("v1/whoami", 10_000, TestContext.Current.CancellationToken));
    }

    private static Patience Hasty { get; } = new(TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(30));

    private static ServerSettings SettingsOf(TestWorld world) => AgentConfiguration.Read(world.Provider.Config).Server;

    private static async Task<bool> RefuseAsync(HttpContext context, int status, string problem)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        await context.Response.WriteAsync(problem);
        return true;
    }

    private static async Task<TestWorld> StartedAsync()
    {
        var world = await TestWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.FetchAsync()).Ended(ExitCode.Done);
        return world;
    }
}
