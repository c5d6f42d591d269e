using System.Diagnostics;
using System.Net;
using BlockList.Agent.Dns;
using BlockList.Agent.Tests.Fixtures;
using BlockList.Tools.Development;

namespace BlockList.Agent.Tests.Packaging;

/// <summary>A provider's machine under a systemd of its own, with Debian's Unbound as its unit starts it, and a list server over
/// mutual TLS. The only thing that is not as the README has it: Unbound answers on a port that is free here.</summary>
internal sealed class ProviderMachine : IAsyncDisposable
{
    private const string Marker = "<!-- five commands: ";

    private readonly TestClock clock;
    private readonly TestPki pki = new();
    private readonly IPEndPoint resolver = new(IPAddress.Loopback, FreePort.Pick(alsoUdp: true).Port);

    private ProviderMachine(BootedRoot root, TestClock clock, TestRepository repository)
    {
        Root = root;
        this.clock = clock;
        Repository = repository;
    }

    public BootedRoot Root { get; }

    public TestRepository Repository { get; }

    public TestServer Server { get; private set; } = null!;

    /// <summary>Unbound runs and the package lies in <c>/root</c> with its bundle; nothing is installed.</summary>
    public static async Task<ProviderMachine> StartAsync(Packages packages, params string[] listed)
    {
        var (deb, _) = await packages.MadeAsync();
        var clock = new TestClock();
        var machine = new ProviderMachine(await BootedRoot.StartAsync(), clock, new TestRepository(clock));
        try
        {
            machine.Repository.Publish(listed);
            machine.Server = await TestServer.StartAsync(machine.pki, machine.Repository);
            machine.WriteFiles(deb);
            await machine.Root.RequireAsync("systemctl enable --quiet --now unbound");
            return machine;
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Types the README's five commands and waits until a name is blocked.</summary>
    public static async Task<ProviderMachine> InServiceAsync(Packages packages, params string[] listed)
    {
        var machine = await StartAsync(packages, listed);
        try
        {
            await machine.TypeCommandsAsync();
            Assert.True(await machine.BlocksAsync(listed[0]), await machine.JournalAsync());
            return machine;
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }

    public async Task TypeCommandsAsync()
    {
        var commands = File.ReadAllLines(Checkout.File("README.md")).SkipWhile(l => !l.StartsWith(Marker, StringComparison.Ordinal)).Skip(2).TakeWhile(l => l != "```")
            .Select(c => c.StartsWith("apt install ./", StringComparison.Ordinal) ? "apt install --yes ./blocklist-agent.deb" : c)
            .Select(c => c.Replace("worst-of=HEX", $"worst-of={Format.Hashes.Sha256(Repository.Root)} --unbound-address {resolver}", StringComparison.Ordinal)).ToArray();
        Assert.Equal(5, commands.Length);
        foreach (var command in commands)
        {
            var run = await Root.RunAsync($"cd /root\n{command}");
            Assert.True(run.Code == 0, $"{command}\n{run.Results}{run.Progress}{(await Root.RunAsync("journalctl --sync; journalctl --quiet --no-pager --lines 50")).Results}");
        }
    }

    public Task<bool> BlocksAsync(string name) => AnswersAsync(name, DnsAnswer.NameError);

    public Task<bool> ResolvesAsync(string name) => AnswersAsync(name, DnsAnswer.NoError);

    /// <summary>A property of a unit as <c>systemctl show</c> has it.</summary>
    public async Task<string> ShowAsync(string property, string unit = "blocklist-agent") =>
        (await Root.RequireAsync($"systemctl show --value --property {property} {unit}")).Trim();

    /// <summary>What the units of the agent said, oldest first.</summary>
    public async Task<string> JournalAsync(string options = "") =>
        await Root.RequireAsync($"journalctl --sync; journalctl --quiet --no-pager --output cat {options} --unit blocklist-agent --unit blocklist-agent-apply");

    public async ValueTask DisposeAsync()
    {
        await Root.DisposeAsync();
        if (Server is not null) await Server.DisposeAsync();
        pki.Dispose();
    }

    private void WriteFiles(string deb)
    {
        File.Copy(deb, Root.PathOf("/root/blocklist-agent.deb"));
        using (var provider = new TestProvider(clock))
        {
            provider.WriteBundle(pki, Server.Address, Repository);
            Directory.CreateDirectory(Root.PathOf("/root/bundle"));
            foreach (var file in Directory.GetFiles(provider.Bundle)) File.Copy(file, Root.PathOf($"/root/bundle/{Path.GetFileName(file)}"));
        }
        File.WriteAllText(Root.PathOf("/etc/unbound/unbound.conf.d/a-machine.conf"), $"""
            server:
              interface: {resolver.Address}@{resolver.Port}
              domain-insecure: "example."
            auth-zone:
              name: "example."
              for-upstream: yes
              for-downstream: no
              zonefile: "/etc/unbound/example.zone"
            """ + "\n");
        File.WriteAllText(Root.PathOf("/etc/unbound/example.zone"), "$ORIGIN example.\n$TTL 60\n@ SOA ns hostmaster 1 3600 600 86400 60\n@ NS ns\nns A 127.0.0.1\n* A 192.0.2.1\n");
    }

    /// <summary>Asks until the answer is the one wanted, for a minute.</summary>
    private async Task<bool> AnswersAsync(string name, int wanted)
    {
        for (var waiting = Stopwatch.StartNew(); waiting.Elapsed < TimeSpan.FromMinutes(1);)
        {
            try
            {
                if ((await DnsProbe.QueryAsync(resolver, name, DnsType.A, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken)).RCode == wanted) return true;
            }
            catch (DnsProbeException)
            {
                // It starts.
            }
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        return false;
    }
}
