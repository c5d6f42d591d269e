using System.Net;
using System.Text;
using BlockList.Format.Json;
using BlockList.Format.Rpz;
using BlockList.Format.Tests.Lists;
using Xunit;

namespace BlockList.Format.Tests.Rpz;

public sealed class PolicyActionTests
{
    private static readonly Serial Seven = Serial.Create(7);

    public static TheoryData<string> Actions { get; } = ["nxdomain", "nodata", "drop", "address 192.0.2.1", "address 2001:db8::1", "address 192.0.2.1 192.0.2.2 2001:db8::1"];

    [Theory]
    [MemberData(nameof(Actions))]
    public void An_action_reads_as_it_is_written(string text)
    {
        Assert.True(PolicyAction.TryParse(text, out var action));
        Assert.Equal(text, action.ToString());
        Assert.Equal(PolicyAction.TryParse(text, out var again) ? again : null, action);
    }

    [Theory]
    [InlineData("")]
    [InlineData("NXDOMAIN")]
    [InlineData("nxdomain nodata")]
    [InlineData("nxdomain 192.0.2.1")]
    [InlineData("address")]
    [InlineData("address stop.example")]
    [InlineData("address 0.0.0.0")]
    [InlineData("address 0.0.0.1")]
    [InlineData("address 1")]
    [InlineData("address ::")]
    [InlineData("address 224.0.0.1")]
    [InlineData("address 255.255.255.255")]
    [InlineData("address ff02::1")]
    [InlineData("address fe80::1%1")]
    [InlineData("address ::ffff:192.0.2.1")]
    [InlineData("address 192.0.2.1 192.0.2.1")]
    [InlineData("address 192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4 192.0.2.5 192.0.2.6 192.0.2.7 192.0.2.8 192.0.2.9")]
    public void What_no_zone_can_answer_is_no_action(string text) => Assert.False(PolicyAction.TryParse(text, out _));

    [Fact]
    public void A_redirection_without_an_address_is_none() => Assert.Throws<ArgumentException>(() => PolicyAction.Redirect([]));

    [Fact]
    public void Each_name_has_all_addresses_whole_and_below()
    {
        var action = PolicyAction.Redirect(IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1"));

        Assert.EndsWith("""
            @ NS localhost.
            www.a.example A 192.0.2.1
            www.a.example AAAA 2001:db8::1
            b.example A 192.0.2.1
            b.example AAAA 2001:db8::1
            *.b.example A 192.0.2.1
            *.b.example AAAA 2001:db8::1

            """, Zone(action), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public void Only_the_action_that_was_written_reads_a_zone_back(string text)
    {
        _ = PolicyAction.TryParse(text, out var written);
        foreach (var other in Actions.Select(row => row.Data))
        {
            _ = PolicyAction.TryParse(other, out var expected);
            using var zone = new MemoryStream(Encoding.ASCII.GetBytes(Zone(written)));
            if (other == text) Assert.Equal(["=www.a.example", "b.example"], RpzZone.Read(zone, expected).Enforced.Lines);
            else Assert.Throws<MalformedDocumentException>(() => RpzZone.Read(zone, expected));
        }
    }

    [Fact]
    public void A_name_that_lacks_an_address_is_refused()
    {
        var action = PolicyAction.Redirect(IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2"));
        var zone = Zone(action).Replace("*.b.example A 192.0.2.2\n", "", StringComparison.Ordinal);

        Assert.Throws<MalformedDocumentException>(() => RpzZone.Read(new MemoryStream(Encoding.ASCII.GetBytes(zone)), action));
    }

    [Fact]
    public void Hosts_alone_are_the_hosts_that_no_whole_name_covers() =>
        Assert.Equal(["=www.a.example"], RpzZone.HostsAlone(GeneratedLists.Of("b.example", "=b.example", "=www.a.example")).Lines);

    private static string Zone(PolicyAction action)
    {
        using var output = new MemoryStream();
        RpzZone.Write(output, GeneratedLists.Of("b.example", "=www.a.example"), Seven, action);
        return Encoding.ASCII.GetString(output.ToArray());
    }
}
