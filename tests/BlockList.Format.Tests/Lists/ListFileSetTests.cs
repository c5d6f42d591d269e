using BlockList.Format.Json;
using BlockList.Format.Lists;
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
