using System.Globalization;
using BlockList.Agent.Dns;
using BlockList.Agent.Resolvers;
using BlockList.Format.Names;

namespace BlockList.Agent.Tests.Resolvers;

/// <summary>What BIND does to whoever does not know it, shown on the real server; and that it does no harm here.</summary>
public sealed class BindTrapTests(EnforcingBind bind) : IClassFixture<EnforcingBind>
{
    private RunningBind Server => bind.Server;

    private EnforcedLists Lists => bind.Lists;

    [Fact]
    public async Task A_name_and_its_wildcard_are_both_needed()
    {
        await LoadAsync(7, "name.example CNAME .\n*.below.example CNAME .\n");
        await Server.UntilAsync(() => Server.DeniesAsync("name.example"));
        await Server.UntilAsync(() => Server.ResolvesAsync("www.name.example"));
        await Server.UntilAsync(() => Server.DeniesAsync("www.below.example"));
        await Server.UntilAsync(() => Server.ResolvesAsync("below.example"));

        await Lists.EnforceAsync(8, "name.example");

        await Server.UntilAsync(() => Server.DeniesAsync("name.example"));
        await Server.UntilAsync(() => Server.DeniesAsync("www.name.example"));
    }

    [Theory]
    [InlineData("bad..example CNAME .\n")]
    [InlineData("bad.example CNAME\n")]
    public async Task A_bad_file_keeps_the_old_zone(string badLine)
    {
        await Lists.EnforceAsync(2, "one.example");
        await WriteAndReloadAsync(Text(3, "two.example CNAME .\n" + badLine));
        await Server.LogsAsync("not loaded due to errors");

        Assert.Equal(2, (await StatusAsync()).Serial?.Value);
        await Server.UntilAsync(() => Server.DeniesAsync("one.example"));
        await Server.UntilAsync(() => Server.ResolvesAsync("two.example"));
        await Lists.EnforceAsync(3, "two.example");
    }

    [Theory]
    [InlineData("$TTL 300\n@ NS localhost.\none.example CNAME .\n", "has 0 SOA records")]
    [InlineData("$TTL 300\n@ SOA localhost. hostmaster.localhost. 9 3600 600 86400 300\none.example CNAME .\n", "has no NS records")]
    public async Task A_zone_without_SOA_or_NS_is_not_loaded(string zone, string says)
    {
        await Lists.EnforceAsync(2, "one.example");
        await WriteAndReloadAsync(zone);
        await Server.LogsAsync(says);

        Assert.Equal(2, (await StatusAsync()).Serial?.Value);
        Assert.StartsWith("$TTL 300\n@ SOA localhost. hostmaster.localhost. 2 3600 600 86400 300\n@ NS localhost.\n", await RenderedAsync("one.example"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_name_that_is_too_long_keeps_the_whole_zone_out_so_none_is_ever_listed()
    {
        await Lists.EnforceAsync(2, "one.example");
        await WriteAndReloadAsync(Text(3, $"*.{LongNames.Of(NameLimits.Text - 2)} CNAME .\n"));
        await Server.LogsAsync("ran out of space");
        await Server.UntilAsync(() => Server.DeniesAsync("one.example"));

        var longest = LongNames.Of(NameLimits.Listable);
        Assert.False(ListedName.IsCanonical(LongNames.Of(NameLimits.Listable + 1)));
        await Lists.EnforceAsync(4, longest);
        await Server.UntilAsync(() => Server.DeniesAsync(longest));
        await Server.UntilAsync(() => Server.DeniesAsync("a." + longest));
    }

    [Fact]
    public async Task A_file_that_is_not_newer_is_passed_over_so_what_is_put_back_is_new()
    {
        await Lists.EnforceAsync(2, "one.example");
        var old = File.GetLastWriteTimeUtc(Lists.Settings.ZoneFile);
        await Lists.EnforceAsync(3, "two.example");
        await File.WriteAllTextAsync(Lists.Settings.ZoneFile, Text(2, "one.example CNAME .\n"), TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(Lists.Settings.ZoneFile, old.AddHours(-1));
        Assert.Contains("up-to-date", (await ControlAsync("reload", "worst-of")).Text, StringComparison.Ordinal);
        await Server.UntilAsync(() => Server.ResolvesAsync("one.example"));

        Assert.True((await Lists.PutBackAsync()).Succeeded);

        await Server.UntilAsync(() => Server.DeniesAsync("one.example"));
        await Server.UntilAsync(() => Server.ResolvesAsync("two.example"));
    }

    [Fact]
    public async Task Without_qname_wait_recurse_no_a_listed_name_that_does_not_resolve_is_a_server_failure()
    {
        await Lists.EnforceAsync(2, "listed.dead.example");
        await Server.UntilAsync(() => Server.DeniesAsync("listed.dead.example"));

        await using var other = await OtherAsync("qname-wait-recurse no", "qname-wait-recurse yes");
        Assert.Equal(DnsAnswer.ServerFailure, (await other.AskAsync("listed.dead.example")).RCode);
    }

    [Fact]
    public async Task Without_min_update_interval_0_the_second_of_two_versions_waits_a_minute()
    {
        await using var other = await OtherAsync("min-update-interval 0", "");
        var lists = new Agent.Resolvers.BindControl(Lists.Settings.Resolver with { Control = other.Control.Split(' ') });
        await EnforceAtAsync(2, "first.example");
        await EnforceAtAsync(3, "second.example");
        Assert.Equal(3, (await lists.LoadedAsync("worst-of", TestContext.Current.CancellationToken)).Serial?.Value);
        Assert.True(await other.ResolvesAsync("second.example"));

        await Server.UntilAsync(() => Server.DeniesAsync("second.example"));

        async Task EnforceAtAsync(int version, string name)
        {
            await Lists.EnforceAsync(version, name);
            await lists.ReloadZoneAsync("worst-of", TestContext.Current.CancellationToken);
            await other.UntilAsync(async () => (await lists.LoadedAsync("worst-of", TestContext.Current.CancellationToken)).Serial?.Value == version);
        }
    }

    [Fact]
    public async Task Without_break_dnssec_yes_whoever_asks_for_signatures_gets_the_signed_truth()
    {
        var file = Path.Combine(Lists.Directory, "signed.zone");
        await File.WriteAllTextAsync(file, "$TTL 60\n@ SOA ns hostmaster 1 3600 600 86400 60\n@ NS ns\nns A 192.0.2.1\nlisted A 192.0.2.1\n", TestContext.Current.CancellationToken);
        await using var authority = new RunningBind(bind.Upstream.Address)
        {
            Zones = $$"""zone "signed.example" { type primary; file "{{file}}"; dnssec-policy default; inline-signing yes; };""",
        };
        await authority.StartAsync();
        await authority.UntilAsync(async () => (await SignedAsync(authority)).Contains("RRSIG", StringComparison.Ordinal));
        var forward = $$"""zone "signed.example" { type forward; forward only; forwarders { {{authority.Address.Address}} port {{authority.Address.Port}}; }; };""";
        await Lists.EnforceAsync(2, "listed.signed.example");
        await using var asPrinted = await OtherAsync("", "", forward);
        await using var without = await OtherAsync("break-dnssec yes", "", forward);

        Assert.Contains("status: NXDOMAIN", await SignedAsync(asPrinted), StringComparison.Ordinal);
        Assert.Contains("status: NOERROR", await SignedAsync(without), StringComparison.Ordinal);
    }

    /// <summary>What a client sees that asks for signatures.</summary>
    private static async Task<string> SignedAsync(RunningBind server) => (await new ControlCommand(["dig"]).RunAsync(
        ["+dnssec", "+time=5", "-p", server.Address.Port.ToString(CultureInfo.InvariantCulture), "@127.0.0.1", "listed.signed.example", "A"], [], TestContext.Current.CancellationToken)).Text;

    private static string Text(int serial, string rules) =>
        string.Create(CultureInfo.InvariantCulture, $"$TTL 300\n@ SOA localhost. hostmaster.localhost. {serial} 3600 600 86400 300\n@ NS localhost.\n{rules}");

    private Task<ControlAnswer> ControlAsync(params string[] arguments) =>
        new ControlCommand(Lists.Settings.Resolver.Control).RunAsync(arguments, [], TestContext.Current.CancellationToken);

    private Task<BindZone> StatusAsync() => new BindControl(Lists.Settings.Resolver).LoadedAsync("worst-of", TestContext.Current.CancellationToken);

    private async Task<string> RenderedAsync(params string[] lines)
    {
        await Lists.EnforceAsync(2, lines);
        return Lists.ZoneText;
    }

    /// <summary>Writes a zone as somebody might who does not check what is written.</summary>
    private async Task WriteAndReloadAsync(string zone)
    {
        await File.WriteAllTextAsync(Lists.Settings.ZoneFile, zone, TestContext.Current.CancellationToken);
        Assert.True((await ControlAsync("reload", "worst-of")).Succeeded);
    }

    private async Task LoadAsync(int serial, string rules)
    {
        await WriteAndReloadAsync(Text(serial, rules));
        await Server.UntilAsync(async () => (await StatusAsync()).Serial?.Value == serial);
    }

    /// <summary>A second BIND with the same zones and one setting changed.</summary>
    private async Task<RunningBind> OtherAsync(string what, string by, string moreZones = "")
    {
        Assert.Contains(what, Server.Options, StringComparison.Ordinal);
        var options = what.Length == 0 ? Server.Options : Server.Options.Replace(what, by, StringComparison.Ordinal);
        var other = new RunningBind(bind.Upstream.Address) { Options = options, Zones = Server.Zones + moreZones };
        await other.StartAsync();
        return other;
    }
}
