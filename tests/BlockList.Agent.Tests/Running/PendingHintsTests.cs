using BlockList.Agent.Running;
using BlockList.Agent.Transport;

namespace BlockList.Agent.Tests.Running;

public sealed class PendingHintsTests
{
    private static readonly TimeSpan Now = TimeSpan.FromHours(5);

    [Theory]
    [InlineData(true, 0.0, 0)]
    [InlineData(true, 1.0, 5)]
    [InlineData(false, 0.5, 30)]
    [InlineData(false, 1.0, 60)]
    public void A_hint_waits_a_random_moment_that_is_short_when_it_is_urgent(bool urgent, double chance, double seconds)
    {
        var hints = new PendingHints(() => chance);

        hints.Take(new Hint("worst-of", 7, urgent), Now);

        Assert.Equal(seconds, (hints.Due!.Value - Now).TotalSeconds, 6);
    }

    [Fact]
    public void An_urgent_hint_brings_a_calm_one_forward_and_a_calm_one_does_not_put_it_off()
    {
        var hints = new PendingHints(() => 1);
        hints.Take(new Hint("worst-of", 7, false), Now);
        hints.Take(new Hint("worst-of", 8, true), Now);
        hints.Take(new Hint("worst-of", 9, false), Now);

        Assert.Equal(5, (hints.Due!.Value - Now).TotalSeconds, 6);
        hints.AfterPoll(Now, _ => 8);
        Assert.NotNull(hints.Due);
        hints.AfterPoll(Now, _ => 9);
        Assert.Null(hints.Due);
    }

    [Fact]
    public void A_node_behind_its_own_hint_is_asked_again_for_a_minute_and_then_left_to_the_regular_polls()
    {
        var hints = new PendingHints(() => 0);
        hints.Take(new Hint("worst-of", 7, true), Now);
        var pulls = new List<double>();
        while (hints.Due is { } due)
        {
            pulls.Add((due - Now).TotalSeconds);
            hints.AfterPoll(due, _ => 6);
        }

        Assert.Equal([0, 2, 6, 14, 30, 62], pulls);
    }

    [Fact]
    public void Hints_that_come_again_and_again_make_no_more_polls_than_the_retries()
    {
        var (hints, version) = (new PendingHints(() => 0), 7L);
        hints.Take(new Hint("worst-of", version, true), Now);
        var (pulls, now) = (0, Now);
        while (now - Now < TimeSpan.FromHours(1))
        {
            hints.Take(new Hint("worst-of", ++version, true), now);
            now = hints.Due!.Value > now ? hints.Due.Value : now + TimeSpan.FromMilliseconds(1);
            hints.AfterPoll(now, _ => 6);
            pulls++;
        }

        // Six in a minute, as for one hint that a node is behind of.
        Assert.InRange(pulls, 60, 420);
    }

    [Fact]
    public void Lists_wait_apart_from_each_other()
    {
        var hints = new PendingHints(() => 0.5);
        hints.Take(new Hint("worst-of", 7, false), Now);
        hints.Take(new Hint("national", 3, true), Now);

        hints.AfterPoll(Now, list => list == "national" ? 3 : 6);

        Assert.Equal(2, (hints.Due!.Value - Now).TotalSeconds, 6);
    }
}
