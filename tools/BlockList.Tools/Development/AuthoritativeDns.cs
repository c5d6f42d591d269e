using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BlockList.Agent.Dns;

namespace BlockList.Tools.Development;

/// <summary>A real NSD on a loopback port that is authoritative for <c>example.</c>, the zone that all demo names lie in.</summary>
internal sealed class AuthoritativeDns : IAsyncDisposable
{
    public const string Zone = "example";

    /// <summary>Long enough that resolvers answer from their cache, as they do in the field when a name gets listed.</summary>
    private const int TimeToLive = 300;

    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(2);

    private readonly StateDirectory _state;
    private readonly ManagedProcess _process;
    private uint _serial = 1;

    private AuthoritativeDns(StateDirectory state, ManagedProcess process, PortChoice port)
    {
        _state = state;
        _process = process;
        Port = port;
    }

    public PortChoice Port { get; }

    public IPEndPoint Address => new(IPAddress.Loopback, Port.Port);

    public ManagedProcess Process => _process;

    /// <param name="state">Holds the configuration, the zone file and the control socket.</param>
    /// <param name="names">Names in <c>example.</c>, wildcards included, with their addresses.</param>
    /// <param name="preferredPort">Taken if free; zero prefers none.</param>
    /// <param name="ct">Ends the start.</param>
    public static async Task<AuthoritativeDns> StartAsync(
        StateDirectory state, IReadOnlyDictionary<string, IPAddress> names, int preferredPort = 0, CancellationToken ct = default)
    {
        state.Directory("nsd");
        WriteZone(state, names, serial: 1);
        var (process, port) = await BoundProgram.StartAsync(
            preferredPort,
            (port, token) => ManagedProcess.StartAsync(state, new ProgramStart("nsd", ["/usr/sbin/nsd", "-d", "-c", WriteConfiguration(state, port)]), token),
            line => line.Contains("nsd started", StringComparison.Ordinal),
            ct);
        return new AuthoritativeDns(state, process, port);
    }

    /// <summary>Replaces the whole zone; returns when it is being served.</summary>
    public async Task PublishAsync(IReadOnlyDictionary<string, IPAddress> names, CancellationToken ct = default)
    {
        WriteZone(_state, names, ++_serial);
        // "ok" only says that the reload was begun.
        (await Subprocess.RunAsync(
            _state.User.Wrap(["/usr/sbin/nsd-control", "-c", ConfigurationFile(_state), "reload", Zone]), _state.Root, ct: ct)).Require();
        await _process.WaitUntilAsync(async token => await ServedSerialAsync(token) == _serial, ct: ct);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string ConfigurationFile(StateDirectory state) => state.File("nsd", "nsd.conf");

    /// <summary>Everything that NSD would keep in /var or own as a user of its own lies in the state directory instead.</summary>
    private static string WriteConfiguration(StateDirectory state, int port) => state.Write(ConfigurationFile(state), $"""
        server:
          ip-address: 127.0.0.1@{port.ToString(CultureInfo.InvariantCulture)}
          server-count: 1
          username: ""
          chroot: ""
          database: ""
          zonesdir: "{state.File("nsd")}"
          pidfile: "{state.File("nsd", "nsd.pid")}"
          zonelistfile: "{state.File("nsd", "zone.list")}"
          xfrdfile: "{state.File("nsd", "xfrd.state")}"
          xfrdir: "{state.File("nsd")}"
          verbosity: 1
        remote-control:
          control-enable: yes
          control-interface: "{state.Socket("nsd", "control")}"
        zone:
          name: "{Zone}"
          zonefile: "{Zone}.zone"

        """);

    private static void WriteZone(StateDirectory state, IReadOnlyDictionary<string, IPAddress> names, uint serial)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"$TTL {TimeToLive}\n");
        text.Append(CultureInfo.InvariantCulture, $"{Zone}. SOA ns.{Zone}. hostmaster.{Zone}. {serial} 3600 600 86400 {TimeToLive}\n");
        text.Append(CultureInfo.InvariantCulture, $"{Zone}. NS ns.{Zone}.\nns.{Zone}. A 127.0.0.1\n");
        foreach (var (name, address) in names.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!name.EndsWith($".{Zone}", StringComparison.Ordinal) || name.Any(character => !char.IsAsciiLetterOrDigit(character) && !"-_.*".Contains(character, StringComparison.Ordinal)))
                throw new ArgumentException($"'{name}' is no name in the zone {Zone}.", nameof(names));
            var type = address.AddressFamily == AddressFamily.InterNetworkV6 ? "AAAA" : "A";
            text.Append(CultureInfo.InvariantCulture, $"{name}. {type} {address}\n");
        }

        state.Write(state.File("nsd", $"{Zone}.zone"), text.ToString());
    }

    private async Task<uint?> ServedSerialAsync(CancellationToken ct)
    {
        try
        {
            return (await DnsProbe.QueryAsync(Address, Zone, DnsType.Soa, QueryTimeout, ct)).Serial;
        }
        catch (DnsProbeException)
        {
            return null;
        }
    }
}
