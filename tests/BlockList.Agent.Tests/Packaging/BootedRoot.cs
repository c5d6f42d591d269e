using System.Diagnostics;
using System.Globalization;
using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests.Packaging;

/// <summary>
/// The clean system, unpacked into memory and booted: its own systemd is process 1 there, with journal, control groups and all that
/// units ask of it. Processes, mounts and names are its own; network and kernel are this machine's. <c>boot</c> says how.
/// </summary>
internal sealed class BootedRoot : IAsyncDisposable
{
    public static readonly string Script = Checkout.File("tests", "BlockList.Agent.Tests", "Packaging", "boot");

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process machine;
    private readonly int init;

    private BootedRoot(Process machine, int init)
    {
        this.machine = machine;
        this.init = init;
    }

    public static async Task<BootedRoot> StartAsync()
    {
        Prerequisite.Command("nsenter");
        Prerequisite.Command("unshare");
        Prerequisite.Command("setpriv");
        var image = await CleanRoot.ImageAsync();
        // Killed with the tests, it takes its system along; SIGKILL would leave its control groups.
        var machine = LastingProcess.Start(["setpriv", "--pdeathsig", "TERM", Script, image], streams: true);
        var first = await machine.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        if (first?.Split(' ') is not ["booting", var pid])
        {
            Prerequisite.Boot(false, await machine.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            throw new UnreachableException();
        }
        var root = new BootedRoot(machine, int.Parse(pid, CultureInfo.InvariantCulture));
        try
        {
            await root.UntilAsync("systemctl is-system-running 2>/dev/null | grep -q running");
            return root;
        }
        catch
        {
            await root.DisposeAsync();
            throw;
        }
    }

    /// <summary>A file of it, as this machine sees it. Nothing that is a link with an absolute path.</summary>
    public string PathOf(string path) => $"/proc/{init}/root/{path.TrimStart('/')}";

    /// <summary>Runs a script as its administrator would, who has just signed in.</summary>
    public Task<AgentRun> RunAsync(string script) => OtherProgram.RunAsync("nsenter",
        "--target", init.ToString(CultureInfo.InvariantCulture), "--mount", "--pid", "--uts", "--ipc", "--cgroup", "--root", "--wd", "--",
        "env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive", "/bin/bash", "-ec", script);

    public async Task<string> RequireAsync(string script) => (await RunAsync(script)).Ended(ExitCode.Done).Results;

    /// <summary>Waits until a script succeeds.</summary>
    public async Task UntilAsync(string script)
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            var run = await RunAsync(script);
            if (run.Code == 0) return;
            if (clock.Elapsed > Patience)
                Assert.Fail($"waited in vain for: {script}\n{run.Results}{run.Progress}{(await RunAsync("systemctl --failed --no-pager; journalctl --no-pager --lines 50")).Results}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // What systemd takes as "power off" from the manager of a container (systemd(1), SIGRTMIN+4).
        using (var off = Process.Start("kill", ["-s", "RTMIN+4", init.ToString(CultureInfo.InvariantCulture)])) await off.WaitForExitAsync(CancellationToken.None);
        try
        {
            await machine.WaitForExitAsync(CancellationToken.None).WaitAsync(Patience, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            using var end = Process.Start("kill", ["-s", "TERM", machine.Id.ToString(CultureInfo.InvariantCulture)]);
            await machine.WaitForExitAsync(CancellationToken.None);
        }
        machine.Dispose();
    }
}
