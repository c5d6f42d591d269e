using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using BlockList.Agent.Configuration;
using BlockList.Agent.Resolvers;
using BlockList.Format.Rpz;
using BlockList.Tools.Development;

namespace BlockList.Tools.Benchmarks;

/// <summary>A resolver with the piece of configuration that the agent prints, in front of an authoritative server.</summary>
internal sealed class BenchedResolver : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(120);

    private readonly StateDirectory state;
    private readonly IPEndPoint authority;
    private readonly int controlPort = FreePort.Pick().Port;
    private ManagedProcess? process;

    /// <param name="state">Holds everything.</param>
    /// <param name="authority">Who is authoritative for <c>example.</c></param>
    /// <param name="type">What runs.</param>
    /// <param name="channelAbove">Unbound: the longest list that goes to it as a file.</param>
    public BenchedResolver(StateDirectory state, IPEndPoint authority, ResolverType type, int channelAbove)
    {
        this.state = state;
        this.authority = authority;
        var name = $"{type.Word}-{channelAbove}";
        Folder = state.Directory(name);
        var address = new IPEndPoint(IPAddress.Loopback, FreePort.Pick(alsoUdp: true).Port);
        string[] control = type == ResolverType.Bind ? ["rndc", "-c", Path.Combine(Folder, "rndc.conf")] : ["unbound-control", "-c", Path.Combine(Folder, "unbound.conf")];
        var resolver = new ResolverSettings(name, type, control, address, channelAbove, type.Settling);
        List = new ListSettings("worst-of", "worst-of", Path.Combine(Folder, "worst-of.rpz"), resolver, PolicyAction.NxDomain);
    }

    public ListSettings List { get; }

    private string Folder { get; }

    public async Task StartAsync(CancellationToken ct)
    {
        var isBind = List.Resolver.Type == ResolverType.Bind;
        string[] command = isBind ? ["named", "-g", "-c", WriteBind()] : ["unbound", "-d", "-c", WriteUnbound()];
        process = await ManagedProcess.StartAsync(state, new ProgramStart(List.Resolver.Name, command), ct);
        await process.WaitForLineAsync(line => line.Contains(isBind ? "all zones loaded" : "start of service", StringComparison.Ordinal), StartTime, ct);
    }

    public ValueTask DisposeAsync() => process?.DisposeAsync() ?? ValueTask.CompletedTask;

    private string Snippet(SnippetPlace place) =>
        state.Write(Path.Combine(Folder, $"{place}.conf"), string.Concat(KnownResolvers.Snippet(List.Resolver, [List]).Where(p => p.Place == place).Select(p => p.Text)));

    private string WriteUnbound() => state.Write(Path.Combine(Folder, "unbound.conf"), string.Create(CultureInfo.InvariantCulture, $"""
        server:
          directory: "{Folder}"
          interface: {List.Resolver.Address.Address}@{List.Resolver.Address.Port}
          username: ""
          chroot: ""
          pidfile: ""
          use-syslog: no
          verbosity: 1
          do-not-query-localhost: no
          domain-insecure: "example"
        stub-zone:
          name: "example."
          stub-addr: {authority.Address}@{authority.Port}
        remote-control:
          control-enable: yes
          control-interface: {state.Socket(List.Resolver.Name, "control")}
          control-use-cert: no
        include: "{Snippet(SnippetPlace.TopLevel)}"

        """));

    private string WriteBind()
    {
        var key = $$"""key "control" { algorithm hmac-sha256; secret "{{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}}"; };""";
        var port = controlPort.ToString(CultureInfo.InvariantCulture);
        state.Write(Path.Combine(Folder, "rndc.conf"), $"{key}\noptions {{ default-key \"control\"; default-server 127.0.0.1; default-port {port}; }};\n");
        return state.Write(Path.Combine(Folder, "named.conf"), $$"""
            {{key}}
            controls { inet 127.0.0.1 port {{port}} allow { 127.0.0.1; } keys { "control"; }; };
            options {
                directory "{{Folder}}";
                listen-on port {{List.Resolver.Address.Port}} { 127.0.0.1; };
                listen-on-v6 { none; };
                pid-file none;
                session-keyfile none;
                recursion yes;
                dnssec-validation no;
                include "{{Snippet(SnippetPlace.Options)}}";
            };
            zone "example" { type forward; forward only; forwarders { {{authority.Address}} port {{authority.Port}}; }; };
            include "{{Snippet(SnippetPlace.TopLevel)}}";

            """);
    }
}
