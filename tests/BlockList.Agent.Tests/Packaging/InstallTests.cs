namespace BlockList.Agent.Tests.Packaging;

/// <summary>The package's life on a machine: installed, upgraded, removed, purged.</summary>
public sealed class InstallTests(Packages packages)
{
    [Fact]
    public async Task Installed_it_runs_as_a_user_of_its_own_that_may_control_unbound()
    {
        using var root = await InstalledAsync();

        Assert.Equal("blocklist-agent:blocklist-agent 700\n", await root.RequireAsync("stat -c '%U:%G %a' /var/lib/blocklist-agent"));
        Assert.Contains("unbound", (await root.RequireAsync("id -nG blocklist-agent")).Trim().Split(' '));
        Assert.Contains("/usr/sbin/nologin", await root.RequireAsync("getent passwd blocklist-agent"), StringComparison.Ordinal);
        Assert.Contains("Fetches signed block lists", await root.RequireAsync("blocklist-agent --help"), StringComparison.Ordinal);
        (await root.RunAsync("blocklist-agent status")).Ended(ExitCode.Usage).Says("there is no section [server]");
        foreach (var file in (string[])["/lib/systemd/system/blocklist-agent.service", "/usr/share/man/man8/blocklist-agent.8.gz", "/usr/share/bash-completion/completions/blocklist-agent"])
            Assert.True(File.Exists(root.PathOf(file)), file);
    }

    [Fact]
    public async Task Completion_offers_what_the_program_knows()
    {
        using var root = await InstalledAsync();

        var offered = await root.RequireAsync("""
            . /usr/share/bash-completion/completions/blocklist-agent
            COMP_LINE='blocklist-agent sta' COMP_POINT=19 COMP_CWORD=1 COMP_WORDS=(blocklist-agent sta)
            _blocklist_agent
            echo "${COMPREPLY[@]}"
            """);

        Assert.Equal("status\n", offered);
    }

    [Fact]
    public async Task A_resolver_that_is_installed_later_lets_the_agent_in()
    {
        using var root = await CleanRoot.CreateAsync();
        // As if Unbound were not there yet: its group appears with its package.
        await root.RequireAsync("groupmod -n later unbound");
        await InstallAsync(root, (await packages.MadeAsync()).Deb);
        Assert.DoesNotContain("unbound", await root.RequireAsync("id -nG blocklist-agent"), StringComparison.Ordinal);

        await root.RequireAsync("groupmod -n unbound later; dpkg-trigger --no-await /usr/sbin/unbound; dpkg --triggers-only --pending");

        Assert.Contains("unbound", await root.RequireAsync("id -nG blocklist-agent"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upgrade_keeps_configuration_state_and_user()
    {
        using var root = await InstalledAsync();
        await root.RequireAsync("""
            echo '[agent]' >>/etc/blocklist-agent/agent.ini
            printf '#!/bin/sh\n' >/etc/blocklist-agent/hooks/10-mine
            touch /etc/blocklist-agent/key.pem /var/lib/blocklist-agent/memory
            """);
        const string looks = "sha256sum /etc/blocklist-agent/agent.ini /etc/blocklist-agent/key.pem /etc/blocklist-agent/hooks/10-mine; stat -c '%n %u' /var/lib/blocklist-agent/memory; id -u blocklist-agent";
        var before = await root.RequireAsync(looks);
        var (newer, _) = await packages.MakeAsync("newer", "--version", "99.0", "--program", root.PathOf("/usr/bin/blocklist-agent"));

        await InstallAsync(root, newer);

        Assert.Equal(before, await root.RequireAsync(looks));
        Assert.Equal("99.0", await root.RequireAsync("dpkg-query -W -f '${Version}' blocklist-agent"));
    }

    [Fact]
    public async Task Removed_it_leaves_what_is_in_force_and_purged_it_leaves_no_key()
    {
        using var root = await InstalledAsync();
        await root.RequireAsync("""
            mkdir /var/lib/unbound/blocklist; echo zone >/var/lib/unbound/blocklist/worst-of.rpz
            touch /etc/blocklist-agent/key.pem /var/lib/blocklist-agent/memory
            """);

        await root.RequireAsync("dpkg --remove blocklist-agent");
        Assert.False(File.Exists(root.PathOf("/usr/bin/blocklist-agent")));
        Assert.True(File.Exists(root.PathOf("/etc/blocklist-agent/agent.ini")));
        Assert.True(File.Exists(root.PathOf("/var/lib/blocklist-agent/memory")));
        Assert.True(File.Exists(root.PathOf("/var/lib/unbound/blocklist/worst-of.rpz")));

        await root.RequireAsync("dpkg --purge blocklist-agent");
        Assert.False(Directory.Exists(root.PathOf("/etc/blocklist-agent")));
        Assert.False(Directory.Exists(root.PathOf("/var/lib/blocklist-agent")));
        // Unbound is still told to load it, and would not start without it.
        Assert.True(File.Exists(root.PathOf("/var/lib/unbound/blocklist/worst-of.rpz")));
    }

    private async Task<CleanRoot> InstalledAsync()
    {
        var root = await CleanRoot.CreateAsync();
        await InstallAsync(root, (await packages.MadeAsync()).Deb);
        return root;
    }

    private static async Task InstallAsync(CleanRoot root, string deb)
    {
        File.Copy(deb, root.PathOf("/tmp/blocklist-agent.deb"), overwrite: true);
        await root.RequireAsync("DEBIAN_FRONTEND=noninteractive dpkg --install /tmp/blocklist-agent.deb");
    }
}
