using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BlockList.Agent.Dns;
using BlockList.Agent.Resolvers;
using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Rpz;

namespace BlockList.Agent.Tests.Fixtures;

/// <summary>
/// A real Unbound on the loopback address. It knows the names of <c>.example</c> from a zone that it uses as an upstream,
/// so that they go through its resolution like any other, and enforces response policy zones from files.
/// </summary>
internal sealed class TestUnbound : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(20);

    private readonly string directory = Directory.CreateTempSubdirectory("ub-").FullName;
    private readonly (string Zone, string File)[] zones;
    private Process? process;

    private TestUnbound((string Zone, string File)[] zones) => this.zones = zones;

    public IPEndPoint Address { get; } = new(IPAddress.Loopback, 0);

    public string Control => $"unbound-control -c {ConfigFile}";

    private string ConfigFile => Path.Combine(directory, "unbound.conf");

    /// <summary>Starts with empty zones where there are none yet: Unbound does not start without its zone files.</summary>
    public static async Task<TestUnbound> StartAsync(params (string Zone, string File)[] zones)
    {
        Prerequisite.Command("unbound");
        var unbound = new TestUnbound(zones);
        foreach (var (zone, file) in zones)
        {
            if (!File.Exists(LocalZonesFile.PathOf(file)))
            {
                await using var localZones = File.Create(LocalZonesFile.PathOf(file));
                new LocalZonesText(new LocalZonesMarker(zone)).Write(localZones, LocalZones.None);
            }
            if (File.Exists(file)) continue;
            await using var stream = File.Create(file);
            RpzZone.Write(stream, ListFile.Empty, Serial.First);
        }
        await unbound.StartAsync("", zones);
        return unbound;
    }

    /// <summary>Starts again, with one more setting for each zone or with other files.</summary>
    public async Task RestartAsync(string setting = "", params (string Zone, string File)[] others)
    {
        await StopAsync();
        await StartAsync(setting, others.Length > 0 ? others : zones);
    }

    public async Task StopAsync()
    {
        if (process is null) return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    public async Task<bool> ResolvesAsync(string name) => await AskAsync(name) is { RCode: DnsAnswer.NoError, Addresses.Count: > 0 };

    public async Task<bool> BlocksAsync(string name) => await AskAsync(name) is { RCode: DnsAnswer.NameError, Authoritative: true };

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(directory, recursive: true);
    }

    private Task<DnsAnswer> AskAsync(string name) =>
        DnsProbe.QueryAsync(Address, name, DnsType.A, TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

    private async Task StartAsync(string setting, (string Zone, string File)[] rpz)
    {
        // Another process may take the port between its choice and Unbound's start; then another port is tried.
        for (var attempt = 0; ; attempt++)
        {
            if (Address.Port == 0 || attempt > 0) Address.Port = FreePort();
            await File.WriteAllTextAsync(ConfigFile, Configuration(setting, rpz));
            await File.WriteAllTextAsync(Path.Combine(directory, "example.zone"), Upstream);
            process = LastingProcess.Start(["unbound", "-d", "-c", ConfigFile], streams: true);
            var said = new StringBuilder();
            process.ErrorDataReceived += (_, line) => { lock (said) said.AppendLine(line.Data); };
            process.BeginErrorReadLine();
            process.BeginOutputReadLine();
            if (await AnswersAsync()) return;
            lock (said) Assert.True(attempt < 3, $"Unbound did not start: {said}");
            await StopAsync();
        }
    }

    private async Task<bool> AnswersAsync()
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < StartTime && !process!.HasExited)
        {
            try
            {
                await DnsProbe.QueryAsync(Address, "ns.example", DnsType.A, TimeSpan.FromSeconds(1), default);
                return true;
            }
            catch (DnsProbeException)
            {
                await Task.Delay(10);
            }
        }
        return false;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private string Configuration(string setting, (string Zone, string File)[] rpz) => $"""
        server:
          directory: "{directory}"
          interface: {Address.Address}@{Address.Port}
          username: ""
          chroot: ""
          pidfile: ""
          use-syslog: no
          num-threads: 1
          module-config: "respip iterator"
        remote-control:
          control-enable: yes
          control-interface: {directory}/control
          control-use-cert: no
        auth-zone:
          name: "example."
          for-upstream: yes
          for-downstream: no
          zonefile: "{directory}/example.zone"
        {string.Concat(rpz.Select(z => $"rpz:\n  name: {z.Zone}\n  zonefile: \"{z.File}\"\n  {setting}\n"))}
        {string.Concat(zones.Select(z => $"include: \"{LocalZonesFile.PathOf(z.File)}\"\n"))}
        """;

    private const string Upstream = """
        $ORIGIN example.
        $TTL 60
        @ SOA ns hostmaster 1 3600 600 86400 60
        @ NS ns
        ns A 127.0.0.1
        * A 192.0.2.1
        one A 192.0.2.1
        *.one A 192.0.2.1
        two A 192.0.2.1
        *.two A 192.0.2.1

        """;
}
