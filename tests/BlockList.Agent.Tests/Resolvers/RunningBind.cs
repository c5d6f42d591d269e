using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using BlockList.Tools.Development;

namespace BlockList.Agent.Tests.Resolvers;

/// <summary>A BIND that asks an upstream for <c>.example</c> names and has the given pieces of configuration, exactly as
/// they were printed. Below <c>dead.example</c> nobody answers.</summary>
internal sealed class RunningBind(IPEndPoint upstream) : DnsServer
{
    private readonly int controlPort = FreePort.Pick().Port;

    public string Control => $"rndc -c {Path.Combine(Directory, "rndc.conf")}";

    /// <summary>The piece inside options; read when the server starts.</summary>
    public string Options { get; set; } = "";

    /// <summary>The piece beside options.</summary>
    public string Zones { get; set; } = "";

    protected override IReadOnlyList<string> Prepare()
    {
        Fixtures.Prerequisite.Command("named");
        var key = $$"""key "control" { algorithm hmac-sha256; secret "{{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}}"; };""";
        var port = controlPort.ToString(CultureInfo.InvariantCulture);
        Write("rndc.conf", $"{key}\noptions {{ default-key \"control\"; default-server 127.0.0.1; default-port {port}; }};\n");
        return ["named", "-g", "-n", "1", "-c", Write("named.conf", $$"""
            {{key}}
            controls { inet 127.0.0.1 port {{port}} allow { 127.0.0.1; } keys { "control"; }; };
            options {
                directory "{{Directory}}";
                listen-on port {{Address.Port}} { 127.0.0.1; };
                listen-on-v6 { none; };
                pid-file none;
                session-keyfile none;
                recursion yes;
                dnssec-validation no;
                max-cache-size 32M;
                include "{{Write("options.conf", Options)}}";
            };
            zone "example" { type forward; forward only; forwarders { {{upstream.Address}} port {{upstream.Port}}; }; };
            zone "dead.example" { type forward; forward only; forwarders { 127.0.0.1 port 1; }; };
            include "{{Write("zones.conf", Zones)}}";

            """)];
    }
}
