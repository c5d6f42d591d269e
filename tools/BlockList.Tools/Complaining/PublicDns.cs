using System.Net;
using BlockList.Server.DnsChecks;
using BlockList.Tools.Development;

namespace BlockList.Tools.Complaining;

/// <summary>A root of our own and <c>example.</c> below it, at one real NSD at port 53 of a loopback address: where an owner publishes a
/// record, and where the role <c>checker</c> finds it by recursion.</summary>
internal sealed class PublicDns : IAsyncDisposable
{
    private readonly string directory;
    private readonly NsdServer server;
    private readonly IPAddress address;
    private int serial = 1;

    private PublicDns(string directory, NsdServer server, IPAddress address) => (this.directory, this.server, this.address) = (directory, server, address);

    /// <exception cref="InvalidOperationException">Port 53 is not to be had.</exception>
    public static async Task<PublicDns> StartAsync()
    {
        if (!LoopbackBlock.Allowed) throw new InvalidOperationException("A DNS server listens at port 53, which takes root here, or: sysctl net.ipv4.ip_unprivileged_port_start=53");
        var address = new LoopbackBlock()[1];
        var directory = Directory.CreateTempSubdirectory("dns-").FullName;
        var root = $"$TTL 60\n. SOA a.root.example. h.example. 1 3600 600 86400 60\n. NS a.root.example.\na.root.example. A {address}\nexample. NS ns.example.\nns.example. A {address}\n";
        return new PublicDns(directory, await NsdServer.StartAsync(directory, address, (".", root), ("example", Zone(address, 1, ""))), address);
    }

    /// <summary>What the checker's configuration says to begin here, and nowhere else.</summary>
    /// <param name="state">Where the file with the root's address goes, readable by the role.</param>
    public string Settings(StateDirectory state) => $"""

        [{DnsOptions.Section}]
        RootHints = {state.Write(state.File("root.hints"), $". 60 NS a.root.example.\na.root.example. 60 A {address}\n")}
        TrustAnchorFile =
        PrivateNetworksAsked = {address}/32
        AskIPv6 = false
        SweepSeconds = 1

        """;

    /// <summary>Publishes a TXT record, as the owner does at the registrar's page.</summary>
    public Task PublishAsync(string name, string text) => server.ReplaceAsync("example", Zone(address, ++serial, $"{name} TXT \"{text}\"\n"));

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    private static string Zone(IPAddress address, int serial, string more) => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"$TTL 60\n$ORIGIN example.\n@ SOA ns h {serial} 3600 600 86400 60\n@ NS ns\nns A {address}\na.root A {address}\n{more}");
}
