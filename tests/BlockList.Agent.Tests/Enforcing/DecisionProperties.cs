using FsCheck;
using FsCheck.Fluent;

namespace BlockList.Agent.Tests.Enforcing;

/// <summary>What holds for every chain of versions, however wild.</summary>
public sealed class DecisionProperties
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true).WithReplay(20_261_122, 3);

    /// <summary>One version: how many entries leave from a place on, how many come from a place on, and what is said of it.</summary>
    private sealed record Change(int RemoveAt, int Remove, int AddAt, int Add, bool Urgent, bool Approved);

    private static readonly Arbitrary<List<Change>> Chains = (
        from removeAt in Gen.Choose(0, 400)
        from remove in Gen.Frequency((5, Gen.Choose(0, 49)), (2, Gen.Choose(50, 120)), (1, Gen.Constant(1000)))
        from addAt in Gen.Choose(0, 400)
        from add in Gen.Frequency((5, Gen.Choose(0, 49)), (2, Gen.Choose(50, 120)))
        from urgent in Gen.Elements(true, false, false, false)
        from approved in Gen.Elements(true, false, false, false, false)
        select new Change(removeAt, remove, addAt, add, urgent, approved)).ListOf().Resize(8).Select(changes => changes.ToList()).ToArbitrary();

    [Fact]
    public void What_is_enforced_is_the_signed_list_but_for_what_is_held() => Prop.ForAll(Chains, changes =>
    {
        var chain = Start();
        foreach (var change in changes)
        {
            var enforcement = Publish(chain, change).Apply();
            var additions = chain.State.Holds.SelectMany(h => h.Additions.Lines).ToHashSet(StringComparer.Ordinal);
            var removals = chain.State.Holds.SelectMany(h => h.Removals.Lines).ToHashSet(StringComparer.Ordinal);
            if (!additions.IsSubsetOf(chain.Signed.Lines) || removals.Overlaps(chain.Signed.Lines)
                || additions.Count != enforcement.HeldAdditions || removals.Count != enforcement.HeldRemovals
                || (enforcement.HeldBecause is null) != (additions.Count + removals.Count == 0)
                || !enforcement.List.Lines.SequenceEqual(chain.Signed.Lines.Except(additions).Concat(removals).Order(StringComparer.Ordinal)))
                return false;
        }
        return true;
    }).Check(Runs);

    [Fact]
    public void No_version_that_nobody_approved_moves_a_filter_further_than_the_brakes_allow() => Prop.ForAll(Chains, changes =>
    {
        var chain = Start();
        var before = chain.Apply().List;
        foreach (var change in changes)
        {
            var signed = chain.Signed.Count;
            var after = Publish(chain, change).Apply().List;
            var (added, removed) = (after.Except(before).Count, before.Except(after).Count);
            if (!change.Approved && (added > Math.Max(50, signed / 20) || removed > Math.Max(50, signed / 10) || (after.Count == 0 && before.Count > 5)))
                return false;
            before = after;
        }
        return true;
    }).Check(Runs);

    [Fact]
    public void It_is_the_same_whether_each_version_was_applied_or_only_the_last() => Prop.ForAll(Chains, changes =>
    {
        var (each, last) = (Start(), Start());
        each.Apply();
        last.Apply();
        foreach (var change in changes)
        {
            Publish(each, change).Apply();
            Publish(last, change);
        }
        return each.Apply() is var one && last.Apply() is var other
            && one.List.Lines.SequenceEqual(other.List.Lines) && one.Facts == other.Facts;
    }).Check(Runs);

    [Fact]
    public void Who_accepts_every_version_that_is_held_enforces_the_signed_list() => Prop.ForAll(Chains, changes =>
    {
        var chain = Start();
        foreach (var change in changes) Publish(chain, change).Apply();
        var enforcement = chain.Apply();
        while (enforcement.HeldBecause is not null) enforcement = chain.Apply(accept: chain.State.Holds[^1].Version.Value);
        return enforcement.List.Lines.SequenceEqual(chain.Signed.Lines) && enforcement.Of.Point == chain.State.At.Point;
    }).Check(Runs);

    [Fact]
    public void Going_back_never_blocks_what_left_the_list_and_was_free() => Prop.ForAll(Chains, Gen.Choose(0, 7).ToArbitrary(), (changes, to) =>
    {
        var chain = Start();
        var before = chain.Apply().List;
        foreach (var change in changes) before = Publish(chain, change).Apply().List;
        if (to >= changes.Count) return true;
        var back = chain.RollBack(to + 1);
        return back.List.Except(before).Count == 0 && (back.List.Except(chain.Signed).Count == back.HeldRemovals) && chain.Apply().Facts == back.Facts;
    }).Check(Runs);

    private static VersionChain Start()
    {
        var chain = new VersionChain().Publish(VersionChain.Names(100, 200));
        chain.Apply();
        return chain;
    }

    private static VersionChain Publish(VersionChain chain, Change change)
    {
        var kept = chain.Signed.Lines.Except(VersionChain.Names(change.RemoveAt, change.Remove));
        return chain.Publish(kept.Union(VersionChain.Names(change.AddAt, change.Add)), urgent: change.Urgent, approved: change.Approved);
    }
}
