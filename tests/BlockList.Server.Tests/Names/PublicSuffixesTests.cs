using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using BlockList.Format.Names;
using BlockList.Server.Names;
using Xunit;

namespace BlockList.Server.Tests.Names;

public class PublicSuffixesTests
{
    private const string Rules = """
        icann !spared.wild.test
        icann *.wild.test
        icann test
        icann wild.test
        private *.any.host.test
        private host.test
        private xn--bcher-kva.test

        """;

    [Theory]
    [InlineData("bad.example", "example", SuffixSection.Unlisted, "bad.example")]
    [InlineData("a.b.bad.example", "example", SuffixSection.Unlisted, "bad.example")]
    [InlineData("a.bad.test", "test", SuffixSection.Icann, "bad.test")]
    [InlineData("host.test", "host.test", SuffixSection.Private, null)]
    [InlineData("a.bad.host.test", "host.test", SuffixSection.Private, "bad.host.test")]
    [InlineData("nothost.test", "test", SuffixSection.Icann, "nothost.test")]
    [InlineData("wild.test", "wild.test", SuffixSection.Icann, null)]
    [InlineData("one.wild.test", "one.wild.test", SuffixSection.Icann, null)]
    [InlineData("a.bad.one.wild.test", "one.wild.test", SuffixSection.Icann, "bad.one.wild.test")]
    [InlineData("spared.wild.test", "wild.test", SuffixSection.Icann, "spared.wild.test")]
    [InlineData("a.spared.wild.test", "wild.test", SuffixSection.Icann, "spared.wild.test")]
    [InlineData("any.host.test", "host.test", SuffixSection.Private, "any.host.test")]
    [InlineData("x.any.host.test", "x.any.host.test", SuffixSection.Private, null)]
    [InlineData("bad.bücher.test", "xn--bcher-kva.test", SuffixSection.Private, "bad.xn--bcher-kva.test")]
    public void The_longest_rule_wins_and_an_exception_wins_over_all(string text, string suffix, object section, string? registrable)
    {
        var match = Load(Rules).Find(Name(text));
        Assert.Equal(suffix, match.Suffix);
        Assert.Equal(section, match.Section);
        Assert.Equal(registrable, match.Registrable?.Ascii);
    }

    [Fact]
    public void The_rules_of_this_build_cover_both_sections_and_say_their_age_and_hash()
    {
        var suffixes = PublicSuffixes.BuiltIn;
        Assert.Equal(SuffixSection.Icann, suffixes.Find(Name("bad.co.uk")).Section);
        Assert.Equal(SuffixSection.Private, suffixes.Find(Name("bad.github.io")).Section);
        Assert.InRange(suffixes.Date, new DateOnly(2026, 11, 15), new DateOnly(2100, 1, 1));
        using var resource = typeof(PublicSuffixes).Assembly.GetManifestResourceStream("BlockList.Server.Names.suffixes.txt");
        Assert.NotNull(resource);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(resource)), suffixes.Sha256);
    }

    [Fact]
    public void The_rules_of_this_build_are_sorted_and_each_stands_once()
    {
        using var resource = typeof(PublicSuffixes).Assembly.GetManifestResourceStream("BlockList.Server.Names.suffixes.txt");
        Assert.NotNull(resource);
        using var reader = new StreamReader(resource);
        var lines = reader.ReadToEnd().TrimEnd('\n').Split('\n')[1..];
        Assert.Equal(lines.Distinct().Order(StringComparer.Ordinal), lines);
        // A dynamic DNS zone may stand in the public suffix list too.
        var rules = lines.Where(line => !line.StartsWith("dynamic ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(rules.Length, rules.Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]).Distinct().Count());
        Assert.InRange(lines.Length - rules.Length, 90, 1000);
    }

    [Theory]
    [InlineData("mooo.com")]
    [InlineData("ddns.net")]
    public void A_dynamic_dns_zone_is_a_suffix_whether_or_not_the_public_suffix_list_has_it(string zone)
    {
        var place = PublicSuffixes.BuiltIn.Locate("bad." + zone);
        Assert.Equal(new SuffixPlace(4, 0, SuffixSection.Private, IsDynamic: true, HasSuffixBelow: false), place);
        Assert.Equal(-1, PublicSuffixes.BuiltIn.Locate(zone).Registrable);
    }

    [Theory]
    [InlineData("host.test", true)]
    [InlineData("any.host.test", true)]
    [InlineData("x.any.host.test", false)]
    [InlineData("spared.wild.test", false)]
    [InlineData("bad.test", false)]
    public void Whether_suffixes_stand_below_a_name_is_known(string text, bool expected) => Assert.Equal(expected, Load(Rules).Locate(text).HasSuffixBelow);

    [Fact]
    public void The_rules_load_in_less_than_a_second()
    {
        using var resource = typeof(PublicSuffixes).Assembly.GetManifestResourceStream("BlockList.Server.Names.suffixes.txt");
        Assert.NotNull(resource);
        var start = Stopwatch.GetTimestamp();
        PublicSuffixes.Load(resource);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("", "Line 1")]
    [InlineData("icann test\n", "Line 1")]
    [InlineData("blocklist-suffixes/2 source=t version=1 date=tomorrow rules=1 license=l\nicann test\n", "Line 1")]
    [InlineData("blocklist-suffixes/2 source=t version=1 date=2026-11-15 rules=2 license=l\nicann test\n", "cut off")]
    [InlineData("blocklist-suffixes/2 source=t version=1 date=2026-11-15 rules=1 license=l\nicann test", "cut off")]
    [InlineData("blocklist-suffixes/2 source=t version=1 date=2026-11-15 rules=1 license=l\nicann a.*.test\n", "Line 2")]
    [InlineData("blocklist-suffixes/2 source=t version=1 date=2026-11-15 rules=1 license=l\nother test\n", "Line 2")]
    public void What_is_no_suffix_data_is_refused_with_the_line(string text, string words)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var refused = Assert.Throws<InvalidDataException>(() => PublicSuffixes.Load(stream));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    internal static PublicSuffixes Load(string rules)
    {
        var header = $"blocklist-suffixes/2 source=test version=1 date=2026-11-15 rules={rules.Count(c => c == '\n')} license=none\n";
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(header + rules));
        return PublicSuffixes.Load(stream);
    }

    private static DomainName Name(string text) =>
        DomainName.TryParse(text, out var name, out var problem) ? name : throw new ArgumentException(problem.Message, nameof(text));
}
