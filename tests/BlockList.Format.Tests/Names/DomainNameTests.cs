using BlockList.Format.Names;
using Xunit;

namespace BlockList.Format.Tests.Names;

public class DomainNameTests
{
    [Fact]
    public void The_parent_is_one_label_up_and_a_name_under_a_top_label_has_none()
    {
        var name = Name("a.b.example");
        Assert.Equal(3, name.LabelCount);
        Assert.Equal("b.example", name.Parent?.Ascii);
        Assert.Null(name.Parent?.Parent);
    }

    [Theory]
    [InlineData("a.bad.example", "bad.example", true)]
    [InlineData("a.b.bad.example", "bad.example", true)]
    [InlineData("bad.example", "bad.example", false)]
    [InlineData("notbad.example", "bad.example", false)]
    [InlineData("bad.example", "a.bad.example", false)]
    [InlineData("x.a.example", "a.exam", false)]
    public void A_name_is_below_another_only_at_a_label_boundary(string name, string other, bool isBelow) =>
        Assert.Equal(isBelow, Name(name).IsBelow(Name(other)));

    [Fact]
    public void Equal_names_are_equal_however_they_were_typed()
    {
        Assert.True(DomainName.TryParse("BÜCHER.example.", out var typed, out _));
        var listed = Name("xn--bcher-kva.example");
        Assert.True(typed == listed);
        Assert.Equal(listed.GetHashCode(), typed.GetHashCode());
        Assert.Equal(0, typed.CompareTo(listed));
        Assert.False(typed.Equals(null));
    }

    private static DomainName Name(string ascii) =>
        DomainName.TryParseCanonical(ascii, out var name) ? name : throw new ArgumentException(ascii);
}
