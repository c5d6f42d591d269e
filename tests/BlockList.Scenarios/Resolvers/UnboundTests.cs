using System.Net;
using BlockList.Agent.Dns;
using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Scenarios.Resolvers;

/// <summary>A real authoritative server, a real resolver in front of it, and a policy zone: the facts that the agent rests on.</summary>
public sealed class UnboundTests : IAsyncLifetime
{
    private const string Zone = "worst-of";
    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(10);
    private static readonly IPAddress Bad = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Good = IPAddress.Parse("192.0.2.2");

    private readonly StateDirectory _state = StateDirectory.Temporary();
    private AuthoritativeDns _authoritative = null!;
    private UnboundResolver _resolver = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string ZoneFile => _state.File("rpz", "worst-of.zone");

    public async ValueTask InitializeAsync()
    {
        _state.Directory("rpz");
        _authoritative = await AuthoritativeDns.StartAsync(_state, Names(("bad.example", Bad), ("www.bad.example", Bad), ("good.example", Good)), ct: Ct);
        _resolver = await UnboundResolver.StartAsync(
            _state, _authoritative.Address, [new PolicyZone(Zone, ZoneFile), new PolicyZone("enforcement-test", _state.File("rpz", "other.zone"))], ct: Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _resolver.DisposeAsync();
        await _authoritative.DisposeAsync();
        _state.Dispose();
    }

    [Fact]
    public async Task A_listed_name_is_blocked_at_once_and_free_at_once_and_its_neighbour_never_notices()
    {
        await ResolvesAsync("bad.example", Bad);
        await ResolvesAsync("good.example", Good);

        await PublishAsync(serial: 1, "bad.example");
        await BlockedAsync("bad.example");
        await BlockedAsync("www.bad.example");
        await ResolvesAsync("good.example", Good);

        await PublishAsync(serial: 2);
        await ResolvesAsync("bad.example", Bad);
        await ResolvesAsync("www.bad.example", Bad);
        await ResolvesAsync("good.example", Good);
    }

    [Fact]
    public async Task The_loaded_serial_is_told_for_each_zone()
    {
        Assert.Null(await _resolver.LoadedSerialAsync(Zone, Ct));

        await PublishAsync(serial: 7);

        Assert.Equal(7u, await _resolver.LoadedSerialAsync(Zone, Ct));
        Assert.Null(await _resolver.LoadedSerialAsync("enforcement-test", Ct));
    }

    [Fact]
    public async Task A_zone_file_with_a_bad_line_is_refused_yet_leaves_a_part_of_itself_in_force()
    {
        await PublishAsync(serial: 1, "good.example");
        _state.Write(ZoneFile, Text(2, "bad.example") + "broken..example CNAME .\n" + Records("good.example"));

        var reload = await _resolver.ControlAsync(["auth_zone_reload", Zone], Ct);

        Assert.Equal((1, $"error failed to read {Zone}\n"), (reload.ExitCode, reload.Output));
        Assert.Equal(2u, await _resolver.LoadedSerialAsync(Zone, Ct));
        await BlockedAsync("bad.example");
        await ResolvesAsync("good.example", Good);
        await PublishAsync(serial: 1, "good.example");
        await BlockedAsync("good.example");
        await ResolvesAsync("bad.example", Bad);
    }

    [Fact]
    public async Task A_zone_file_that_is_gone_leaves_the_loaded_zone_in_force()
    {
        await PublishAsync(serial: 1, "bad.example");
        File.Delete(ZoneFile);

        var reload = await _resolver.ControlAsync(["auth_zone_reload", Zone], Ct);

        Assert.Equal((1, $"error failed to read {Zone}\n"), (reload.ExitCode, reload.Output));
        await BlockedAsync("bad.example");
    }

    [Fact]
    public async Task A_zone_file_that_is_gone_keeps_the_resolver_from_starting()
    {
        File.Delete(ZoneFile);
        Assert.Equal("ok\n", (await _resolver.ControlAsync(["reload"], Ct)).Output);

        Assert.NotEqual(0, await _resolver.Process.Exited.WaitAsync(TimeSpan.FromSeconds(30), Ct));
        Assert.Contains(_resolver.Process.LastLines, line => line.Contains("auth_zones could not be setup", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_zone_that_the_resolver_does_not_have_is_refused()
    {
        var reload = await _resolver.ControlAsync(["auth_zone_reload", "nobody"], Ct);

        Assert.Equal((1, "error no auth-zone nobody\n"), (reload.ExitCode, reload.Output));
    }

    [Fact]
    public async Task Changes_at_the_authoritative_server_are_seen()
    {
        Assert.Equal(DnsAnswer.NameError, (await QueryAsync("new.example")).RCode);

        await _authoritative.PublishAsync(Names(("new.example", Bad), ("*.new.example", Good)), Ct);

        await ResolvesAsync("new.example", Bad);
        await ResolvesAsync("any.new.example", Good);
        await _authoritative.PublishAsync(Names(("new.example", Good)), Ct);
        await _resolver.ForgetAsync(Ct);
        await ResolvesAsync("new.example", Good);
        Assert.Equal(DnsAnswer.NameError, (await QueryAsync("any.new.example")).RCode);
    }

    [Fact]
    public async Task Names_outside_the_demonstration_are_asked_of_nobody()
    {
        Assert.Equal(DnsAnswer.Refused, (await QueryAsync("blocklist.invalid-tld")).RCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_gives_way_to_another()
    {
        using var state = StateDirectory.Temporary();
        await using var second = await UnboundResolver.StartAsync(state, _authoritative.Address, [], _resolver.Port.Port, Ct);

        Assert.False(second.Port.AsPreferred);
        Assert.Equal([Good], (await DnsProbe.QueryAsync(second.Address, "good.example", DnsType.A, QueryTimeout, Ct)).Addresses);
    }

    private static Dictionary<string, IPAddress> Names(params (string Name, IPAddress Address)[] names) =>
        names.ToDictionary(entry => entry.Name, entry => entry.Address);

    private static string Text(uint serial, params string[] names) =>
        $"$ORIGIN {Zone}.\n$TTL 60\n@ SOA localhost. hostmaster.invalid. {serial} 3600 600 86400 60\n@ NS localhost.\n" + Records(names);

    private static string Records(params string[] names) => string.Concat(names.Select(name => $"{name} CNAME .\n*.{name} CNAME .\n"));

    private async Task PublishAsync(uint serial, params string[] names)
    {
        _state.Write(ZoneFile, Text(serial, names));
        await _resolver.ReloadZoneAsync(Zone, Ct);
        Assert.Equal(serial, await _resolver.LoadedSerialAsync(Zone, Ct));
    }

    private Task<DnsAnswer> QueryAsync(string name) => DnsProbe.QueryAsync(_resolver.Address, name, DnsType.A, QueryTimeout, Ct);

    private async Task ResolvesAsync(string name, IPAddress address)
    {
        var answer = await QueryAsync(name);
        Assert.Equal((DnsAnswer.NoError, false), (answer.RCode, answer.Authoritative));
        Assert.Equal([address], answer.Addresses);
    }

    /// <summary>The flag of authority tells a name that the policy zone blocks from one that does not exist.</summary>
    private async Task BlockedAsync(string name)
    {
        var answer = await QueryAsync(name);
        Assert.Equal((DnsAnswer.NameError, true), (answer.RCode, answer.Authoritative));
        Assert.Empty(answer.Addresses);
    }
}
