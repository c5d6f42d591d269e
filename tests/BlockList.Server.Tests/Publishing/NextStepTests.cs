using BlockList.Format.Lists;
using BlockList.Server.Publishing.Gates;
using BlockList.Server.Tests.Publishing.Model;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>The gates by themselves: what goes out of a list as it should be, and what waits.</summary>
public sealed class NextStepTests
{
    [Theory]
    // A list of 100: 50 may come at once, 50 may go; of 2000: 100 and 200.
    [InlineData(100, 50, 0, Gate.None)]
    [InlineData(100, 51, 0, Gate.Growth)]
    [InlineData(2000, 100, 0, Gate.None)]
    [InlineData(2000, 101, 0, Gate.Growth)]
    [InlineData(100, 0, 50, Gate.None)]
    [InlineData(100, 0, 51, Gate.Shrinkage)]
    [InlineData(2000, 0, 200, Gate.None)]
    [InlineData(2000, 0, 201, Gate.Shrinkage)]
    [InlineData(100, 51, 51, Gate.Growth | Gate.Shrinkage)]
    [InlineData(0, 50, 0, Gate.None)]
    [InlineData(0, 51, 0, Gate.Growth)]
    [InlineData(3, 0, 3, Gate.Empty)]
    [InlineData(60, 0, 60, Gate.Shrinkage | Gate.Empty)]
    internal void Gates_close_above_their_limits(int entries, int added, int removed, Gate closed)
    {
        var before = Names("old", entries);
        var after = before.Except(Names("old", removed)).Union(Names("new", added));
        var step = NextStep.OfSlot(before, after, _ => RemovalCause.Time, Settled.Nothing, 5);

        Assert.Equal(closed, step.Closed);
        if (closed == Gate.None) Assert.True(step.List.HasEntriesOf(after));
        AssertSound(before, after, step);
    }

    [Fact]
    public void Held_by_growth_it_lets_removals_out_and_additions_wait()
    {
        var before = Names("old", 100);
        var step = NextStep.OfSlot(before, before.Except(Names("old", 10)).Union(Names("new", 8000)), _ => RemovalCause.Time, Settled.Nothing, 5);

        Assert.Equal(90, step.List.Count);
        Assert.Equal((8000, 0), (step.Held.Additions.Count, step.Held.Removals.Count));
    }

    /// <summary>An officer confirmed that 60 go while 30 come. Then nothing comes any more: that was not what they said.</summary>
    [Fact]
    public void Confirmed_shrinkage_empties_no_list_when_what_was_to_come_does_not()
    {
        var before = Names("old", 60);
        var confirmed = Settled.Nothing with { ConfirmedRemovals = before, ConfirmedAdditions = Names("new", 30) };
        Assert.Equal((Gate.None, 30), Of(NextStep.OfSlot(before, Names("new", 30), _ => RemovalCause.Time, confirmed, 5)));
        Assert.Equal((Gate.Empty, 60), Of(NextStep.OfSlot(before, ListFile.Empty, _ => RemovalCause.Time, confirmed, 5)));
        Assert.Equal((Gate.None, 0), Of(NextStep.OfSlot(before, ListFile.Empty, _ => RemovalCause.Time, confirmed with { OwnersRemovals = before }, 5)));

        static (Gate, int) Of(NextStep step) => (step.Closed, step.List.Count);
    }

    /// <summary>All 40 lapse while 60 come, which wait: without the owner's word nothing would be left.</summary>
    [Fact]
    public void List_is_as_empty_as_what_is_held_leaves_it()
    {
        var before = Names("old", 40);
        var step = NextStep.OfSlot(before, Names("new", 60), _ => RemovalCause.Time, Settled.Nothing, 5);

        Assert.Equal(Gate.Growth | Gate.Empty, step.Closed);
        Assert.True(step.List.HasEntriesOf(before));
        Assert.Equal((60, 40), (step.Held.Additions.Count, step.Held.Removals.Count));
        Assert.Equal(Gate.Growth, NextStep.OfSlot(before, Names("new", 60), _ => RemovalCause.Time, Settled.Nothing with { ConfirmedAdditions = Names("new", 3) }, 5).Closed);
    }

    [Fact]
    public void Version_that_was_not_published_leaves_all_waiting_and_asks_the_same()
    {
        var (before, entries) = (Names("old", 100), Names("old", 90).Union(Names("new", 60)));
        var step = NextStep.OfSlot(before, entries, _ => RemovalCause.Time, Settled.Nothing, 5).Unpublished(before, entries);

        Assert.True(step.List.HasEntriesOf(before));
        Assert.Equal((60, 10, 60, 0), (step.AdditionsWaiting.Count, step.RemovalsWaiting.Count, step.Held.Additions.Count, step.Held.Removals.Count));
        AssertSound(before, entries, step);
    }

    [Fact]
    public void Held_by_shrinkage_it_lets_suspensions_out_within_the_ceiling_and_nothing_else()
    {
        var before = Names("old", 100);
        var gone = Names("old", 60);
        var step = NextStep.OfSlot(before, before.Except(gone).Union(Names("new", 3)), line => line.StartsWith("old00", StringComparison.Ordinal) ? RemovalCause.Suspension : RemovalCause.Decision, Settled.Nothing, 5);

        Assert.Equal(Gate.Shrinkage, step.Closed);
        Assert.Equal(95, step.List.Count);
        Assert.All(before.Except(step.List).Lines, line => Assert.StartsWith("old00", line, StringComparison.Ordinal));
        Assert.Equal((3, 55), (step.Held.Additions.Count, step.Held.Removals.Count));
    }

    [Fact]
    public void What_was_confirmed_passes_and_is_not_counted_again()
    {
        var before = Names("old", 100);
        var confirmed = Settled.Nothing with { ConfirmedAdditions = Names("new", 80) };
        Assert.Equal(Gate.None, NextStep.OfSlot(before, before.Union(Names("new", 80)).Union(Names("more", 50)), _ => RemovalCause.Time, confirmed, 5).Closed);

        var step = NextStep.OfSlot(before, before.Union(Names("new", 80)).Union(Names("more", 51)), _ => RemovalCause.Time, confirmed, 5);
        Assert.Equal(Gate.Growth, step.Closed);
        Assert.Equal(180, step.List.Count);
        Assert.Equal(51, step.Held.Additions.Count);
    }

    [Fact]
    public void What_was_discarded_waits_without_closing_a_gate()
    {
        var before = Names("old", 100);
        var discarded = Settled.Nothing with { DiscardedAdditions = Names("new", 8000), DiscardedRemovals = Names("old", 60) };
        var step = NextStep.OfSlot(before, before.Except(Names("old", 60)).Union(Names("new", 8000)).Union(Names("more", 5)), _ => RemovalCause.Decision, discarded, 5);

        Assert.Equal(Gate.None, step.Closed);
        Assert.True(step.List.HasEntriesOf(before.Union(Names("more", 5))));
        Assert.Equal((8000, 60), (step.AdditionsWaiting.Count, step.RemovalsWaiting.Count));
    }

    [Fact]
    public void Urgent_version_only_removes_suspensions_first_and_lapses_wait()
    {
        var before = Names("old", 100);
        var gone = Names("old", 20);
        var step = NextStep.Urgent(before, before.Except(gone).Union(Names("new", 4)), line => line switch
        {
            _ when line.StartsWith("old0000", StringComparison.Ordinal) => RemovalCause.Time,
            _ when line.StartsWith("old0001", StringComparison.Ordinal) && line[7] > '6' => RemovalCause.Suspension,
            _ => RemovalCause.Decision,
        }, Settled.Nothing, 5);

        Assert.Equal(Gate.Ceiling, step.Closed);
        var freed = before.Except(step.List).Lines;
        Assert.Equal(["old00010.example", "old00011.example", "old00017.example", "old00018.example", "old00019.example"], freed);
        Assert.Equal(4, step.AdditionsWaiting.Count);
        Assert.Equal((0, 5), (step.Held.Additions.Count, step.Held.Removals.Count));
        AssertSound(before, before.Except(gone).Union(Names("new", 4)), step);
    }

    [Fact]
    public void Urgent_version_empties_a_list_by_suspensions_alone()
    {
        var before = Names("old", 2);
        var step = NextStep.Urgent(before, ListFile.Empty, line => line.StartsWith("old00000", StringComparison.Ordinal) ? RemovalCause.Suspension : RemovalCause.Decision, Settled.Nothing, 5);
        Assert.Equal((Gate.Ceiling | Gate.Empty, 1), (step.Closed | Gate.Ceiling, step.List.Count));

        Assert.Equal(0, NextStep.Urgent(before, ListFile.Empty, _ => RemovalCause.Suspension, Settled.Nothing, 5).List.Count);
        Assert.Equal(0, NextStep.Urgent(before, ListFile.Empty, _ => RemovalCause.Decision, Settled.Nothing with { ConfirmedRemovals = before, OwnersRemovals = before }, 5).List.Count);
        Assert.Equal(Gate.Empty, NextStep.Urgent(before, ListFile.Empty, _ => RemovalCause.Decision, Settled.Nothing with { ConfirmedRemovals = before }, 5).Closed);
    }

    [Fact]
    public void Whatever_the_gates_hold_nothing_is_listed_or_freed_that_is_not_decided()
    {
        var random = new Seeded(20121103);
        for (var i = 0; i < 5_000; i++)
        {
            var (before, entries) = (Some(random, 120), Some(random, 120));
            var settled = Settled.Nothing with { ConfirmedAdditions = Some(random, 40), ConfirmedRemovals = Some(random, 40) };
            settled = settled with { DiscardedAdditions = Some(random, 40).Except(settled.ConfirmedAdditions), DiscardedRemovals = Some(random, 40).Except(settled.ConfirmedRemovals) };
            var left = random.Below(11) - 3;
            AssertSound(before, entries, NextStep.OfSlot(before, entries, CauseOf, settled, left));
            var urgent = NextStep.Urgent(before, entries, CauseOf, settled, left);
            AssertSound(before, entries, urgent);
            Assert.Equal(0, urgent.List.Except(before).Count);
            Assert.True(before.Except(urgent.List).Except(settled.ConfirmedRemovals).Count <= Math.Max(0, left));
            Assert.All(before.Except(urgent.List).Lines, line => Assert.NotEqual(RemovalCause.Time, CauseOf(line)));
        }

        static RemovalCause CauseOf(string line) => (RemovalCause)(line[7] % 3);
    }

    private static void AssertSound(ListFile before, ListFile entries, NextStep step)
    {
        Assert.Equal(0, step.List.Except(before).Except(entries).Count);
        Assert.Equal(0, before.Except(step.List).Intersect(entries).Count);
        Assert.True(step.List.Union(step.AdditionsWaiting).Except(step.RemovalsWaiting).HasEntriesOf(entries));
    }

    private static ListFile Some(Seeded random, int most) => ListFile.OfLines(Enumerable.Range(0, 160).Where(_ => random.Below(160) < most).Select(i => $"old{i:00000}.example"));

    private static ListFile Names(string word, int count) => ListFile.OfLines(Enumerable.Range(0, count).Select(i => $"{word}{i:00000}.example"));
}
