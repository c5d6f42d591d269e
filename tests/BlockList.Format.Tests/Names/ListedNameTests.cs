using BlockList.Format.Names;
using Xunit;

namespace BlockList.Format.Tests.Names;

public class ListedNameTests
{
    // Checked with LC_ALL=C sort -c.
    private static readonly string[] Sorted =
    [
        "0.example", "9-a.example", "9.example", "=0.example", "=a-b.example", "=a.example", "=a0.example", "=xn--bcher-kva.example",
        "a-b.example", "a.a.example", "a.example", "a0.example", "aa.example", "xn--bcher-kva.example",
    ];

    [Fact]
    public void Lines_are_ordered_as_the_C_collation_orders_their_text()
    {
        var lines = Sorted.Reverse().Select(Read).Order().Select(listed => listed.ToString());
        Assert.Equal(Sorted, lines);
    }

    [Fact]
    public void Every_pair_of_lines_compares_like_its_text()
    {
        foreach (var left in Sorted)
            foreach (var right in Sorted)
                Assert.Equal(Math.Sign(string.CompareOrdinal(left, right)), Math.Sign(Read(left).CompareTo(Read(right))));
    }

    [Theory]
    [InlineData("bad.example", Scope.Domain)]
    [InlineData("=bad.example", Scope.Host)]
    public void A_line_says_name_and_scope(string text, Scope scope)
    {
        var listed = Read(text);
        Assert.Equal(scope, listed.Scope);
        Assert.Equal("bad.example", listed.Name.Ascii);
        Assert.Equal(text, listed.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("==bad.example")]
    [InlineData("= bad.example")]
    [InlineData("bad.example=")]
    [InlineData("Bad.example")]
    [InlineData("bad.example\r")]
    public void Any_other_line_is_refused(string text) => Assert.False(ListedName.TryParse(text, out _));

    private static ListedName Read(string text) =>
        ListedName.TryParse(text, out var listed) ? listed : throw new ArgumentException(text);
}
