using System.Globalization;
using BlockList.Agent.Applying;
using BlockList.Agent.Configuration;
using BlockList.Agent.Resolvers;
using BlockList.Format;
using BlockList.Format.Names;
using BlockList.Format.Rpz;

namespace BlockList.Agent.Tests.Resolvers;

/// <summary>What Unbound does to whoever does not know it, shown on the real server; and that it does no harm here.</summary>
public sealed class UnboundTrapTests(EnforcingUnbound unbound) : IClassFixture<EnforcingUnbound>
{
    private RunningUnbound Server => unbound.Server;

    private EnforcedLists Lists => unbound.Lists;

    [Fact]
    public async Task A_name_and_its_wildcard_are_both_needed()
    {
        await WriteAndReloadAsync(Text(7, "name.example CNAME .\n*.below.example CNAME .\n"));
        Assert.True(await Server.DeniesAsync("name.example"));
        Assert.True(await Server.ResolvesAsync("www.name.example"));
        Assert.True(await Server.DeniesAsync("www.below.example"));
        Assert.True(await Server.ResolvesAsync("below.example"));

        await ByFileAsync(8, "name.example");

        Assert.True(await Server.DeniesAsync("name.example"));
        Assert.True(await Server.DeniesAsync("www.name.example"));
    }

    [Fact]
    public async Task A_bad_line_half_way_leaves_a_part_of_the_list_so_what_was_rendered_is_read_back()
    {
        await ByFileAsync(2, "one.example", "two.example");
        await WriteAndReloadAsync(Text(3, "one.example CNAME .\n*.one.example CNAME .\nbad..example CNAME .\ntwo.example CNAME .\n"));
        Assert.Equal(3, (await new UnboundControl(Lists.Settings.Resolver).LoadedSerialAsync("worst-of", TestContext.Current.CancellationToken)).Serial?.Value);
        Assert.True(await Server.DeniesAsync("one.example"));
        Assert.True(await Server.ResolvesAsync("two.example"));

        await ByFileAsync(3, "one.example", "two.example");
        var resolver = KnownResolvers.Of(Lists.Settings);
        var list = EnforcedLists.List("one.example", "three.example");
        await resolver.RenderAsync(list, Serial.Create(4), TestContext.Current.CancellationToken);
        var next = State.DurableFile.TemporaryOf(Lists.Settings.ZoneFile);
        await File.WriteAllTextAsync(next, (await File.ReadAllTextAsync(next, TestContext.Current.CancellationToken)).Replace("three.example", "three..example", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        Assert.Contains("cannot be read back", Assert.Throws<ApplyFailedException>(() => resolver.ReadBack(list, Serial.Create(4))).Message, StringComparison.Ordinal);
        Assert.True(await Server.DeniesAsync("two.example"));
    }

    [Fact]
    public async Task Without_respip_in_module_config_Unbound_does_not_start_so_it_is_printed()
    {
        await using var server = new RunningUnbound { Snippet = Server.Snippet.Replace("respip validator iterator", "validator iterator", StringComparison.Ordinal) };

        await Assert.ThrowsAnyAsync<Exception>(server.StartAsync);

        Assert.Contains("RPZ requires the respip module", server.Log, StringComparison.Ordinal);
        Assert.Contains("module-config: \"respip validator iterator\"", Lists.Snippet(SnippetPlace.TopLevel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_local_zone_covers_all_that_lies_below_so_hosts_never_become_one()
    {
        await ByFileAsync(2);
        var control = new ControlCommand(Lists.Settings.Resolver.Control);
        await control.RunAsync(["local_zone", "host.example", "always_nxdomain"], [], TestContext.Current.CancellationToken);
        Assert.True(await Server.DeniesAsync("www.host.example"));
        await control.RunAsync(["local_zone_remove", "host.example"], [], TestContext.Current.CancellationToken);

        Lists.Change(PolicyAction.NxDomain, channelAbove: 0);
        await Lists.EnforceAsync(3, "=host.example", "one.example");

        Assert.True(await Server.DeniesAsync("host.example"));
        Assert.True(await Server.ResolvesAsync("www.host.example"));
        Assert.True(await Server.DeniesAsync("www.one.example"));
    }

    [Fact]
    public async Task A_ZONEMD_becomes_a_rule_for_the_root_so_none_is_ever_written()
    {
        await ByFileAsync(2);
        Assert.True(await Server.ResolvesAsync("neighbour.example"));
        var digest = new string('0', 96);
        await WriteAndReloadAsync(Text(3, $"@ ZONEMD 3 1 1 {digest}\n"));
        // The root's own data would not be authoritative here.
        Assert.True(await Server.AskAsync(".", Agent.Dns.DnsType.A) is { RCode: Agent.Dns.DnsAnswer.NoError, Authoritative: true });

        await ByFileAsync(4, "one.example");

        Assert.DoesNotContain("ZONEMD", Lists.ZoneText, StringComparison.Ordinal);
        Assert.True(await Server.ResolvesAsync("neighbour.example"));
    }

    [Fact]
    public async Task One_name_that_is_too_long_ends_the_zone_so_none_is_ever_listed()
    {
        await WriteAndReloadAsync(Text(3, $"*.{LongNames.Of(NameLimits.Text - 2)} CNAME .\none.example CNAME .\n"));
        Assert.True(await Server.ResolvesAsync("one.example"));

        var longest = LongNames.Of(NameLimits.Listable);
        Assert.False(ListedName.IsCanonical(LongNames.Of(NameLimits.Listable + 1)));
        await ByFileAsync(4, longest, "one.example");
        Assert.True(await Server.DeniesAsync(longest));
        Assert.True(await Server.DeniesAsync("a." + longest));
        Assert.True(await Server.DeniesAsync("one.example"));
    }

    [Fact]
    public async Task The_serial_is_the_version_and_SOA_and_NS_come_first()
    {
        await ByFileAsync(41, "one.example");

        Assert.StartsWith("$TTL 300\n@ SOA localhost. hostmaster.localhost. 41 3600 600 86400 300\n@ NS localhost.\n", Lists.ZoneText, StringComparison.Ordinal);
        Assert.Equal(41, (await new UnboundControl(Lists.Settings.Resolver).LoadedSerialAsync("worst-of", TestContext.Current.CancellationToken)).Serial?.Value);
    }

    [Fact]
    public async Task Of_a_list_with_more_than_50000_names_none_is_in_the_zone_that_a_reload_reads()
    {
        var names = Enumerable.Range(0, ResolverSettings.DefaultChannelAbove + 1).Select(i => $"n{i:D6}.example").ToArray();
        // Whatever a test before left: a list that went through the channel stays there while it is just below the limit.
        await ByFileAsync(1);
        Lists.Change(PolicyAction.NxDomain, ResolverSettings.DefaultChannelAbove);

        await Lists.EnforceAsync(2, names[1..]);
        Assert.Contains("\nn000001.example CNAME .\n", Lists.ZoneText, StringComparison.Ordinal);
        await Lists.EnforceAsync(3, names);
        Assert.DoesNotContain("n000001.example", Lists.ZoneText, StringComparison.Ordinal);

        foreach (var name in (string[])[names[0], names[1], names[^1]]) Assert.True(await Server.DeniesAsync("www." + name));
        await Server.RestartAsync();
        foreach (var name in (string[])[names[0], names[1], names[^1]]) Assert.True(await Server.DeniesAsync("www." + name));
        await ByFileAsync(4);
        Assert.True(await Server.ResolvesAsync(names[1]));
    }

    private static string Text(int serial, string rules) =>
        string.Create(CultureInfo.InvariantCulture, $"$TTL 300\n@ SOA localhost. hostmaster.localhost. {serial} 3600 600 86400 300\n@ NS localhost.\n{rules}");

    private async Task ByFileAsync(int version, params string[] lines)
    {
        Lists.Change(PolicyAction.NxDomain, channelAbove: 1_000_000);
        await Lists.EnforceAsync(version, lines);
    }

    /// <summary>Writes a zone as somebody might who does not check what is written.</summary>
    private async Task WriteAndReloadAsync(string zone)
    {
        await File.WriteAllTextAsync(Lists.Settings.ZoneFile, zone, TestContext.Current.CancellationToken);
        await new UnboundControl(Lists.Settings.Resolver).ReloadZoneAsync("worst-of", TestContext.Current.CancellationToken);
    }
}
