using System.Net;
using BlockList.Server.DnsChecks;
using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Server.Tests.DnsChecks;

/// <summary>
/// A small public DNS on the loopback network: a signed root, a signed <c>example.</c>, zones below it at NSDs of their own, and a
/// server that answers as no server should. Resolvers start at its root and know its key.
/// </summary>
public sealed class DnsWorld : IAsyncLifetime
{
    public const string Good = "good.example";

    private readonly LoopbackBlock block = new();
    private readonly string directory = Directory.CreateTempSubdirectory("dns-").FullName;
    private readonly List<NsdServer> servers = [];

    internal NsdServer Primary { get; private set; } = null!;

    internal NsdServer Secondary { get; private set; } = null!;

    internal HostileServer Hostile { get; private set; } = null!;

    /// <summary>Stands where no stranger's record may lead.</summary>
    internal HostileServer Inside { get; private set; } = null!;

    internal IPAddress PrimaryAddress => block[3];

    internal IPAddress SecondaryAddress => block[4];

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(LoopbackBlock.Allowed, "DNS servers listen at port 53, which takes root here, or: sysctl net.ipv4.ip_unprivileged_port_start=53");
        var (root, example) = (await SignedZone.WithKeysAsync(".", Make("keys-root")), await SignedZone.WithKeysAsync("example", Make("keys-example")));
        var (signed, broken, stripped) = (await SignedZone.WithKeysAsync("signed.example", Make("keys-signed")), await SignedZone.WithKeysAsync("broken.example", Make("keys-broken")), await SignedZone.WithKeysAsync("stripped.example", Make("keys-stripped")));
        var signedText = await signed.SignAsync(Zone("signed.example", block[5], "@ TXT \"signed\"\n_blocklist-challenge TXT \"kept\"\n"));
        // What was signed is not what is served.
        var brokenText = (await broken.SignAsync(Zone("broken.example", block[5], "_blocklist-challenge TXT \"blocklist-challenge=real\"\n"))).Replace("challenge=real", "challenge=fake", StringComparison.Ordinal);
        await stripped.SignAsync(Zone("stripped.example", block[5], ""));
        var exampleText = await example.SignAsync(Zone("example", block[2], $"""
            good NS ns1.good
            good NS ns2.good
            ns1.good A {block[3]}
            ns2.good A {block[4]}
            {Delegate("signed", 5)}{Delegate("broken", 5)}{Delegate("stripped", 5)}{Delegate("hostile", 10)}{Delegate("silent", 20)}{Delegate("gone", 21)}{Delegate("lame", 3)}{Delegate("upward", 10)}
            inside NS ns.inside
            ns.inside A {block.Beyond}
            half NS ns1.half
            half NS ns2.half
            half NS ns3.half
            ns1.half A {block[6]}
            ns2.half A {block[20]}
            ns3.half A {block[3]}
            _blocklist-challenge.upper TXT "at the parent"
            {signed.Ds}{broken.Ds}{stripped.Ds}
            """));
        var rootText = await root.SignAsync($"$TTL 60\n. SOA a.root.example. h.example. 1 3600 600 86400 60\n. NS a.root.example.\na.root.example. A {block[1]}\nexample. NS ns.example.\nns.example. A {block[2]}\n{example.Ds}");
        await File.WriteAllTextAsync(Path.Combine(directory, "root.key"), root.KeyRecord);
        await File.WriteAllTextAsync(Path.Combine(directory, "root.hints"), $". 60 NS a.root.example.\na.root.example. 60 A {block[1]}\n");

        await StartAsync(1, (".", rootText));
        await StartAsync(2, ("example", exampleText));
        Primary = await StartAsync(3, (Good, GoodZone()));
        Secondary = await StartAsync(4, (Good, GoodZone()));
        await StartAsync(5, ("signed.example", signedText), ("broken.example", brokenText), ("stripped.example", Zone("stripped.example", block[5], "@ TXT \"unsigned\"\n")));
        await StartAsync(6, ("half.example", $"$TTL 60\n$ORIGIN half.example.\n@ SOA ns1 h 1 3600 600 86400 60\n@ NS ns1\n@ NS ns2\n@ NS ns3\n@ NS ns.unknown.example.\nns1 A {block[6]}\nns2 A {block[20]}\nns3 A {block[3]}\n_blocklist-challenge TXT \"half\"\n"));
        Hostile = new HostileServer(block[10]);
        Inside = new HostileServer(block.Beyond);
        // Somebody is there and never answers.
        silent = new System.Net.Sockets.UdpClient(new IPEndPoint(block[20], 53));
    }

    private System.Net.Sockets.UdpClient? silent;

    /// <summary>The zone of both good servers, with more records.</summary>
    internal string GoodZone(string more = "") => $"$TTL 60\n$ORIGIN {Good}.\n@ SOA ns1 h 1 3600 600 86400 60\n@ NS ns1\n@ NS ns2\nns1 A {block[3]}\nns2 A {block[4]}\n@ TXT \"in \" \"two strings\"\n*.many A 192.0.2.7\n*.wild TXT \"for any name\"\n"
        + "alias CNAME target\ntarget TXT \"behind an alias\"\na1 CNAME a2\na2 CNAME a3\na3 CNAME a4\na4 CNAME a5\na5 CNAME a6\na6 TXT \"far\"\nv6 AAAA 2001:db8::1\n" + more;

    internal DnsOptions Options(int answerSeconds = 10) => new()
    {
        AnswerSeconds = answerSeconds,
        RootHints = Path.Combine(directory, "root.hints"),
        TrustAnchorFile = Path.Combine(directory, "root.key"),
        PrivateNetworksAsked = block.Network,
        AskIPv6 = false,
    };

    internal UnboundContexts Contexts(int answerSeconds = 10) => Contexts(Options(answerSeconds));

    internal static UnboundContexts Contexts(DnsOptions options) => new(Microsoft.Extensions.Options.Options.Create(options), TimeProvider.System);

    internal static DnsName Name(string text) => DnsName.TryParse(text, out var name) ? name : throw new ArgumentException(text);

    public async ValueTask DisposeAsync()
    {
        if (Hostile is not null) await Hostile.DisposeAsync();
        if (Inside is not null) await Inside.DisposeAsync();
        silent?.Dispose();
        foreach (var server in servers) await server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    private async Task<NsdServer> StartAsync(int host, params (string Name, string Text)[] zones)
    {
        var server = await NsdServer.StartAsync(Make($"nsd-{host}"), block[host], zones);
        servers.Add(server);
        return server;
    }

    private string Make(string name) => Directory.CreateDirectory(Path.Combine(directory, name)).FullName;

    private string Delegate(string label, int host) => $"{label} NS ns.{label}\nns.{label} A {block[host]}\n";

    private static string Zone(string name, IPAddress server, string more) => $"$TTL 60\n$ORIGIN {name}.\n@ SOA ns h 1 3600 600 86400 60\n@ NS ns\nns A {server}\n{more}\n";
}
