namespace BlockList.Agent.Tests.Enforcing;

/// <summary>What a closed change window keeps back, and what never waits.</summary>
public sealed class ChangeWaitTests
{
    [Fact]
    public void Additions_wait_and_removals_do_not()
    {
        var chain = Closed(["gone.example", "stays.example"]).Publish(["new.example", "stays.example"]);

        var closed = chain.Apply();

        Assert.Equal(["stays.example"], closed.List.Lines);
        Assert.Equal((2, 1), (closed.Version.Value, closed.Waiting));
        Assert.Null(closed.HeldBecause);
        Assert.Equal(closed.Facts, chain.Apply().Facts);
        AssertOpens(chain);
    }

    [Theory]
    [InlineData("shop.example", "=shop.example", "=shop.example")]
    [InlineData("shop.example", "www.shop.example", "www.shop.example")]
    [InlineData("shop.example", "=a.b.shop.example", "=a.b.shop.example")]
    [InlineData("=shop.example", "shop.example", "=shop.example")]
    [InlineData("www.shop.example", "shop.example", "www.shop.example")]
    [InlineData("=shop.example", "www.shop.example", "")]
    [InlineData("shop.example", "othershop.example", "")]
    [InlineData("=shop.example", "=www.shop.example", "")]
    public void An_entry_that_gives_way_to_another_stays_as_far_as_both_go(string before, string after, string meanwhile)
    {
        var chain = Closed([before, "zebra.example"]).Publish([after, "zebra.example"]);

        var closed = chain.Apply();

        Assert.Equal(meanwhile.Length == 0 ? ["zebra.example"] : [meanwhile, "zebra.example"], closed.List.Lines);
        Assert.Equal(meanwhile == after ? 0 : 1, closed.Waiting);
        AssertOpens(chain);
    }

    [Fact]
    public void A_name_that_leaves_the_list_while_it_waits_never_comes()
    {
        var chain = Closed(["one.example"]).Publish(["one.example", "two.example"]);
        chain.Apply();
        chain.Publish(["one.example"]);

        var closed = chain.Apply();

        Assert.Equal(["one.example"], closed.List.Lines);
        Assert.Equal(0, closed.Waiting);
        AssertOpens(chain);
    }

    [Fact]
    public void A_name_that_left_and_came_back_between_two_runs_stays_blocked_and_between_two_versions_waits()
    {
        var (together, apart) = (Closed(["one.example", "two.example"]), Closed(["one.example", "two.example"]));

        Assert.Equal(2, together.Publish(["one.example"]).Publish(["one.example", "two.example"]).Apply().List.Count);
        apart.Publish(["one.example"]).Apply();
        Assert.Equal(["one.example"], apart.Publish(["one.example", "two.example"]).Apply().List.Lines);
    }

    [Fact]
    public void What_a_brake_holds_does_not_wait_and_what_is_accepted_comes_at_once()
    {
        var chain = Closed(VersionChain.Names(0, 100)).Publish(VersionChain.Names(0, 300));
        chain.Apply();
        chain.Publish(VersionChain.Names(0, 301));
        Assert.Equal((200, 1), (chain.Apply().HeldAdditions, chain.Apply().Waiting));

        var accepted = chain.Apply(accept: 2);

        Assert.Equal(VersionChain.Names(0, 300), accepted.List.Lines);
        Assert.Equal((0, 1), (accepted.HeldAdditions, accepted.Waiting));
        AssertOpens(chain);
    }

    [Fact]
    public void The_first_version_waits_for_nothing()
    {
        var chain = new VersionChain { WindowIsOpen = false }.Publish(["one.example"]);

        Assert.Equal(["one.example"], chain.Apply().List.Lines);
    }

    [Fact]
    public void What_was_let_through_stays_when_the_window_closes_again()
    {
        var chain = Closed(["one.example"]).Publish(["one.example", "two.example"]);
        chain.Apply();
        chain.WindowIsOpen = true;
        chain.Apply();
        chain.WindowIsOpen = false;

        Assert.Equal(["one.example", "two.example"], chain.Apply().List.Lines);
        Assert.Equal(["one.example", "two.example"], chain.Publish(["one.example", "three.example", "two.example"]).Apply().List.Lines);
    }

    [Fact]
    public void Going_back_adds_nothing_that_waits_and_keeps_nothing_that_the_earlier_version_had_not()
    {
        var chain = Closed(["stays.example"]).Publish(["=shop.example", "stays.example"]);
        chain.WindowIsOpen = true;
        chain.Apply();
        chain.WindowIsOpen = false;
        chain.Publish(["new.example", "shop.example", "stays.example"]);
        Assert.Equal(["=shop.example", "stays.example"], chain.Apply().List.Lines);

        Assert.Equal(["=shop.example", "stays.example"], chain.RollBack(2).List.Lines);
        var first = chain.RollBack(1);
        Assert.Equal(["stays.example"], first.List.Lines);
        Assert.Equal(0, first.Waiting);
    }

    [Fact]
    public void What_comes_with_the_end_of_a_rollback_waits()
    {
        var chain = Closed(["one.example"]);
        chain.WindowIsOpen = true;
        chain.Publish(["one.example", "two.example"]).Apply();
        chain.RollBack(1);
        chain.WindowIsOpen = false;

        var next = chain.Publish(["one.example", "three.example", "two.example"]).Apply();

        Assert.Equal(["one.example"], next.List.Lines);
        Assert.Equal(2, next.Waiting);
        AssertOpens(chain);
    }

    /// <summary>A version in force; the window closes after it.</summary>
    private static VersionChain Closed(IEnumerable<string> lines)
    {
        var chain = new VersionChain().Publish(lines);
        chain.Apply();
        chain.WindowIsOpen = false;
        return chain;
    }

    private static void AssertOpens(VersionChain chain)
    {
        chain.WindowIsOpen = true;
        var open = chain.Apply();
        Assert.Equal(chain.Signed.Lines, open.List.Lines);
        Assert.Equal(0, open.Waiting);
        Assert.Null(chain.State.Waiting);
    }
}
