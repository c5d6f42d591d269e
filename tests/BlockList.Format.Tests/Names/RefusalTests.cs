using BlockList.Format.Names;
using Xunit;

namespace BlockList.Format.Tests.Names;

public class RefusalTests
{
    [Theory]
    [InlineData("https://bad.example/x", "url", "Enter bad.example.")]
    [InlineData("HTTPS://User:pw@Bad.Example:8443/x?y#z", "url", "Enter bad.example.")]
    [InlineData("http:bad.example", "url", "Enter bad.example.")]
    [InlineData("//bad.example", "url", "Enter bad.example.")]
    [InlineData("bad.example/path", "url", "Enter bad.example.")]
    [InlineData("bad.example:80/path", "url", "Enter bad.example.")]
    [InlineData("bad.example?x=1", "url", "Enter bad.example.")]
    [InlineData("bad.example#top", "url", "Enter bad.example.")]
    [InlineData(@"\\bad.example\share", "url", "Enter bad.example.")]
    [InlineData("https://bücher.example/", "url", "Enter xn--bcher-kva.example.")]
    [InlineData("bad.example:/x.y", "url", "Enter bad.example.")]
    [InlineData("<https://bad.example>", "url", "Enter bad.example.")]
    [InlineData("https://*.bad.example/", "url", "Enter bad.example.")]
    [InlineData("https:///", "url", "bad.example")]
    [InlineData("http://192.0.2.1/x", "address", "bad.example")]
    [InlineData("http://[2001:db8::1]:8080/", "address", "bad.example")]
    [InlineData("mailto:someone@bad.example", "url", "Enter bad.example.")]
    [InlineData("someone@bad.example", "email", "Enter bad.example if the whole domain is meant.")]
    [InlineData("Some One <someone@bad.example>", "email", "Enter bad.example if")]
    [InlineData("@", "email", "bad.example")]
    [InlineData("192.0.2.1", "address", "domain name")]
    [InlineData("192.0.2.1.", "address", "domain name")]
    [InlineData("192.0.2.1:80", "address", "domain name")]
    [InlineData("192.0.2.0/24", "address", "domain name")]
    [InlineData("１９２.０.２.１", "address", "domain name")]
    [InlineData("0xC0.0.2.1", "address", "domain name")]
    [InlineData("2001:db8::1", "address", "domain name")]
    [InlineData("2001:DB8::/32", "address", "domain name")]
    [InlineData("[2001:db8::1]", "address", "domain name")]
    [InlineData("[2001:db8::1]:443", "address", "domain name")]
    [InlineData("::ffff:192.0.2.1", "address", "domain name")]
    [InlineData("fe80::1%eth0", "address", "domain name")]
    [InlineData("bad.example:8080", "port", "Enter bad.example.")]
    [InlineData("bad.example.:", "port", "Enter bad.example.")]
    [InlineData("*.bad.example", "wildcard", "Enter bad.example with the scope \"domain\".")]
    [InlineData("www.*.bad.example", "wildcard", "Enter bad.example with")]
    [InlineData("*", "wildcard", "without *")]
    [InlineData("bad.*", "wildcard", "without *")]
    [InlineData("bad[.]example", "defanged", "Enter bad.example.")]
    [InlineData("hxxps://www(.)bad[dot]example/x", "defanged", "Enter www.bad.example.")]
    [InlineData("bad .example", "space", "without spaces")]
    [InlineData("bad.example good.example", "space", "without spaces")]
    [InlineData("bad.\u00A0example", "space", "without spaces")]
    [InlineData("bad\n.example", "space", "without spaces")]
    [InlineData("bad\0.example", "invisible", "Enter bad.example.")]
    [InlineData("\u202Ebad.example", "invisible", "Enter bad.example.")]
    [InlineData("bad.exam\u200Bple", "invisible", "Enter bad.example.")]
    [InlineData("\uFEFFbad.example", "invisible", "Enter bad.example.")]
    [InlineData("ba\u00ADd.example", "invisible", "Enter bad.example.")]
    [InlineData("\u2066bad\u2069.example", "invisible", "Enter bad.example.")]
    [InlineData("_dmarc.bad.example", "underscore", "enter bad.example if")]
    [InlineData("my_site.example", "underscore", "hyphen")]
    [InlineData("bücher_1.bad.example", "unicode", "xn--")]
    [InlineData("bad,example", "character", "bad.example")]
    [InlineData("bad!.example", "character", "bad.example")]
    [InlineData("a℀.example", "unicode", "xn--")]
    [InlineData("-bad.example", "hyphen", "\"bad\"")]
    [InlineData("bad-.example", "hyphen", "\"bad\"")]
    [InlineData("-ü.example", "hyphen", "\"ü\"")]
    [InlineData("bad.-.example", "hyphen", "bad.example")]
    [InlineData("ab--cd.example", "reserved-hyphens", "spelling")]
    [InlineData("ab--ü.example", "reserved-hyphens", "spelling")]
    [InlineData("\U0001028Ca--\U0001028C.example", "reserved-hyphens", "spelling")]
    [InlineData("xn--a---zy9sda.example", "punycode", "bücher.example")] // the same in its A-form
    [InlineData("xn--a.example", "punycode", "bücher.example")]
    [InlineData("xn--abc--.example", "hyphen", "\"xn--abc\"")]
    [InlineData("xn--0.example", "punycode", "bücher.example")]
    [InlineData("xn--ü.example", "unicode", "xn--")]
    [InlineData("xn--u-ccb.example", "punycode", "bücher.example")] // ü in two code points: not its own normal form
    [InlineData("xn--bcher-kva99999.example", "punycode", "bücher.example")]
    [InlineData("xn--ab-r13a.example", "punycode", "bücher.example")] // an ideographic full stop inside a label
    [InlineData("\u0301a.example", "unicode", "xn--")]
    [InlineData("a\u200Db.example", "unicode", "xn--")]
    [InlineData("a\u0378.example", "unicode", "xn--")]
    [InlineData("אa.example", "mixed-direction", "one direction")]
    [InlineData("aא.example", "mixed-direction", "one direction")]
    [InlineData("א🇮🇱א.example", "mixed-direction", "one direction")] // flags are left-to-right
    [InlineData("א⠿א.example", "mixed-direction", "one direction")]
    [InlineData("א\u0CBFא.example", "mixed-direction", "one direction")]
    [InlineData("1א.example", "mixed-direction", "one direction")]
    [InlineData("א٠1.example", "mixed-direction", "one direction")]
    [InlineData("א٠\u0301-.example", "hyphen", "א٠")]
    [InlineData("٠.example", "mixed-direction", "one direction")]
    [InlineData("xn--a-zhc.example", "mixed-direction", "one direction")]
    [InlineData("bad..example", "empty-label", "Enter bad.example.")]
    [InlineData(".bad.example", "empty-label", "Enter bad.example.")]
    [InlineData("bad.example..", "empty-label", "Enter bad.example.")]
    [InlineData(".", "empty-label", "bad.example")]
    [InlineData("example", "single-label", "bad.example")]
    [InlineData("localhost.", "single-label", "bad.localhost")]
    [InlineData("123", "numeric-top-label", "bad.example")]
    [InlineData("bad.123", "numeric-top-label", "bad.example")]
    [InlineData("bad.0x7f", "numeric-top-label", "bad.example")]
    [InlineData("", "empty", "bad.example")]
    [InlineData(" \t\n", "empty", "bad.example")]
    [InlineData(null, "empty", "bad.example")]
    public void What_is_no_listable_name_is_refused_and_the_fix_says_what_to_enter(string? text, string code, string fix)
    {
        Assert.False(DomainName.TryParse(text, out var name, out var problem));
        Assert.Null(name);
        Assert.Equal(code, problem.Code);
        Assert.Contains(fix, problem.Fix, StringComparison.Ordinal);
        Assert.EndsWith(".", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_of_63_octets_is_accepted_and_one_of_64_refused()
    {
        Assert.True(DomainName.TryParse(new string('a', 63) + ".example", out _, out _));
        Assert.Equal("label-too-long", CodeOf(new string('a', 64) + ".example"));
    }

    [Fact]
    public void A_label_that_grows_over_63_octets_in_its_xn_form_is_refused()
    {
        Assert.Equal("label-too-long", CodeOf(new string('ü', 60) + ".example"));
    }

    [Fact]
    public void The_longest_listable_name_fits_255_octets_as_wildcard_in_a_zone_of_16_octets()
    {
        var name = NameOf(NameLimits.Listable);
        Assert.True(DomainName.TryParse(name, out _, out _));
        Assert.Equal(255, WireLengthOf($"*.{name}.enforcement-test"));
    }

    [Theory]
    [InlineData(NameLimits.Listable + 1, "no-room-for-zone")]
    [InlineData(253, "no-room-for-zone")]
    [InlineData(254, "name-too-long")]
    [InlineData(100_000, "name-too-long")]
    public void A_longer_name_is_refused(int length, string code)
    {
        Assert.Equal(code, CodeOf(NameOf(length)));
        Assert.False(DomainName.TryParseCanonical(NameOf(length), out _));
    }

    [Fact]
    public void A_fix_that_names_a_name_names_one_that_is_accepted()
    {
        Assert.False(DomainName.TryParse("https://-bad.example/", out _, out var problem));
        Assert.DoesNotContain("-bad", problem.Fix, StringComparison.Ordinal);
    }

    private static string CodeOf(string text) =>
        DomainName.TryParse(text, out _, out var problem) ? "accepted" : problem.Code;

    private static string NameOf(int length) =>
        string.Concat(Enumerable.Range(1, length).Select(place => place % 10 == 0 && place < length ? '.' : 'a'));

    // RFC 1035 section 3.1: a length octet before each label, and the root label.
    private static int WireLengthOf(string name) => name.Split('.').Sum(label => 1 + label.Length) + 1;
}
