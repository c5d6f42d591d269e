using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BlockList.Agent.Dns;
using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests.Packaging;

/// <summary>The README's way from the package to a blocking Unbound, typed as it stands there on a system that has nothing but
/// Debian's Unbound. Two things are added: Unbound answers on a port that is free here, and <c>systemctl</c> is a script that
/// does what the units say, since no systemd runs there.</summary>
public sealed class PackagedJourneyTests(Packages packages)
{
    private const string Marker = "<!-- five commands: ";

    [Fact]
    public async Task Five_commands_lead_from_the_package_to_a_blocking_Unbound()
    {
        var (deb, _) = await packages.MadeAsync();
        using var root = await CleanRoot.CreateAsync();
        using var pki = new TestPki();
        var clock = new TestClock();
        var repository = new TestRepository(clock);
        repository.Publish("one.example");
        await using var server = await TestServer.StartAsync(pki, repository);
        using var provider = new TestProvider(clock);
        provider.WriteBundle(pki, server.Address, repository);
        var resolver = new IPEndPoint(IPAddress.Loopback, FreePort());
        Prepare(root, deb, provider.Bundle, resolver);
        var commands = Commands()
            .Select(c => c.StartsWith("apt install ./", StringComparison.Ordinal) ? "apt install --yes ./" + Path.GetFileName(deb) : c)
            .Select(c => c.Replace("worst-of=HEX", $"worst-of={Format.Hashes.Sha256(repository.Root)} --unbound-address {resolver}", StringComparison.Ordinal)).ToArray();
        Assert.Equal(5, commands.Length);

        var clockwork = Stopwatch.StartNew();
        using var machine = Start(root, "cd /root\nsystemctl start unbound\necho resolves\nread\n" + string.Join('\n', commands.Select(c => $"echo '$ '{Quoted(c)}\n{c}")) + "\necho blocks\nread\n");
        var said = new List<string>();
        try
        {
            await UntilAsync(machine, said, "resolves");
            Assert.True(await AnswersAsync(resolver, "one.example", blocked: false), "one.example does not resolve before the list is there");
            clockwork.Restart();
            await machine.StandardInput.WriteLineAsync();
            await UntilAsync(machine, said, "blocks");
            var typed = clockwork.Elapsed;
            Assert.True(await AnswersAsync(resolver, "one.example", blocked: true), string.Join('\n', said));
            TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture,
                $"five commands took {typed.TotalSeconds:0.0} s, one.example was blocked {clockwork.Elapsed.TotalSeconds:0.0} s after the first began"));
            Assert.True(await AnswersAsync(resolver, "two.example", blocked: false), "its neighbour is blocked too");
            Assert.True(clockwork.Elapsed < TimeSpan.FromMinutes(5), $"it took {clockwork.Elapsed}");
        }
        finally
        {
            machine.Kill();
            await machine.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static string[] Commands()
    {
        var lines = File.ReadAllLines(Checkout.File("README.md"));
        return [.. lines.SkipWhile(l => !l.StartsWith(Marker, StringComparison.Ordinal)).Skip(2).TakeWhile(l => l != "```")];
    }

    private static void Prepare(CleanRoot root, string deb, string bundle, IPEndPoint resolver)
    {
        File.Copy(deb, root.PathOf($"/root/{Path.GetFileName(deb)}"));
        Directory.CreateDirectory(root.PathOf("/root/bundle"));
        foreach (var file in Directory.GetFiles(bundle)) File.Copy(file, root.PathOf($"/root/bundle/{Path.GetFileName(file)}"));
        File.WriteAllText(root.PathOf("/etc/unbound/unbound.conf.d/a-machine.conf"), $"""
            server:
              interface: {resolver.Address}@{resolver.Port}
              domain-insecure: "example."
              use-syslog: no
            auth-zone:
              name: "example."
              for-upstream: yes
              for-downstream: no
              zonefile: "/etc/unbound/example.zone"
            """ + "\n");
        File.WriteAllText(root.PathOf("/etc/unbound/example.zone"), "$ORIGIN example.\n$TTL 60\n@ SOA ns hostmaster 1 3600 600 86400 60\n@ NS ns\nns A 127.0.0.1\n* A 192.0.2.1\n");
        var systemctl = root.PathOf("/usr/local/bin/systemctl");
        File.WriteAllText(systemctl, """
            #!/bin/bash
            # What the units say, for a system without systemd.
            set -e
            case "$*" in
                'start unbound')
                    /usr/libexec/unbound-helper chroot_setup
                    /usr/libexec/unbound-helper root_trust_anchor_update
                    unbound ;;
                'restart unbound')
                    old=$(cat /run/unbound.pid)
                    kill "$old"
                    while [ -d "/proc/$old" ]; do sleep 0.05; done
                    systemctl start unbound ;;
                'enable --now blocklist-agent')
                    install -d -m 700 -o blocklist-agent /run/credentials
                    install -m 400 -o blocklist-agent /etc/blocklist-agent/certificate.pem /etc/blocklist-agent/key.pem /run/credentials/
                    CREDENTIALS_DIRECTORY=/run/credentials setpriv --reuid=blocklist-agent --regid=blocklist-agent --init-groups --no-new-privs --bounding-set=-all \
                        /usr/bin/blocklist-agent run & ;;
            esac
            """ + "\n");
        File.SetUnixFileMode(systemctl, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
    }

    private static Process Start(CleanRoot root, string script) => Process.Start(new ProcessStartInfo("unshare", root.Arguments("exec 2>&1\n" + script))
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    private static async Task UntilAsync(Process machine, List<string> said, string line)
    {
        while (said.LastOrDefault() != line)
        {
            var next = await machine.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
            said.Add(next ?? throw new InvalidOperationException($"the commands ended early:\n{string.Join('\n', said)}"));
        }
    }

    /// <summary>Asks until the answer is the one wanted, for a minute.</summary>
    private static async Task<bool> AnswersAsync(IPEndPoint resolver, string name, bool blocked)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromMinutes(1);)
        {
            try
            {
                var answer = await DnsProbe.QueryAsync(resolver, name, DnsType.A, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
                if (answer.RCode == (blocked ? DnsAnswer.NameError : DnsAnswer.NoError)) return true;
            }
            catch (DnsProbeException)
            {
                // It starts.
            }
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        return false;
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
