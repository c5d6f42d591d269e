using System.Globalization;

namespace BlockList.Agent.Tests.Packaging;

/// <summary>A package that changes under a running service, with a list of the length that counts.</summary>
public sealed class UpgradeTests(Packages packages)
{
    private const int Names = 100_000;

    [Fact]
    public async Task A_running_service_goes_on_in_the_new_version_and_ends_with_its_package()
    {
        await using var machine = await ProviderMachine.InServiceAsync(packages, "one.example");
        var process = await machine.ShowAsync("MainPID");
        var (newer, _) = await packages.MakeAsync("upgrade", "--version", "99.0", "--program", machine.Root.PathOf("/usr/bin/blocklist-agent"));
        File.Copy(newer, machine.Root.PathOf("/root/newer.deb"));

        await machine.Root.RequireAsync("apt install --yes /root/newer.deb");
        Assert.Equal("active", await machine.ShowAsync("ActiveState"));
        Assert.NotEqual(process, await machine.ShowAsync("MainPID"));
        Assert.True(await machine.BlocksAsync("one.example"));

        await machine.Root.RequireAsync("systemctl stop blocklist-agent; dpkg --install /root/blocklist-agent.deb");
        Assert.Equal("inactive", await machine.ShowAsync("ActiveState"));

        await machine.Root.RequireAsync("systemctl start blocklist-agent; apt remove --yes blocklist-agent");
        Assert.NotEqual("active", await machine.ShowAsync("ActiveState"));
        Assert.Equal("", await machine.Root.RequireAsync("cat /proc/[0-9]*/comm | grep -x blocklist-agent || true; find /etc/systemd/system -name 'blocklist-agent*'"));
        Assert.True(await machine.BlocksAsync("one.example"));

        await machine.Root.RequireAsync("dpkg --purge blocklist-agent; systemctl restart unbound");
        Assert.True(await machine.BlocksAsync("one.example"));
    }

    [Fact]
    public async Task A_long_list_comes_into_force_within_the_units_limits()
    {
        await using var machine = await ProviderMachine.InServiceAsync(packages, [.. Enumerable.Range(0, Names).Select(i => string.Create(CultureInfo.InvariantCulture, $"name{i}.example"))]);
        await machine.Root.UntilAsync("systemctl show --value --property StatusText blocklist-agent | grep -q 'ended with 0 (Done)'");

        var limit = long.Parse(await machine.ShowAsync("MemoryMax"), CultureInfo.InvariantCulture);
        Assert.Equal(512L << 20, limit);
        // Of the control group's own figures, which the kernel keeps to: the old kind and the new one.
        var kept = await machine.Root.RequireAsync("cd /sys/fs/cgroup; cat {memory/,}system.slice/blocklist-agent.service/memory.{limit_in_bytes,max} 2>/dev/null || true");
        Assert.True(kept.Length > 0, "the control groups of this machine keep to no memory limit here");
        Assert.Equal(limit, long.Parse(kept, CultureInfo.InvariantCulture));
        var most = long.Parse(await machine.Root.RequireAsync("cd /sys/fs/cgroup; cat {memory/,}system.slice/blocklist-agent.service/memory.{max_usage_in_bytes,peak} 2>/dev/null || true"), CultureInfo.InvariantCulture);
        var process = await machine.ShowAsync("MainPID");
        var resident = (await machine.Root.RequireAsync($"grep -E 'VmHWM|Threads' /proc/{process}/status | tr -s '\\n\\t ' ' '")).Trim();
        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"{Names} names: at most {most >> 20} MiB of {limit >> 20} in the unit's control group; {resident}"));
        Assert.InRange(most, 1, limit - (128L << 20));
        Assert.True(await machine.BlocksAsync($"name{Names - 1}.example"));
    }
}
