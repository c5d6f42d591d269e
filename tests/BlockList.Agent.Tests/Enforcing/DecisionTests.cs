namespace BlockList.Agent.Tests.Enforcing;

/// <summary>The provider's own names, the way back, and the end of a lease.</summary>
public sealed class DecisionTests
{
    [Theory]
    [InlineData("shop.example", "shop.example", true)]
    [InlineData("shop.example", "=shop.example", true)]
    [InlineData("www.shop.example", "shop.example", true)]
    [InlineData("a.b.c.shop.example", "c.shop.example", true)]
    [InlineData("www.shop.example", "=shop.example", false)]
    [InlineData("shop.example", "www.shop.example", false)]
    [InlineData("shop.example", "=www.shop.example", false)]
    [InlineData("shop.example", "othershop.example", false)]
    [InlineData("WWW.Shop.example.", "shop.example", true)]
    public void An_entry_that_equals_or_covers_a_name_of_the_providers_own_is_left_out(string own, string entry, bool leftOut)
    {
        var chain = new VersionChain().Publish([entry, "zebra.example"]);
        chain.NeverBlock.Add(own);

        var enforcement = chain.Apply();

        Assert.Equal(leftOut ? ["zebra.example"] : [entry, "zebra.example"], enforcement.List.Lines);
        Assert.Equal(leftOut ? 1 : 0, enforcement.LeftOut);
    }

    [Fact]
    public void What_is_left_out_is_counted_once_and_comes_back_when_the_name_is_taken_off_the_file()
    {
        var chain = new VersionChain().Publish(["=shop.example", "shop.example", "zebra.example"]);
        chain.NeverBlock.AddRange(["www.shop.example", "shop.example", "shop.example"]);
        Assert.Equal(2, chain.Apply().LeftOut);

        chain.NeverBlock.Clear();

        Assert.Equal(chain.Signed.Lines, chain.Apply().List.Lines);
    }

    [Fact]
    public void An_unchanged_version_is_enforced_by_its_own_hash_and_a_changed_one_is_not()
    {
        var chain = new VersionChain().Publish(["one.example", "two.example"]);
        Assert.Equal(Format.Hashes.Sha256(chain.Signed.ToBytes()), chain.Apply().Sha256);

        chain.NeverBlock.Add("one.example");

        Assert.Equal(Format.Hashes.Sha256("two.example\n"u8), chain.Apply().Sha256);
    }

    [Fact]
    public void The_end_of_a_lease_withdraws_everything_and_forgets_nothing()
    {
        var chain = new VersionChain().Publish(["one.example"]);
        chain.Apply();
        chain.LeaseIsOver = true;

        var withdrawn = chain.Apply();
        chain.LeaseIsOver = false;

        Assert.True(withdrawn.Withdrawn);
        Assert.Empty(withdrawn.List.Lines);
        Assert.Equal(["one.example"], chain.Apply().List.Lines);
    }

    [Fact]
    public void Going_back_restores_an_earlier_version_but_for_what_left_the_list_since()
    {
        var chain = Applied(["gone.example", "stays.example"]);
        chain.Publish(["stays.example", "wrong.example"]);
        chain.Apply();

        var back = chain.RollBack(1);

        Assert.Equal(["stays.example"], back.List.Lines);
        Assert.Equal((1, 2), (back.Version.Value, back.RolledBackFrom!.Value.Value));
        Assert.Equal(["stays.example"], chain.Apply().List.Lines);
    }

    [Fact]
    public void The_next_version_ends_a_rollback()
    {
        var chain = Applied(["one.example"]).Publish(["one.example", "wrong.example"]);
        chain.Apply();
        chain.RollBack(1);

        var next = chain.Publish(["one.example", "three.example"]).Apply();

        Assert.Equal(["one.example", "three.example"], next.List.Lines);
        Assert.Null(next.RolledBackFrom);
        Assert.Null(chain.State.RolledBack);
    }

    [Fact]
    public void A_version_that_jumps_does_not_end_a_rollback()
    {
        var chain = Applied(["one.example"]).Publish(["one.example", "wrong.example"]);
        chain.Apply();
        chain.RollBack(1);

        var next = chain.Publish(["one.example", "three.example"], 5000).Apply();

        Assert.Equal(["one.example"], next.List.Lines);
        Assert.Equal((1, 2), (next.Version.Value, next.RolledBackFrom!.Value.Value));
        Assert.NotNull(next.HeldBecause);
    }

    [Fact]
    public void Accepting_the_version_gone_back_from_ends_a_rollback()
    {
        var chain = Applied(["one.example"]).Publish(["one.example", "right.example"]);
        chain.Apply();
        chain.RollBack(1);

        Assert.Equal(["one.example", "right.example"], chain.Apply(accept: 2).List.Lines);
    }

    [Fact]
    public void Going_back_lets_no_brake_go()
    {
        var chain = Applied(VersionChain.Names(0, 100)).Publish(VersionChain.Names(0, 300));
        chain.Apply();
        chain.Publish(VersionChain.Names(0, 301));
        chain.Apply();

        var back = chain.RollBack(2);

        Assert.Equal(VersionChain.Names(0, 100), back.List.Lines);
        Assert.Equal(200, back.HeldAdditions);
    }

    private static VersionChain Applied(IEnumerable<string> lines)
    {
        var chain = new VersionChain().Publish(lines);
        chain.Apply();
        return chain;
    }
}
