using System.Net;
using BlockList.Server.DnsChecks;
using Xunit;

namespace BlockList.Server.Tests.DnsChecks;

public sealed class DnsOptionsTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.251")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("fd00::1")]
    [InlineData("fe80::1")]
    [InlineData("ff02::fb")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("64:ff9b::7f00:1")]
    public void Address_that_the_public_cannot_reach_is_not_asked(string address) => Assert.False(new AskedNetworks([]).MayAsk(IPAddress.Parse(address)));

    [Theory]
    [InlineData("198.41.0.4")]
    [InlineData("172.32.0.1")]
    [InlineData("9.255.255.255")]
    [InlineData("2001:503:ba3e::2:30")]
    [InlineData("2a00::1")]
    public void Public_address_is_asked(string address) => Assert.True(new AskedNetworks([]).MayAsk(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.20.0.0/16", "10.20.0.0,10.20.255.255", "10.19.255.255,10.21.0.0,127.0.0.1")]
    [InlineData("127.0.0.0/8", "127.0.0.1,127.255.255.255", "10.0.0.1")]
    [InlineData("192.168.7.9/32", "192.168.7.9", "192.168.7.8,192.168.7.10")]
    [InlineData("0.0.0.0/0", "10.0.0.1,127.0.0.1", "::1")]
    [InlineData("fd00:1::/32", "fd00:1::5", "fd00:2::5,::1")]
    public void Network_that_is_asked_is_cut_out_and_no_more_than_it(string network, string asked, string refused)
    {
        var networks = new AskedNetworks([IPNetwork.Parse(network)]);

        Assert.All(asked.Split(','), address => Assert.True(networks.MayAsk(IPAddress.Parse(address)), address));
        Assert.All(refused.Split(','), address => Assert.False(networks.MayAsk(IPAddress.Parse(address)), address));
    }

    [Fact]
    public void Problems_of_the_options_are_named_together_with_what_to_do()
    {
        var checkedOptions = new DnsOptionsCheck().Validate(null, new DnsOptions { TrustAnchorFile = "/nowhere/root.key", RootHints = "/nowhere/root.hints", OutgoingAddresses = "192.0.2.1, exit", PrivateNetworksAsked = "10.0.0.0/33" });

        Assert.Equal(["TrustAnchorFile", "RootHints", "OutgoingAddresses:", "PrivateNetworksAsked:"], checkedOptions.Failures!.Select(failure => failure.Split(' ')[1]));
        Assert.Contains("dns-root-data", checkedOptions.FailureMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Good.Example.", "good.example")]
    [InlineData("_blocklist-challenge.good.example", "_blocklist-challenge.good.example")]
    [InlineData("com", "com")]
    [InlineData(".", ".")]
    public void Name_is_read_as_dns_has_it(string text, string expected) => Assert.Equal(expected, DnsName.TryParse(text, out var name) ? name.Text : null);

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a b.example")]
    [InlineData("a\\.example")]
    [InlineData("bücher.example")]
    [InlineData("a.example\n")]
    public void Text_that_is_no_name_is_refused(string text) => Assert.False(DnsName.TryParse(text, out _));

    [Fact]
    public void Message_whose_pointers_lead_on_or_in_a_ring_is_refused()
    {
        Assert.Throws<FormatException>(() => new WireReader([0xC0, 0x00]).ReadName());
        Assert.Throws<FormatException>(() => new WireReader([0xC0, 0x02, 0xC0, 0x00]).ReadName());
        Assert.Throws<FormatException>(() => new WireReader([5, 65]).ReadName());
        Assert.Throws<FormatException>(() => new WireReader([.. Enumerable.Repeat<byte[]>([3, 65, 65, 65], 70).SelectMany(label => label), 0]).ReadName());
        Assert.Equal("a\\046b", new WireReader([3, 65, 46, 66, 0]).ReadName().Text);
    }
}
