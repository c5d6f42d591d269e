using System.Security.Cryptography;
using BlockList.Server.Complaints.Public;
using Xunit;

namespace BlockList.Server.Tests.Complaints;

/// <summary>The small parts of the portal by themselves.</summary>
public sealed class PartsTests
{
    [Theory]
    [InlineData("0123456789", "BL-0123456789")]
    [InlineData("bl-7k2m9 x4q0d", "BL-7K2M9X4Q0D")]
    [InlineData("BL7K2M-9X4Q0D", "BL-7K2M9X4Q0D")]
    [InlineData("BL-oO1iIlL000", "BL-0011111000")]
    [InlineData("٠١٢٣٤٥٦٧٨٩", "BL-0123456789")]
    [InlineData("BL-7K2M9X4Q0", null)]
    [InlineData("BL-7K2M9X4Q0DD", null)]
    [InlineData("BL-UUUUUUUUUU", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Reference_is_read_as_people_copy_it_from_paper(string? typed, string? expected) => Assert.Equal(expected, ComplaintSecrets.ReadReference(typed));

    [Fact]
    public void Signs_are_five_bits_each_and_read_back()
    {
        Assert.Equal("0000000000", SpokenSigns.Write(new byte[7], 10));
        Assert.Equal("ZZZZZZZZZZ", SpokenSigns.Write([255, 255, 255, 255, 255, 255, 255], 10));
        Assert.Equal("041060M1G1", SpokenSigns.Write([1, 2, 3, 0x02, 0x81, 0x80, 0x60], 10));
        var text = SpokenSigns.Write(RandomNumberGenerator.GetBytes(20), 26);
        Assert.Equal(text, SpokenSigns.Read(SpokenSigns.Group(text, 4).ToLowerInvariant(), 26));
    }

    [Theory]
    [InlineData("good.example", "good.example", false)]
    [InlineData("  GOOD.Example. ", "good.example", false)]
    [InlineData("https://www.good.example:8443/a/b?c=d#e", "www.good.example", true)]
    [InlineData("good.example/path", "good.example", true)]
    [InlineData("info@good.example", "good.example", true)]
    [InlineData("*.good.example", "good.example", true)]
    [InlineData("bücher.example", "xn--bcher-kva.example", false)]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example", false)]
    [InlineData("http://مثال.example/", "xn--mgbh0fb.example", true)]
    public void Domain_is_taken_out_of_what_was_typed_or_pasted(string typed, string expected, bool wasReduced)
    {
        var read = TypedDomain.Read(typed);

        Assert.Equal((expected, wasReduced, null), (read.Name?.Ascii, read.WasReduced, read.Problem));
    }

    [Theory]
    [InlineData("", "error.domain.empty")]
    [InlineData("  ", "error.domain.empty")]
    [InlineData("192.0.2.1", "error.domain.address")]
    [InlineData("http://[2001:db8::1]/", "error.domain.address")]
    [InlineData("localhost", "error.domain.ending")]
    [InlineData("good example.example", "error.domain.space")]
    [InlineData("<script>alert(1)</script>", "error.domain.other")]
    [InlineData("-good.example", "error.domain.other")]
    [InlineData("good\u202E.example", "error.domain.space")]
    public void What_is_no_domain_is_told_by_a_sentence_that_helps(string typed, string problem)
    {
        Assert.Equal(problem, TypedDomain.Read(typed).Problem);
        Assert.Equal("error.domain.long", TypedDomain.Read(new string('a', 300) + ".example").Problem);
    }

    [Theory]
    [InlineData("anna@mail.example", "anna@mail.example")]
    [InlineData("Anna.B+c@bücher.example", "Anna.B+c@xn--bcher-kva.example")]
    [InlineData("anna", null)]
    [InlineData("@mail.example", null)]
    [InlineData("anna@", null)]
    [InlineData("anna@localhost", null)]
    [InlineData("anna b@mail.example", null)]
    [InlineData("anna@mail.example\nBcc: x@evil.example", null)]
    [InlineData("a\nb@mail.example", null)]
    [InlineData("<anna@mail.example>", null)]
    [InlineData("anna,b@mail.example", null)]
    [InlineData("änna@mail.example", null)]
    [InlineData("anna..b@mail.example", null)]
    [InlineData("anna\u202E@mail.example", null)]
    public void Mail_address_is_one_address_and_nothing_else(string typed, string? expected) => Assert.Equal(expected, Questions.EmailOf(SealedDrafts.New() with { Email = typed }));

    [Fact]
    public void Network_gets_its_share_and_a_new_one_with_the_next_window_however_many_others_send()
    {
        var clock = new SettableClock();
        var limit = new NetworkLimit(3, TimeSpan.FromMinutes(1), clock);
        // Away from the end of a window.
        clock.Offset = limit.Wait() + TimeSpan.FromSeconds(1);

        Assert.Equal([true, true, true, false, false], Enumerable.Range(0, 5).Select(_ => limit.TryTake("192.0.2.1")));
        Assert.True(limit.TryTake("192.0.2.2"));
        for (var i = 0; i < 10_000; i++) limit.TryTake($"2001:db8:{i:x}::/64");
        Assert.True(limit.TryTake("192.0.2.3"));

        clock.Offset += TimeSpan.FromMinutes(1);
        Assert.True(limit.TryTake("192.0.2.1"));
    }

    [Fact]
    public void Work_grows_with_the_tide_up_to_sixteen_times_and_falls_with_it()
    {
        var clock = new SettableClock();
        var tide = new Tide(Microsoft.Extensions.Options.Options.Create(new ComplaintOptions { WorkBits = 17, BusyPerMinute = 30 }), clock);
        Assert.Equal(17, tide.Bits());
        Count(tide, 30);
        Assert.Equal(17, tide.Bits());
        Count(tide, 30);
        Assert.InRange(tide.Bits(), 17, 18);
        Count(tide, 10_000);
        Assert.Equal(21, tide.Bits());
        clock.Offset += TimeSpan.FromMinutes(1);
        Assert.Equal(21, tide.Bits());
        clock.Offset += TimeSpan.FromMinutes(2);
        Assert.Equal(17, tide.Bits());
    }

    private static void Count(Tide tide, int complaints)
    {
        for (var i = 0; i < complaints; i++) tide.Count();
    }
}
