using BlockList.Format.Names;
using Xunit;

namespace BlockList.Format.Tests.Names;

public class AcceptedNameTests
{
    [Theory]
    [InlineData("bad.example", "bad.example", "bad.example")]
    [InlineData("  BAD.Example.\n", "bad.example", "bad.example")]
    [InlineData("a.b.c.d.bad.example", "a.b.c.d.bad.example", "a.b.c.d.bad.example")]
    [InlineData("0-9.example", "0-9.example", "0-9.example")]
    [InlineData("a-b--c.example", "a-b--c.example", "a-b--c.example")]
    [InlineData("1.2.3.4.example", "1.2.3.4.example", "1.2.3.4.example")]
    [InlineData("Bücher.Example", "xn--bcher-kva.example", "bücher.example")]
    [InlineData("bu\u0308cher.example", "xn--bcher-kva.example", "bücher.example")]
    [InlineData("XN--BCHER-KVA.EXAMPLE.", "xn--bcher-kva.example", "bücher.example")]
    [InlineData("Straße.example", "xn--strae-oqa.example", "straße.example")]
    [InlineData("STRAẞE.example", "xn--strae-oqa.example", "straße.example")]
    [InlineData("ΣΊΣΥΦΟΣ.example", "xn--kxa6akbbkh.example", "σίσυφοσ.example")]
    [InlineData("例え。テスト", "xn--r8jz45g.xn--zckzah", "例え.テスト")]
    [InlineData("例え．テスト。", "xn--r8jz45g.xn--zckzah", "例え.テスト")]
    [InlineData("ＢＡＤ．ｅｘａｍｐｌｅ", "bad.example", "bad.example")]
    [InlineData("עברית.example", "xn--5dbqzzl.example", "עברית.example")]
    [InlineData("עברית1.example", "xn--1-1hcy8a5an.example", "עברית1.example")]
    [InlineData("1.עברית.example", "1.xn--5dbqzzl.example", "1.עברית.example")]
    [InlineData("نامه\u200Cای.example", "xn--mgba3gch31f060k.example", "نامه\u200Cای.example")]
    [InlineData("l·l.example", "xn--ll-0ea.example", "l·l.example")]
    [InlineData("☃.example", "xn--n3h.example", "☃.example")]
    [InlineData("xn--ls8h.example", "xn--ls8h.example", "💩.example")]
    [InlineData("bad.xn--p1ai", "bad.xn--p1ai", "bad.рф")]
    public void What_people_type_becomes_one_lower_case_ascii_name(string text, string ascii, string unicode)
    {
        Assert.True(DomainName.TryParse(text, out var name, out var problem));
        Assert.Null(problem);
        Assert.Equal(ascii, name.Ascii);
        Assert.Equal(ascii, name.ToString());
        Assert.Equal(unicode, name.Unicode);
        Assert.True(DomainName.TryParseCanonical(ascii, out var canonical));
        Assert.Equal(name, canonical);
        Assert.Equal(unicode, canonical.Unicode);
    }

    [Theory]
    [InlineData("Bad.example")]
    [InlineData("bad.example.")]
    [InlineData(" bad.example")]
    [InlineData("bücher.example")]
    [InlineData("=bad.example")]
    [InlineData("*.bad.example")]
    [InlineData("bad_.example")]
    [InlineData("bad-.example")]
    [InlineData("ab--cd.example")]
    [InlineData("xn--.example")]
    [InlineData("xn--a.example")]
    [InlineData("xn--abc-.example")]
    [InlineData("xn---abc.example")]
    [InlineData("xn--99999999.example")]
    [InlineData("bad..example")]
    [InlineData("bad.123")]
    [InlineData("192.0.2.1")]
    [InlineData("example")]
    [InlineData("")]
    public void List_text_is_read_only_as_it_is_printed(string text)
    {
        Assert.False(DomainName.TryParseCanonical(text, out var name));
        Assert.Null(name);
    }

    [Fact]
    public void A_character_newer_than_this_machine_does_not_make_a_list_unreadable()
    {
        // Encodes U+0378, which no version of Unicode has assigned yet; the next one may.
        Assert.True(DomainName.TryParseCanonical("xn--a-qib.example", out var name));
        Assert.Equal(name.Ascii, name.Unicode);
        Assert.False(DomainName.TryParse(name.Ascii, out _, out var problem));
        Assert.Equal("punycode", problem.Code);
    }

    [Fact]
    public void Reading_list_text_allocates_only_the_result()
    {
        Assert.True(DomainName.TryParseCanonical("www.xn--bcher-kva.example", out _));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            _ = DomainName.TryParseCanonical("www.xn--bcher-kva.example", out _);
        // A string of 25 characters takes 72 bytes, the name 32.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1000, 1, 104);
    }
}
