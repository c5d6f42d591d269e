namespace BlockList.Agent.Tests.Enforcing;

/// <summary>How much one version may change by itself, and what becomes of more.</summary>
public sealed class BrakeTests
{
    [Theory]
    [InlineData(100, 50, true)]
    [InlineData(100, 51, false)]
    [InlineData(2000, 100, true)]
    [InlineData(2000, 101, false)]
    public void A_version_may_add_50_entries_or_5_percent(int before, int added, bool passes)
    {
        var chain = Applied(Names(0, before)).Publish(Names(0, before + added));

        var enforcement = chain.Apply();

        Assert.Equal(passes ? before + added : before, enforcement.List.Count);
        Assert.Equal(passes ? 0 : added, enforcement.HeldAdditions);
        Assert.Equal(passes ? null : $"version 2 adds {added} entries where at most {Math.Max(50, before / 20)} may come", enforcement.HeldBecause);
    }

    [Theory]
    [InlineData(100, 50, true)]
    [InlineData(100, 51, false)]
    [InlineData(2000, 200, true)]
    [InlineData(2000, 201, false)]
    public void A_version_may_remove_50_entries_or_10_percent(int before, int removed, bool passes)
    {
        var chain = Applied(Names(0, before)).Publish(Names(removed, before - removed));

        var enforcement = chain.Apply();

        Assert.Equal(passes ? before - removed : before, enforcement.List.Count);
        Assert.Equal(passes ? 0 : removed, enforcement.HeldRemovals);
        Assert.Equal(passes ? null : $"version 2 removes {removed} entries where at most {Math.Max(50, before / 10)} may go", enforcement.HeldBecause);
    }

    [Fact]
    public void The_first_version_is_taken_whatever_its_size() => Assert.Equal(8000, new VersionChain().Publish(Names(0, 8000)).Apply().List.Count);

    [Fact]
    public void Denmark_2012_eight_thousand_entries_in_one_version_are_held_and_its_removals_are_not()
    {
        var chain = Applied(Names(0, 1000)).Publish(Names(3, 8997));

        var enforcement = chain.Apply();

        Assert.Equal(Names(3, 997), enforcement.List.Lines);
        Assert.Equal((8000, 0), (enforcement.HeldAdditions, enforcement.HeldRemovals));
    }

    [Fact]
    public void A_list_replaced_by_another_of_the_same_size_is_held_both_ways()
    {
        var chain = Applied(Names(0, 100)).Publish(Names(5000, 100));

        var enforcement = chain.Apply();

        Assert.Equal(Names(0, 100), enforcement.List.Lines);
        Assert.Equal("version 2 adds 100 entries where at most 50 may come and removes 100 entries where at most 50 may go", enforcement.HeldBecause);
    }

    [Fact]
    public void An_empty_list_frees_nothing_however_short_the_list_was()
    {
        var enforcement = Applied(Names(0, 3)).Publish([]).Apply();

        Assert.Equal(Names(0, 3), enforcement.List.Lines);
        Assert.Equal("version 2 empties the list", enforcement.HeldBecause);
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(6, 1)]
    public void Urgent_removals_pass_up_to_the_publishers_ceiling(int entries, int held)
    {
        var enforcement = Applied(Names(0, entries)).Publish([], urgent: true).Apply();

        Assert.Equal((held, held), (enforcement.HeldRemovals, enforcement.List.Count));
    }

    [Fact]
    public void Urgent_removals_beyond_the_ceiling_wait()
    {
        var enforcement = Applied(Names(0, 2000)).Publish(Names(300, 1700), urgent: true).Apply();

        Assert.Equal(Names(10, 1990), enforcement.List.Lines);
        Assert.Equal(290, enforcement.HeldRemovals);
    }

    [Fact]
    public void An_approved_version_passes_whatever_its_size()
    {
        var enforcement = Applied(Names(0, 1000)).Publish(Names(500, 8000), approved: true).Apply();

        Assert.Equal(Names(500, 8000), enforcement.List.Lines);
        Assert.Null(enforcement.HeldBecause);
    }

    [Fact]
    public void Each_version_of_the_chain_is_measured_by_itself()
    {
        var chain = Applied(Names(0, 100));
        for (var version = 2; version <= 4; version++) chain.Publish(Names(0, 50 + (version * 50)));
        chain.Publish(Names(0, 1000));

        var enforcement = chain.Apply();

        Assert.Equal(Names(0, 250), enforcement.List.Lines);
        Assert.StartsWith("version 5 adds 750 entries", enforcement.HeldBecause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(250, true)]
    [InlineData(251, false)]
    public void Without_deltas_the_limits_multiply_by_the_versions_skipped(int entries, bool passes)
    {
        var chain = Applied(Names(0, 100)).Publish(Names(0, 101)).Publish(Names(0, 102)).Publish(Names(0, entries)).WithoutDeltas();

        var enforcement = chain.Apply();

        Assert.Equal(passes ? entries : 100, enforcement.List.Count);
    }

    [Fact]
    public void What_is_held_goes_on_being_held_while_later_versions_pass()
    {
        var chain = Applied(Names(0, 100)).Publish(Names(0, 300));
        chain.Apply();
        chain.Publish([.. Names(1, 299), "later.example"]);

        var enforcement = chain.Apply();

        Assert.Equal([.. new[] { "later.example" }.Concat(Names(1, 99))], enforcement.List.Lines);
        Assert.Equal(200, enforcement.HeldAdditions);
        Assert.StartsWith("version 2 adds 200", enforcement.HeldBecause, StringComparison.Ordinal);
    }

    [Fact]
    public void What_leaves_the_list_while_it_is_held_never_comes_and_nothing_is_held_any_more()
    {
        var chain = Applied(Names(0, 100)).Publish(Names(0, 200));
        chain.Apply();
        chain.Publish(Names(0, 150));
        chain.Apply();
        chain.Publish(Names(0, 100));

        var enforcement = chain.Apply();

        Assert.Equal(Names(0, 100), enforcement.List.Lines);
        Assert.Null(enforcement.HeldBecause);
    }

    [Fact]
    public void What_comes_back_to_the_list_while_its_removal_is_held_was_never_free()
    {
        var chain = Applied(Names(0, 100)).Publish(Names(0, 40));
        Assert.Equal(60, chain.Apply().HeldRemovals);
        chain.Publish(Names(0, 100), approved: true);

        var enforcement = chain.Apply();

        Assert.Equal(Names(0, 100), enforcement.List.Lines);
        Assert.Null(enforcement.HeldBecause);
    }

    [Fact]
    public void Accepting_takes_exactly_the_version_that_was_named()
    {
        var chain = Applied(Names(0, 100)).Publish(Names(0, 200));
        chain.Apply();
        chain.Publish(Names(0, 400));
        Assert.Equal(300, chain.Apply().HeldAdditions);

        Assert.Equal(Names(0, 200), chain.Apply(accept: 2).List.Lines);
        Assert.StartsWith("version 3 adds 200", chain.Apply().HeldBecause, StringComparison.Ordinal);
        Assert.Equal(Names(0, 400), chain.Apply(accept: 3).List.Lines);
        Assert.Null(chain.Apply().HeldBecause);
    }

    [Fact]
    public void A_version_can_be_accepted_in_the_run_that_meets_it_and_accepted_twice()
    {
        var chain = Applied(Names(0, 100)).Publish(Names(0, 200));

        Assert.Equal(Names(0, 200), chain.Apply(accept: 2).List.Lines);
        Assert.Equal(Names(0, 200), chain.Apply(accept: 2).List.Lines);
    }

    [Theory]
    [InlineData(1001, false)]
    [InlineData(1002, true)]
    public void A_number_that_jumps_by_more_than_a_thousand_is_held_with_all_it_brings(int number, bool held)
    {
        var chain = Applied(Names(0, 100)).Publish(Names(1, 100), number);

        var enforcement = chain.Apply();

        Assert.Equal(held ? Names(0, 100) : Names(1, 100), enforcement.List.Lines);
        Assert.Equal(held ? 1 : number, enforcement.Version.Value);
        Assert.Equal(held ? "version 1002 runs 1001 ahead of version 1" : null, enforcement.HeldBecause);
    }

    [Fact]
    public void A_jump_that_is_accepted_is_taken_whole_and_the_next_version_is_measured_again()
    {
        var chain = Applied(Names(0, 100)).Publish(Names(500, 3000), 5000);
        chain.Apply();

        Assert.Equal(Names(500, 3000), chain.Apply(accept: 5000).List.Lines);
        Assert.Equal(1000, chain.Publish(Names(0, 3500).Concat(Names(9000, 500))).Apply().HeldAdditions);
    }

    [Fact]
    public void A_jump_that_was_never_accepted_does_not_stand_in_the_way_when_numbers_begin_again()
    {
        var chain = Applied(Names(0, 100)).Publish(Names(500, 3000), 1_000_000);
        chain.Apply();

        var enforcement = chain.Publish(Names(1, 100), 2).Apply();

        Assert.Equal(Names(1, 100), enforcement.List.Lines);
        Assert.Equal((2, null), (enforcement.Version.Value, enforcement.HeldBecause));
    }

    private static IEnumerable<string> Names(int from, int count) => VersionChain.Names(from, count);

    private static VersionChain Applied(IEnumerable<string> lines)
    {
        var chain = new VersionChain().Publish(lines);
        Assert.Null(chain.Apply().HeldBecause);
        return chain;
    }
}
