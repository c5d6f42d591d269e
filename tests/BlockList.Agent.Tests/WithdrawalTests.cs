using System.Text.Json.Nodes;
using BlockList.Agent.Tests.Fixtures;
using BlockList.Format.Tuf;
using Microsoft.AspNetCore.Http;

namespace BlockList.Agent.Tests;

/// <summary>Fail static, but not for ever: what is in force stays until no listing is shown to stand any more, and no trouble with
/// a clock ends it before.</summary>
public sealed class WithdrawalTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public async Task A_feed_that_is_down_for_a_lease_is_withdrawn_then_and_not_before_and_returns_by_itself()
    {
        await using var world = await StartedAsync();
        var end = world.Clock.Now.AddMonths(3);
        FeedIsDown(world);
        while (world.Clock.Now + Day < end)
        {
            world.Clock.Advance(Day);
            (await world.ApplyAsync()).Ended(ExitCode.Network).Says("in force already");
        }
        Assert.True(await world.Unbound.BlocksAsync("one.example"));
        (await world.Provider.RunAsync("status")).Says("no listing is shown to stand any more; withdrawn then");

        world.Clock.Advance(Day);
        (await world.ApplyAsync()).Ended(ExitCode.Stale).Says("WITHDRAWN: no listing of version 1").Says("NOTHING OF THIS LIST IS BLOCKED").Says("0 entries");
        Assert.True(await world.Unbound.ResolvesAsync("one.example"));
        var status = JsonNode.Parse((await world.Provider.RunAsync("status", "--json")).Ended(ExitCode.Stale).Results)!["lists"]![0]!;
        Assert.Equal(("withdrawn", true, 0), ((string)status["status"]!, (bool)status["withdrawn"]!, (int)status["enforced"]!["entries"]!));

        world.Server.Intercept = _ => Task.FromResult(false);
        world.Repository.Sign();
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("version 1 is in force at unbound");
        Assert.True(await world.Unbound.BlocksAsync("one.example"));
    }

    /// <summary>A publisher that was taken over goes on signing and evaluates no more: what lapsed would otherwise stay blocked for ever.</summary>
    [Fact]
    public async Task A_list_that_is_signed_and_not_evaluated_is_withdrawn_one_lease_after_its_evaluation_and_returns_with_the_next()
    {
        await using var world = await StartedAsync();
        EvaluatesNoMore(world);
        var end = world.Clock.Now.AddMonths(3);
        while (world.Clock.Now + Day < end)
        {
            world.Clock.Advance(Day);
            world.Repository.Sign();
            (await world.ApplyAsync()).Ended(ExitCode.Done);
        }
        Assert.True(await world.Unbound.BlocksAsync("one.example"));
        (await world.Provider.RunAsync("status")).Ended(ExitCode.Done).Says("withdrawn then, although polls succeed");

        world.Clock.Advance(Day);
        world.Repository.Sign();
        (await world.ApplyAsync()).Ended(ExitCode.Stale).Says("WITHDRAWN: no listing of version 1").Says("NOTHING OF THIS LIST IS BLOCKED");
        Assert.True(await world.Unbound.ResolvesAsync("one.example"));

        // That the feed is away now brings nothing back.
        FeedIsDown(world);
        world.Clock.Advance(Day);
        (await world.ApplyAsync()).Ended(ExitCode.Stale);
        Assert.True(await world.Unbound.ResolvesAsync("one.example"));

        world.Server.Intercept = _ => Task.FromResult(false);
        world.Repository.Facts = facts => facts;
        world.Repository.Sign();
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("version 1 is in force at unbound");
        Assert.True(await world.Unbound.BlocksAsync("one.example"));
    }

    [Fact]
    public async Task A_provider_that_chose_to_keep_does_so_too_while_the_list_is_signed_and_not_evaluated()
    {
        await using var world = await StartedAsync();
        world.Configure("afterlease=keep");
        EvaluatesNoMore(world);
        world.Clock.Advance(TimeSpan.FromDays(120));
        world.Repository.Sign();
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        Assert.True(await world.Unbound.BlocksAsync("one.example"));
    }

    [Fact]
    public async Task One_jump_of_the_clock_after_a_poll_that_succeeded_empties_no_filter()
    {
        await using var world = await StartedAsync();
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Clock.Advance(TimeSpan.FromDays(400));

        // The server answers, with what is out of date by this clock.
        (await world.ApplyAsync()).Ended(ExitCode.Stale).Says("in force already");
        FeedIsDown(world);
        (await world.ApplyAsync()).Ended(ExitCode.Network).Says("in force already");

        Assert.True(await world.Unbound.BlocksAsync("one.example"));
    }

    [Fact]
    public async Task A_provider_that_chose_to_keep_goes_on_for_ever()
    {
        await using var world = await StartedAsync();
        world.Configure("afterlease=keep");
        FeedIsDown(world);
        for (var day = 0; day < 120; day++)
        {
            world.Clock.Advance(Day);
            await world.ApplyAsync();
        }

        (await world.ApplyAsync()).Ended(ExitCode.Network).Says("in force already");

        Assert.True(await world.Unbound.BlocksAsync("one.example"));
    }

    [Fact]
    public async Task A_list_without_leases_is_never_withdrawn()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Facts = facts => facts with { LeaseMonths = 0 };
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        FeedIsDown(world);
        for (var day = 0; day < 120; day++)
        {
            world.Clock.Advance(Day);
            await world.ApplyAsync();
        }

        (await world.ApplyAsync()).Ended(ExitCode.Network).Says("in force already");
    }

    [Fact]
    public async Task One_jump_of_the_clock_empties_no_filter_however_often_it_is_polled_then()
    {
        await using var world = await StartedAsync();
        FeedIsDown(world);
        world.Clock.Advance(TimeSpan.FromDays(400));

        for (var poll = 0; poll < 96; poll++)
        {
            (await world.ApplyAsync()).Ended(ExitCode.Network).Says("in force already");
            world.Clock.Advance(TimeSpan.FromMinutes(15));
        }

        Assert.InRange(world.Provider.StateOf().ReadPoll().FailedDays, 1, 2);
        Assert.True(await world.Unbound.BlocksAsync("one.example"));
    }

    [Fact]
    public async Task A_clock_that_runs_ahead_empties_no_filter_while_the_publisher_goes_on_signing()
    {
        await using var world = await StartedAsync();
        foreach (var role in world.Repository.Lifetimes.Keys.Where(r => r != RoleName.Root).ToArray()) world.Repository.Lifetimes[role] -= TimeSpan.FromDays(200);
        world.Clock.Advance(TimeSpan.FromDays(200));

        for (var day = 0; day < 100; day++)
        {
            world.Repository.SignTimestamp();
            (await world.ApplyAsync()).Ended(ExitCode.Stale).Says("in force already");
            world.Clock.Advance(Day);
        }

        Assert.Equal(0, world.Provider.StateOf().ReadPoll().FailedDays);
        Assert.True(await world.Unbound.BlocksAsync("one.example"));
    }

    [Fact]
    public async Task A_clock_that_goes_to_and_fro_counts_no_day_twice()
    {
        await using var world = await StartedAsync();
        FeedIsDown(world);
        for (var turn = 0; turn < 20; turn++)
        {
            world.Clock.Advance(turn % 2 == 0 ? TimeSpan.FromMinutes(15) : TimeSpan.FromHours(-1));
            await world.ApplyAsync();
        }

        Assert.Equal(1, world.Provider.StateOf().ReadPoll().FailedDays);
    }

    [Fact]
    public async Task An_early_clock_is_told_and_nothing_is_concluded_from_it()
    {
        await using var world = await StartedAsync();
        var succeeded = world.Provider.StateOf().ReadPoll().SucceededAt;
        world.Clock.Advance(TimeSpan.FromDays(-365));

        (await world.ApplyAsync()).Ended(ExitCode.Stale).Says("EARLY CLOCK: this machine says").Says("Set the clock").Says("in force already");

        Assert.Equal(succeeded, world.Provider.StateOf().ReadPoll().SucceededAt);
        (await world.Provider.RunAsync("status")).Ended(ExitCode.Stale).Says("worst-of          early clock");
        Assert.True(await world.Unbound.BlocksAsync("one.example"));

        world.Clock.Advance(TimeSpan.FromDays(365));
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        (await world.Provider.RunAsync("status")).Ended(ExitCode.Done);
    }

    [Fact]
    public async Task An_early_clock_does_not_keep_a_removal_away()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example", "two.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Repository.Publish("one.example");
        world.Clock.Advance(TimeSpan.FromDays(-30));

        (await world.ApplyAsync()).Ended(ExitCode.Stale).Says("EARLY CLOCK").Says("version 2 is in force");

        Assert.True(await world.Unbound.ResolvesAsync("two.example"));
    }

    [Fact]
    public async Task A_clock_that_differs_by_minutes_is_no_early_clock()
    {
        await using var world = await StartedAsync();
        world.Clock.Advance(TimeSpan.FromMinutes(-9));

        (await world.ApplyAsync()).Ended(ExitCode.Done);
    }

    private static void EvaluatesNoMore(EnforcingWorld world)
    {
        var evaluated = world.Provider.StateOf().ReadMemory()!.Held!.EvaluatedAt;
        world.Repository.Facts = facts => facts with { EvaluatedAt = evaluated };
    }

    private static void FeedIsDown(EnforcingWorld world) => world.Server.Intercept = context =>
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.FromResult(true);
    };

    private static async Task<EnforcingWorld> StartedAsync()
    {
        var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        return world;
    }
}
