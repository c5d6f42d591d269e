using BlockList.Agent.Tests.Fixtures;
using Microsoft.AspNetCore.Http;

namespace BlockList.Agent.Tests.Running;

public sealed class RunDaemonTests
{
    private static readonly TimeSpan Regular = TimeSpan.FromMinutes(15);

    [Fact]
    public async Task It_polls_at_once_and_then_every_15_minutes()
    {
        await using var world = await PublishedAsync();
        await using var daemon = new RunningDaemon(world.Provider, world.Clock);

        await daemon.IdleAsync(Regular);
        Assert.Equal(1, Polls(world));
        world.Repository.Publish("one.example", "two.example");
        await daemon.PollAsync(Regular, Regular);

        Assert.Equal(2, Polls(world));
        Assert.Equal(2, world.Provider.HeldVersion()?.Value);
    }

    [Fact]
    public async Task A_wall_clock_that_jumps_neither_stops_the_polls_nor_makes_a_storm_of_them()
    {
        await using var world = await PublishedAsync();
        await using var daemon = new RunningDaemon(world.Provider, world.Clock);
        await daemon.IdleAsync(Regular);

        world.Clock.Set(TimeSpan.FromDays(-365));
        await daemon.PollAsync(Regular, Regular);
        Assert.Equal(2, Polls(world));
        world.Clock.Set(TimeSpan.FromDays(365));
        await daemon.PollAsync(Regular, Regular);

        Assert.Equal(3, Polls(world));
    }

    [Fact]
    public async Task A_server_that_is_gone_is_asked_less_and_less_and_again_as_usual_when_it_is_back()
    {
        await using var world = await PublishedAsync();
        world.Server.Intercept = GoneAsync;
        await using var daemon = new RunningDaemon(world.Provider, world.Clock);

        await daemon.PollAsync(Regular, Regular * 2);
        await daemon.PollAsync(Regular * 2, Regular * 4);
        Assert.Equal(3, world.Provider.StateOf().ReadPoll().Failures);
        world.Server.Intercept = _ => Task.FromResult(false);
        await daemon.PollAsync(Regular * 4, Regular);

        Assert.Equal(0, world.Provider.StateOf().ReadPoll().Failures);
    }

    [Fact]
    public async Task An_urgent_hint_is_followed_within_five_seconds()
    {
        await using var world = await PublishedAsync();
        var events = EventsEndpoint.At(world.Server);
        await using var daemon = new RunningDaemon(world.Provider, world.Clock);
        await daemon.IdleAsync(Regular);
        world.Repository.Publish("one.example", "two.example");

        events.Hint(2, urgent: true);
        await daemon.PollAsync(TimeSpan.FromSeconds(2.5), Regular);

        Assert.Equal(2, world.Provider.HeldVersion()?.Value);
    }

    [Fact]
    public async Task A_hint_of_what_is_here_already_moves_nothing()
    {
        await using var world = await PublishedAsync();
        var events = EventsEndpoint.At(world.Server);
        await using var daemon = new RunningDaemon(world.Provider, world.Clock);
        await daemon.IdleAsync(Regular);

        events.Hint(1, urgent: true);
        events.Hint(2, urgent: false);
        // Both were heard once the second one's pull is due; the first one would have made it due earlier.
        await daemon.IdleAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1, Polls(world));
    }

    [Fact]
    public async Task It_wakes_when_a_change_window_opens_and_asks_the_server_nothing_then()
    {
        await using var world = await EnforcingWorld.StartAsync();
        // Before the next regular poll.
        var opens = world.Clock.Now + TimeSpan.FromMinutes(7);
        var toOpening = TimeSpan.FromMinutes(7) - TimeSpan.FromSeconds(opens.Second);
        world.Configure(FormattableString.Invariant($"changewindow={opens:HH:mm}-{opens.AddMinutes(30):HH:mm}"));
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Repository.Publish("one.example", "two.example");
        await using var daemon = new RunningDaemon(world.Provider, world.Clock);
        await daemon.IdleAsync(toOpening);
        Assert.True(await world.Unbound.ResolvesAsync("two.example"));
        var asked = Polls(world.Server);

        await daemon.PollAsync(toOpening, Regular - toOpening);

        Assert.Contains("a change window opens", daemon.Said, StringComparison.Ordinal);
        Assert.True(await world.Unbound.BlocksAsync("two.example"));
        Assert.True(await world.Unbound.ResolvesAsync("neighbour.example"));
        Assert.Equal(asked, Polls(world.Server));
    }

    [Fact]
    public async Task Somebody_at_work_when_a_change_window_opens_delays_the_additions_by_a_minute()
    {
        await using var world = await EnforcingWorld.StartAsync();
        var opens = world.Clock.Now + TimeSpan.FromMinutes(7);
        var toOpening = TimeSpan.FromMinutes(7) - TimeSpan.FromSeconds(opens.Second);
        world.Configure(FormattableString.Invariant($"changewindow={opens:HH:mm}-{opens.AddMinutes(30):HH:mm}"));
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Repository.Publish("one.example", "two.example");
        await using var daemon = new RunningDaemon(world.Provider, world.Clock);
        await daemon.IdleAsync(toOpening);

        using (Agent.State.AgentLock.Take(world.Provider.State, "apply"))
        {
            await daemon.PollAsync(toOpening, TimeSpan.FromMinutes(1));
        }
        await daemon.PollAsync(TimeSpan.FromMinutes(1), Regular - toOpening - TimeSpan.FromMinutes(1));

        Assert.True(await world.Unbound.BlocksAsync("two.example"));
    }

    [Fact]
    public async Task A_node_behind_its_own_hint_is_asked_again_until_it_has_caught_up()
    {
        await using var world = await PublishedAsync();
        var events = EventsEndpoint.At(world.Server);
        await using var daemon = new RunningDaemon(world.Provider, world.Clock);
        await daemon.IdleAsync(Regular);

        events.Hint(2, urgent: true);
        await daemon.PollAsync(TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(2));
        await daemon.PollAsync(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));
        world.Repository.Publish("one.example", "two.example");
        await daemon.PollAsync(TimeSpan.FromSeconds(4), Regular);

        Assert.Equal(4, Polls(world));
        Assert.Equal(2, world.Provider.HeldVersion()?.Value);
    }

    [Theory]
    [InlineData("data: nonsense\n\n: comment\n\ndata: {\"version\":\"two\"}\n\n")]
    [InlineData("")]
    public async Task Events_that_break_or_talk_nonsense_leave_the_polls_as_they_are(string nonsense)
    {
        await using var world = await PublishedAsync();
        var events = EventsEndpoint.At(world.Server);
        await using var daemon = new RunningDaemon(world.Provider, world.Clock);
        await daemon.IdleAsync(Regular);

        events.Send(nonsense);
        events.Break();
        events.Send(new string('x', 5000));
        await daemon.PollAsync(Regular, Regular);

        Assert.Equal(2, Polls(world));
    }

    [Fact]
    public async Task The_time_that_the_server_asked_for_is_kept_over_a_restart_and_by_commands_run_by_hand()
    {
        await using var world = await PublishedAsync();
        world.Server.Intercept = BusyAsync;
        await using (var daemon = new RunningDaemon(world.Provider, world.Clock)) await daemon.IdleAsync(TimeSpan.FromSeconds(1830));
        world.Server.Intercept = _ => Task.FromResult(false);
        var asked = world.Server.Requests.Count;

        (await world.FetchAsync()).Ended(ExitCode.Network).Says("asked for no request before");
        await using (var daemon = new RunningDaemon(world.Provider, world.Clock))
        {
            // Due at once; only the pause holds it.
            await daemon.IdleAsync(TimeSpan.FromMinutes(30));
            Assert.DoesNotContain(world.Server.Requests.Skip(asked), path => !path.EndsWith("/events", StringComparison.Ordinal));
            await daemon.PollAsync(TimeSpan.FromMinutes(30), Regular);
        }

        Assert.Equal(1, world.Provider.HeldVersion()?.Value);
        (await world.FetchAsync()).Ended(ExitCode.Done);
    }

    [Fact]
    public async Task Once_a_list_is_here_a_run_that_waits_for_the_server_ends_quietly_with_0()
    {
        await using var world = await PublishedAsync();
        (await world.FetchAsync()).Ended(ExitCode.Done);
        world.Server.Intercept = BusyAsync;
        (await world.FetchAsync()).Ended(ExitCode.Network).Says("wait 1800 seconds");
        var asked = world.Server.Requests.Count;

        var quiet = (await world.FetchAsync()).Ended(ExitCode.Done).Says("asked for no request before");

        Assert.Empty(quiet.Progress);
        Assert.Equal(asked, world.Server.Requests.Count);
        Assert.Equal(1, world.Provider.StateOf().ReadPoll().Failures);
    }

    [Fact]
    public async Task A_pause_ends_with_a_clock_that_is_set_back_and_never_lasts_longer_than_an_hour()
    {
        await using var world = await PublishedAsync();
        world.Server.Intercept = context => RefuseAsync(context, "999999999");
        (await world.FetchAsync()).Ended(ExitCode.Network);
        world.Server.Intercept = _ => Task.FromResult(false);

        world.Clock.Advance(TimeSpan.FromMinutes(59));
        (await world.FetchAsync()).Ended(ExitCode.Network).Says("asked for no request before");
        world.Clock.Set(TimeSpan.FromDays(-1));
        (await world.FetchAsync()).Ended(ExitCode.Stale).Says("EARLY CLOCK");
        world.Clock.Set(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(2));
        (await world.FetchAsync()).Ended(ExitCode.Done);
    }

    [Fact]
    public async Task A_configuration_read_again_counts_when_it_is_good_and_is_named_and_left_when_it_is_not()
    {
        await using var world = await PublishedAsync();
        using var supervisor = new NotifySocket();
        await using var daemon = new RunningDaemon(world.Provider, world.Clock, supervisor);
        await supervisor.UntilAsync("READY=1");
        await daemon.IdleAsync(Regular);
        var good = await File.ReadAllTextAsync(world.Provider.Config, TestContext.Current.CancellationToken);

        await File.WriteAllTextAsync(world.Provider.Config, good + "\nnonsense=1\n", TestContext.Current.CancellationToken);
        daemon.ReadAgain();
        await supervisor.UntilAsync("RELOADING=1");
        await supervisor.UntilAsync("READY=1");
        Assert.Contains("\"nonsense\" is no setting", daemon.Said, StringComparison.Ordinal);
        Assert.Contains("The configuration before it stays in use", daemon.Said, StringComparison.Ordinal);
        await daemon.PollAsync(Regular, Regular);
        Assert.Equal(2, Polls(world));

        await File.WriteAllTextAsync(world.Provider.Config, good, TestContext.Current.CancellationToken);
        daemon.ReadAgain();
        await supervisor.UntilAsync("RELOADING=1");
        await supervisor.UntilAsync("STATUS=last poll");
        Assert.Equal(3, Polls(world));
    }

    [Fact]
    public async Task Somebody_at_work_by_hand_only_puts_a_poll_off_for_a_minute()
    {
        await using var world = await PublishedAsync();
        using var byHand = State.AgentLock.Take(world.Provider.State, "rollback");
        await using var daemon = new RunningDaemon(world.Provider, world.Clock);
        await daemon.IdleAsync(TimeSpan.FromMinutes(1));
        byHand.Dispose();

        await daemon.PollAsync(TimeSpan.FromMinutes(1), Regular);

        Assert.Equal(1, world.Provider.HeldVersion()?.Value);
    }

    private static int Polls(TestWorld world) => Polls(world.Server);

    private static int Polls(TestServer server) => server.Requests.Count(path => path.EndsWith("timestamp.json", StringComparison.Ordinal));

    private static Task<bool> BusyAsync(HttpContext context) => RefuseAsync(context, "1800");

    private static Task<bool> GoneAsync(HttpContext context)
    {
        context.Abort();
        return Task.FromResult(true);
    }

    private static Task<bool> RefuseAsync(HttpContext context, string wait)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = wait;
        return Task.FromResult(true);
    }

    private static async Task<TestWorld> PublishedAsync()
    {
        var world = await TestWorld.StartAsync("--unbound-control", "false");
        world.Repository.Publish("one.example");
        return world;
    }
}
