using System.Globalization;

namespace BlockList.Agent.Tests.Packaging;

/// <summary>The walls of the units while somebody lives within them, as kernel and file system show them.</summary>
[Collection(nameof(MachineInService))]
public sealed class SandboxTests(MachineInService shared)
{
    [Fact]
    public async Task The_service_runs_as_its_own_user_without_any_capability_and_under_a_filter_of_system_calls()
    {
        var machine = await shared.ReadyAsync();
        var process = await machine.ShowAsync("MainPID");

        var status = (await machine.Root.RequireAsync($"cat /proc/{process}/status")).Split('\n').Select(l => l.Split('\t', 2)).Where(l => l.Length == 2).ToDictionary(l => l[0].TrimEnd(':'), l => l[1], StringComparer.Ordinal);

        var user = (await machine.Root.RequireAsync("id -u blocklist-agent")).Trim();
        Assert.Equal(string.Join('\t', user, user, user, user), status["Uid"]);
        Assert.Contains((await machine.Root.RequireAsync("getent group unbound")).Split(':')[2], status["Groups"].Trim().Split(' '));
        Assert.Equal("1", status["NoNewPrivs"]);
        Assert.Equal("2", status["Seccomp"]);
        foreach (var set in (string[])["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]) Assert.Equal(0UL, ulong.Parse(status[set], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Not_even_root_writes_from_within_but_where_the_service_must()
    {
        var machine = await shared.ReadyAsync();
        var within = $"nsenter --target {await machine.ShowAsync("MainPID")} --mount";
        await machine.Root.RequireAsync("touch /root/secret /tmp/of-another");

        foreach (var directory in (string[])["/etc/blocklist-agent", "/usr/bin", "/var/lib/unbound", "/var/log", "/run/lock", "/root"])
            (await machine.Root.RunAsync($"{within} touch {directory}/x")).Says("Read-only file system");
        await machine.Root.RequireAsync($"for d in /var/lib/blocklist-agent /var/lib/unbound/blocklist /tmp; do {within} touch $d/x; {within} rm $d/x; done");
        Assert.Equal("", await machine.Root.RequireAsync($"{within} ls -A /root /tmp | grep -e secret -e of-another || true"));
        Assert.Equal("", await machine.Root.RequireAsync($"{within} find /dev -type b; ls /dev/tty >/dev/null; {within} sh -c 'ls /dev/kmsg /dev/mem 2>/dev/null' || true"));
    }

    [Fact]
    public async Task The_key_comes_as_a_credential_that_nobody_else_reads()
    {
        var machine = await shared.ReadyAsync();
        var process = await machine.ShowAsync("MainPID");

        var directory = (await machine.Root.RequireAsync($"tr '\\0' '\\n' </proc/{process}/environ | sed -n 's/^CREDENTIALS_DIRECTORY=//p'")).Trim();

        await machine.Root.RequireAsync($"cmp {directory}/key.pem /etc/blocklist-agent/key.pem");
        (await machine.Root.RunAsync("setpriv --reuid=blocklist-agent --regid=blocklist-agent --init-groups cat /etc/blocklist-agent/key.pem")).Says("Permission denied");
        (await machine.Root.RunAsync($"setpriv --reuid=nobody --regid=nogroup --clear-groups cat {directory}/key.pem")).Says("Permission denied");
        (await machine.Root.RunAsync($"nsenter --target {process} --mount touch {directory}/key.pem")).Says("Read-only file system");
    }

    /// <summary>A unit with the same walls that tries them from within. perl asks the kernel without detours.</summary>
    [Theory]
    [InlineData("a new user namespace", "unshare --user true", "Operation not permitted")]
    [InlineData("a raw packet socket", "perl -e 'socket(S, 17, 3, 0) or die qq($!\\n)'", "Address family not supported")]
    [InlineData("a program that becomes root", "cp /bin/true /tmp/x && chmod 4755 /tmp/x", "Operation not permitted")]
    [InlineData("a system call of a filtered group", "perl -e 'setpriority(0, 0, 5) or die qq($!\\n)'", "Operation not permitted")]
    [InlineData("another personality", "setarch --addr-no-randomize true", "Operation not permitted")]
    [InlineData("other people's processes", "cat /proc/1/cmdline", "No such file or directory")]
    [InlineData("what the kernel says beside processes", "cat /proc/kallsyms", "No such file or directory")]
    public async Task A_wall_holds(string what, string command, string answer)
    {
        var machine = await shared.ReadyAsync();
        File.WriteAllText(machine.Root.PathOf("/run/try.sh"), command + "\n");

        await machine.Root.RunAsync("""
            sed -e 's!^ExecStart=.*!ExecStart=/bin/sh /run/try.sh\nStandardOutput=truncate:/run/tried\nStandardError=append:/run/tried!' \
                /lib/systemd/system/blocklist-agent-apply.service >/run/systemd/system/trying.service
            systemctl daemon-reload
            systemctl start trying
            """);

        var said = await machine.Root.RequireAsync("cat /run/tried");
        Assert.True(said.Contains(answer, StringComparison.Ordinal), $"{what}: {said}");
        Assert.NotEqual("0", await machine.ShowAsync("ExecMainStatus", "trying"));
    }
}
