namespace BlockList.Agent.Tests.Resolvers;

/// <summary>An Unbound that resolves <c>.example</c> names and has the given piece of configuration, exactly as it was printed.</summary>
internal sealed class RunningUnbound : DnsServer
{
    public string Control => $"unbound-control -c {Path.Combine(Directory, "unbound.conf")}";

    /// <summary>The piece under test; read when the server starts.</summary>
    public string Snippet { get; set; } = "";

    protected override IReadOnlyList<string> Prepare()
    {
        Fixtures.Prerequisite.Command("unbound");
        var zone = Write("example.zone", """
            $ORIGIN example.
            $TTL 60
            @ SOA ns hostmaster 1 3600 600 86400 60
            @ NS ns
            ns A 192.0.2.1
            * A 192.0.2.1
            * AAAA 2001:db8::1

            """);
        var snippet = Write("snippet.conf", Snippet);
        return ["unbound", "-d", "-c", Write("unbound.conf", $"""
            server:
              directory: "{Directory}"
              interface: {Address.Address}@{Address.Port}
              username: ""
              chroot: ""
              pidfile: ""
              use-syslog: no
              num-threads: 1
              so-reuseport: no
            remote-control:
              control-enable: yes
              control-interface: {Directory}/control
              control-use-cert: no
            auth-zone:
              name: "example."
              for-upstream: yes
              for-downstream: no
              zonefile: "{zone}"
            include: "{snippet}"

            """)];
    }
}
