using BlockList.Server.DnsChecks;
using Xunit;

namespace BlockList.Server.Tests.DnsChecks;

/// <summary>Texts as each server of a zone has them now.</summary>
public sealed class ReadingTests(DnsWorld world) : IClassFixture<DnsWorld>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_server_of_the_zone_is_asked_and_says_what_it_has()
    {
        var reading = await ReadAsync("target.good.example");

        Assert.Equal(("good.example", null), (reading.Zone?.Text, reading.Problem));
        Assert.Equal([("ns1.good.example", world.PrimaryAddress, true), ("ns2.good.example", world.SecondaryAddress, true)], reading.Servers.Select(server => (server.Server.Text, server.Address!, server.Has("behind an alias"))));
    }

    [Fact]
    public async Task Text_that_was_published_a_moment_ago_is_read_and_none_from_before()
    {
        var read = new ReadTxtAtAuthority(world.Contexts());
        Assert.DoesNotContain((await read.RunAsync(DnsWorld.Name("fresh.good.example"), Ct)).Servers, server => server.Has("now"));

        await world.Primary.ReplaceAsync(DnsWorld.Good, world.GoodZone("fresh TXT \"now\"\n"));

        // NSD takes a moment to load it. The negative answer from before has 60 seconds to live and is not met again.
        var deadline = TimeProvider.System.GetTimestamp();
        TxtReading reading;
        do reading = await read.RunAsync(DnsWorld.Name("fresh.good.example"), Ct);
        while (!reading.Servers.Any(server => server.Has("now")) && TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(20));
        Assert.Equal([true, false], reading.Servers.Select(server => server.Has("now")));
        Assert.All(reading.Servers, server => Assert.True(server.Answers));
        await world.Primary.ReplaceAsync(DnsWorld.Good, world.GoodZone());
    }

    [Fact]
    public async Task Silent_lame_and_lost_servers_are_named_and_do_not_keep_the_others_from_answering()
    {
        var reading = await ReadAsync("_blocklist-challenge.half.example");

        Assert.Equal("half.example", reading.Zone?.Text);
        Assert.Equal(["ns.unknown.example False", "ns1.half.example True", "ns2.half.example False", "ns3.half.example False"], reading.Servers.Select(server => $"{server.Server} {server.Has("half")}"));
        Assert.Equal(["ns.unknown.example", "ns2.half.example", "ns3.half.example"], reading.Servers.Where(server => !server.Answers).Select(server => server.Server.Text));
    }

    [Fact]
    public async Task Signed_text_is_secure_and_a_changed_one_is_no_text()
    {
        Assert.Equal(DnssecVerdict.Secure, Assert.Single((await ReadAsync("_blocklist-challenge.signed.example")).Servers, server => server.Has("kept")).Answer.Verdict);

        var broken = await ReadAsync("_blocklist-challenge.broken.example");
        Assert.DoesNotContain(broken.Servers, server => server.Has("blocklist-challenge=fake") || server.Answers);
        Assert.Equal(DnssecVerdict.Bogus, broken.Servers.Select(server => server.Answer.Verdict).Append(broken.Verdict).Max());
    }

    [Fact]
    public async Task Alias_is_followed_from_the_server_that_names_it_but_not_too_far()
    {
        Assert.All((await ReadAsync("alias.good.example")).Servers, server => Assert.True(server.Has("behind an alias")));

        Assert.All((await ReadAsync("a1.good.example")).Servers, server => Assert.StartsWith("the name is an alias 5 times over", Assert.IsType<DnsAnswer.Failed>(server.Answer).Reason, StringComparison.Ordinal));
        Assert.All((await ReadAsync("a2.good.example")).Servers, server => Assert.True(server.Has("far")));
    }

    [Fact]
    public async Task Wildcard_has_the_text_at_every_name() =>
        Assert.All((await ReadAsync("_blocklist-challenge.wild.good.example")).Servers, server => Assert.True(server.Has("for any name")));

    [Fact]
    public async Task Name_without_a_zone_of_its_own_is_read_where_it_lies() =>
        Assert.Equal("example", (await ReadAsync("_blocklist-challenge.upper.example")).Zone?.Text);

    [Theory]
    [InlineData("_blocklist-challenge.silent.example")]
    [InlineData("_blocklist-challenge.lame.example")]
    [InlineData("_blocklist-challenge.mute.hostile.example")]
    public async Task Zone_whose_servers_are_lost_is_said_to_be(string name)
    {
        var reading = await ReadAsync(name);

        Assert.True(reading.Problem is not null || reading.Servers.All(server => !server.Answers));
    }

    private Task<TxtReading> ReadAsync(string name) => new ReadTxtAtAuthority(world.Contexts(3)).RunAsync(DnsWorld.Name(name), Ct);
}
