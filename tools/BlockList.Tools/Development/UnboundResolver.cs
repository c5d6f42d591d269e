using System.Globalization;
using System.Net;
using System.Text;

namespace BlockList.Tools.Development;

/// <summary>
/// A real Unbound on a loopback port, as a provider runs it: it resolves <c>example.</c> through
/// <see cref="AuthoritativeDns"/>, loads policy zones from files, and is told to load them again by
/// <c>unbound-control</c>. It asks nobody outside this machine.
/// </summary>
internal sealed class UnboundResolver : IAsyncDisposable
{
    private const string Program = "/usr/sbin/unbound";
    private const string Profile = "/etc/apparmor.d/usr.sbin.unbound";
    private const string Control = "/usr/sbin/unbound-control";

    private readonly StateDirectory _state;
    private readonly ManagedProcess _process;

    private UnboundResolver(StateDirectory state, ManagedProcess process, PortChoice port)
    {
        _state = state;
        _process = process;
        Port = port;
    }

    public PortChoice Port { get; }

    public IPEndPoint Address => new(IPAddress.Loopback, Port.Port);

    public ManagedProcess Process => _process;

    public string ConfigurationFile => ConfigurationOf(_state);

    public string ControlSocket => SocketOf(_state);

    /// <summary>The command to which a control command and its arguments are added, as the agent's configuration wants it.</summary>
    public IReadOnlyList<string> ControlCommand => [Control, "-c", ConfigurationFile];

    /// <param name="state">Holds the configuration and the control socket.</param>
    /// <param name="example">The server that is authoritative for <c>example.</c></param>
    /// <param name="zones">Policy zones. A file that does not exist yet is made, empty: Unbound does not start without it.</param>
    /// <param name="preferredPort">Taken if free; zero prefers none.</param>
    /// <param name="ct">Ends the start.</param>
    public static async Task<UnboundResolver> StartAsync(
        StateDirectory state, IPEndPoint example, IReadOnlyList<PolicyZone> zones, int preferredPort = 0, CancellationToken ct = default)
    {
        state.Directory("unbound");
        foreach (var zone in zones.Where(zone => !File.Exists(zone.ZoneFile)))
            state.Write(zone.ZoneFile, "");

        var program = Unconfined(state);
        var (process, port) = await BoundProgram.StartAsync(
            preferredPort,
            (port, token) => ManagedProcess.StartAsync(
                state, new ProgramStart("unbound", [program, "-d", "-c", WriteConfiguration(state, port, example, zones)]), token),
            line => line.Contains("start of service", StringComparison.Ordinal),
            ct);
        return new UnboundResolver(state, process, port);
    }

    /// <summary>Runs <c>unbound-control</c> as the unprivileged user.</summary>
    public Task<SubprocessResult> ControlAsync(IReadOnlyList<string> command, CancellationToken ct = default) =>
        Subprocess.RunAsync(_state.User.Wrap([.. ControlCommand, .. command]), _state.Root, ct: ct);

    /// <summary>Loads a policy zone's file again; returns when it is in force. Never <c>reload</c>: with a bad file that ends the resolver.</summary>
    public async Task ReloadZoneAsync(string zone, CancellationToken ct = default) =>
        (await ControlAsync(["auth_zone_reload", zone], ct)).Require();

    /// <summary>Null where the zone has no SOA record, as an empty file has none.</summary>
    public async Task<uint?> LoadedSerialAsync(string zone, CancellationToken ct = default)
    {
        // Lines of "rpz.blocklist.", a tab, and "serial 12" or "no serial".
        var line = (await ControlAsync(["list_auth_zones"], ct)).Require().Output.Split('\n')
            .Select(text => text.Split('\t'))
            .Single(parts => parts[0].TrimEnd('.') == zone.TrimEnd('.'));
        return uint.TryParse(line[1].Replace("serial ", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var serial) ? serial : null;
    }

    /// <summary>Forgets what it resolved in <c>example.</c>, for a change of addresses at the authoritative server.</summary>
    public async Task ForgetAsync(CancellationToken ct = default) =>
        (await ControlAsync(["flush_zone", AuthoritativeDns.Zone], ct)).Require();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string ConfigurationOf(StateDirectory state) => state.File("unbound", "unbound.conf");

    private static string SocketOf(StateDirectory state) => state.Socket("unbound", "control");

    /// <summary>
    /// Debian's AppArmor profile lets <c>/usr/sbin/unbound</c> read /etc/unbound and /var/lib/unbound alone. It goes by
    /// the program's path, so where it is in force a copy in the state directory runs instead.
    /// </summary>
    private static string Unconfined(StateDirectory state)
    {
        if (!File.Exists(Profile) || !AppArmorIsOn())
            return Program;
        var copy = Path.Combine(state.Directory("programs"), "unbound");
        File.Copy(Program, copy, overwrite: true);
        return copy;
    }

    private static bool AppArmorIsOn()
    {
        const string Enabled = "/sys/module/apparmor/parameters/enabled";
        return File.Exists(Enabled) && File.ReadAllText(Enabled).StartsWith('Y');
    }

    private static string WriteConfiguration(StateDirectory state, int port, IPEndPoint example, IReadOnlyList<PolicyZone> zones)
    {
        var text = new StringBuilder();
        // so-reuseport would let a second resolver share the port without a word.
        // Answers are cached as long as their own TTL says: that a cached name is blocked at once is part of the proof.
        // That a name does not exist is not cached, so that one added at the authoritative server resolves without a wait.
        // Names outside the zone are refused: nothing here may depend on, or disclose anything to, the network.
        text.Append(CultureInfo.InvariantCulture, $"""
            server:
              directory: "{state.File("unbound")}"
              interface: 127.0.0.1
              port: {port}
              so-reuseport: no
              do-ip6: no
              access-control: 127.0.0.0/8 allow
              username: ""
              chroot: ""
              pidfile: ""
              do-daemonize: no
              use-syslog: no
              logfile: ""
              verbosity: 1
              module-config: "respip validator iterator"
              do-not-query-localhost: no
              cache-max-negative-ttl: 0
              domain-insecure: "{AuthoritativeDns.Zone}"
              local-zone: "." refuse
              local-zone: "{AuthoritativeDns.Zone}." transparent
            stub-zone:
              name: "{AuthoritativeDns.Zone}."
              stub-addr: {example.Address}@{example.Port}
            remote-control:
              control-enable: yes
              control-interface: "{SocketOf(state)}"
              control-use-cert: no

            """);
        foreach (var zone in zones)
            text.Append(CultureInfo.InvariantCulture, $"rpz:\n  name: \"{zone.Name}\"\n  zonefile: \"{zone.ZoneFile}\"\n");
        return state.Write(ConfigurationOf(state), text.ToString());
    }
}
