using BlockList.Agent.Running;

namespace BlockList.Agent.Tests.Running;

public sealed class PollScheduleTests
{
    private static readonly TimeSpan Now = TimeSpan.FromHours(5);

    [Theory]
    [InlineData(0.0, 12)]
    [InlineData(0.5, 15)]
    [InlineData(1.0, 18)]
    public void A_poll_that_went_well_is_followed_by_one_in_15_minutes_give_or_take_a_fifth(double chance, double minutes) =>
        Assert.Equal(minutes, WaitAfter(chance, ExitCode.Done).TotalMinutes, 6);

    [Fact]
    public void Failures_in_a_row_double_the_wait_up_to_two_hours_and_a_success_ends_that()
    {
        var schedule = new PollSchedule(() => 0.5);
        var waits = new List<double>();
        foreach (var code in (ExitCode[])[ExitCode.Network, ExitCode.Network, ExitCode.Refused, ExitCode.Stale, ExitCode.Network, ExitCode.Network, ExitCode.Done, ExitCode.Network])
        {
            schedule.Record(Now, code, TimeSpan.Zero);
            waits.Add(Math.Round((schedule.Next - Now).TotalMinutes, 6));
        }

        Assert.Equal([15, 30, 60, 120, 120, 120, 15, 15], waits);
    }

    [Fact]
    public void Trouble_with_the_resolver_is_no_reason_to_ask_the_server_less_often()
    {
        var schedule = new PollSchedule(() => 0.5);
        for (var i = 0; i < 5; i++) schedule.Record(Now, ExitCode.ApplyFailed, TimeSpan.Zero);

        Assert.Equal(15, (schedule.Next - Now).TotalMinutes, 6);
    }

    [Theory]
    [InlineData(0.0, 3600)]
    [InlineData(0.5, 3630)]
    public void Nobody_comes_back_before_the_server_said_and_not_everybody_at_that_second(double chance, double seconds) =>
        Assert.Equal(seconds, WaitAfter(chance, ExitCode.Network, TimeSpan.FromHours(1)).TotalSeconds, 6);

    [Fact]
    public void A_short_pause_does_not_make_the_polls_more_frequent() =>
        Assert.Equal(15, WaitAfter(0.5, ExitCode.Network, TimeSpan.FromSeconds(10)).TotalMinutes, 6);

    [Fact]
    public void The_machines_own_chance_is_spread_over_its_whole_range()
    {
        var drawn = Enumerable.Range(0, 2000).Select(_ => Chances.OfMachine()).ToArray();

        Assert.All(drawn, d => Assert.InRange(d, 0, 0.9999999999));
        Assert.All(Enumerable.Range(0, 10), tenth => Assert.Contains(drawn, d => (int)(d * 10) == tenth));
    }

    private static TimeSpan WaitAfter(double chance, ExitCode code, TimeSpan paused = default)
    {
        var schedule = new PollSchedule(() => chance);
        schedule.Record(Now, code, paused);
        return schedule.Next - Now;
    }
}
