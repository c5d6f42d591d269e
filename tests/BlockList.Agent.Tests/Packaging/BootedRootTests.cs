using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests.Packaging;

public sealed class BootedRootTests
{
    [Fact]
    public async Task Tests_that_are_killed_leave_neither_a_process_nor_a_control_group()
    {
        var image = await CleanRoot.ImageAsync();
        // In the place of the tests: whoever starts it as they do, and is killed.
        using var tests = LastingProcess.Start(["bash", "-c", "setpriv --pdeathsig TERM \"$1\" \"$2\" & wait", "bash", BootedRoot.Script, image], streams: true);
        var process = (await tests.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))?.Split(' ')[^1];
        var groups = (await File.ReadAllTextAsync($"/proc/{process}/cgroup", TestContext.Current.CancellationToken)).Split('/', '\n').First(p => p.StartsWith("blocklist-booted-", StringComparison.Ordinal));
        Assert.NotEqual("", await GroupsAsync(groups));

        tests.Kill();
        await tests.WaitForExitAsync(TestContext.Current.CancellationToken);

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (Directory.Exists($"/proc/{process}") || await GroupsAsync(groups) != "") await Task.Delay(50, patience.Token);
    }

    /// <summary>Some may vanish while they are looked for.</summary>
    private static async Task<string> GroupsAsync(string name) => (await OtherProgram.RunAsync("find", "/sys/fs/cgroup", "-type", "d", "-name", name)).Results;
}
