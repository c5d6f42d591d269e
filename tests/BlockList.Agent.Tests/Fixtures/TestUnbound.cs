using System.Net;
using BlockList.Agent.Dns;
using BlockList.Agent.Resolvers;
using BlockList.Agent.Tests.Resolvers;
using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Rpz;

namespace BlockList.Agent.Tests.Fixtures;

/// <summary>A real Unbound that enforces response policy zones from files, however those came there.</summary>
internal sealed class TestUnbound : IAsyncDisposable
{
    private readonly RunningUnbound server = new();
    private readonly (string Zone, string File)[] zones;

    private TestUnbound((string Zone, string File)[] zones) => this.zones = zones;

    public IPEndPoint Address => server.Address;

    public string Control => server.Control;

    /// <summary>Starts with empty zones where there are none yet: Unbound does not start without its zone files.</summary>
    public static async Task<TestUnbound> StartAsync(params (string Zone, string File)[] zones)
    {
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
        await unbound.RestartAsync();
        return unbound;
    }

    /// <summary>Starts again, with one more setting for each zone or with other files.</summary>
    public Task RestartAsync(string setting = "", params (string Zone, string File)[] others)
    {
        server.Snippet = Snippet(setting, others.Length > 0 ? others : zones);
        return server.RestartAsync();
    }

    public Task StopAsync() => server.StopAsync();

    public async Task<bool> ResolvesAsync(string name) => await server.AskAsync(name) is { RCode: DnsAnswer.NoError, Addresses.Count: > 0 };

    public async Task<bool> BlocksAsync(string name) => await server.AskAsync(name) is { RCode: DnsAnswer.NameError, Authoritative: true };

    public ValueTask DisposeAsync() => server.DisposeAsync();

    /// <summary>Written here and not by the agent, so that a mistake of its own piece of configuration shows.</summary>
    private string Snippet(string setting, (string Zone, string File)[] rpz) => $"""
        server:
          module-config: "respip iterator"
        {string.Concat(rpz.Select(z => $"rpz:\n  name: {z.Zone}\n  zonefile: \"{z.File}\"\n  {setting}\n"))}
        {string.Concat(zones.Select(z => $"include: \"{LocalZonesFile.PathOf(z.File)}\"\n"))}
        """;
}
