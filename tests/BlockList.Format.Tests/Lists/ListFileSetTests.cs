using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Names;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace BlockList.Format.Tests.Lists;

/// <summary>Two lists taken as sets.</summary>
public sealed class ListFileSetTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(400).WithQuietOnSuccess(true).WithReplay(20_261_122, 5);
    private static readonly Arbitrary<(ListFile, ListFile)> Pairs = GeneratedLists.List.Zip(GeneratedLists.List, (one, two) => (one, two)).ToArbitrary();

    [Fact]
    public void They_agree_with_sets_of_lines_and_stay_in_order() => Prop.ForAll(Pairs, pair =>
    {
        var (one, other) = pair;
        return one.Except(other).Lines.SequenceEqual(Sorted(one.Lines.Except(other.Lines)))
            && one.Intersect(other).Lines.SequenceEqual(Sorted(one.Lines.Intersect(other.Lines)))
            && one.Union(other).Lines.SequenceEqual(Sorted(one.Lines.Union(other.Lines)))
            && one.HasEntriesOf(other) == one.Lines.SequenceEqual(other.Lines)
            && one.Lines.Concat(other.Lines).All(line => other.Contains(line) == other.Lines.Contains(line));
    }).Check(Runs);

    /// <summary>Most of two versions is the same, in stretches of any length, at their beginnings and ends as well.</summary>
    [Fact]
    public void Versions_of_one_list_agree_with_sets_of_lines_too() => Prop.ForAll(Gen.Choose(0, 120).ListOf(6).Zip(Gen.Choose(0, 120).ListOf(6)).ToArbitrary(), changes =>
    {
        var all = Enumerable.Range(0, 121).Select(i => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(i % 7 == 0 ? "=" : "")}name{i:000}{new string('x', i % 5)}.example")).ToArray();
        var (one, other) = (ListFile.OfLines(all.Where((_, i) => !changes.Item1.Contains(i))), ListFile.OfLines(all.Where((_, i) => !changes.Item2.Contains(i))));
        return ((ListFile, IEnumerable<string>)[])
            [
                (one.Except(other), one.Lines.Except(other.Lines)), (other.Except(one), other.Lines.Except(one.Lines)),
                (one.Intersect(other), one.Lines.Intersect(other.Lines)), (one.Union(other), one.Lines.Union(other.Lines)),
            ] is var results && results.All(r => r.Item1.Lines.SequenceEqual(Sorted(r.Item2)) && ListFile.Parse(r.Item1.Bytes).HasEntriesOf(r.Item1));
    }).Check(Runs);

    /// <summary>So many that several processors take part.</summary>
    [Fact]
    public void Long_list_is_sorted_as_a_short_one_is()
    {
        var names = Enumerable.Range(0, 100_000).Select(i => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{i * 7919L % 100_003:x}-shared-beginning{i % 3}.example")).ToArray();
        var entries = names.Select(name => ListedName.TryParse(name, out var entry) ? entry : throw new InvalidOperationException(name)).ToArray();
        var list = ListFile.Sort(entries, entry => entry);
        Assert.Equal(names.Distinct().Order(StringComparer.Ordinal), list.Lines);
        Assert.Equal(list.Lines, entries.Select(entry => entry.ToString()));
    }

    [Fact]
    public void Each_result_is_a_file_that_can_be_read() => Prop.ForAll(Pairs, pair =>
    {
        var (one, other) = pair;
        return ((ListFile[])[one.Except(other), one.Intersect(other), one.Union(other), one.WholeNames()]).All(list => ListFile.Parse(list.Bytes).HasEntriesOf(list));
    }).Check(Runs);

    [Fact]
    public void Whole_names_are_the_entries_without_a_mark() => Prop.ForAll(GeneratedLists.List.ToArbitrary(), list =>
        list.WholeNames().Lines.SequenceEqual(list.Lines.Where(line => !line.StartsWith('=')))).Check(Runs);

    [Theory]
    [InlineData("")]
    [InlineData("b.exämple")]
    [InlineData("b.example\n")]
    public void What_is_no_line_stands_in_no_list(string line) => Assert.False(GeneratedLists.Of("a.example", "b.example").Contains(line));

    [Fact]
    public void A_line_of_any_length_may_be_asked_for() => Assert.False(GeneratedLists.Of("a.example").Contains(new string('a', 100_000)));

    [Fact]
    public void Lines_in_any_order_make_the_same_list() => Prop.ForAll(GeneratedLists.List.ToArbitrary(), list =>
        ListFile.OfLines(list.Lines.Reverse().Concat(list.Lines)).ToBytes().AsSpan().SequenceEqual(list.ToBytes())).Check(Runs);

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("Bad.example")]
    [InlineData("bad")]
    [InlineData("bad.example\n")]
    public void A_line_that_is_no_entry_is_refused(string line) => Assert.Throws<MalformedDocumentException>(() => ListFile.OfLines(["good.example", line]));

    private static IEnumerable<string> Sorted(IEnumerable<string> lines) => lines.Order(StringComparer.Ordinal);
}
