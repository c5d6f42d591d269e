using System.Diagnostics;
using BlockList.Agent.Hooks;
using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests.Hooks;

public sealed class HookTests
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Fact]
    public async Task A_hook_is_told_what_is_in_force_after_a_change_and_not_called_without_one()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        var log = Write(world.Provider, "10-log", "env | grep ^BLOCKLIST_ | grep -v -e APPLIED_AT -e ZONE_FILE | sort >>\"$0.out\"; echo >>\"$0.out\"") + ".out";

        (await world.ApplyAsync()).Ended(ExitCode.Done);
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Repository.Publish("one.example", "two.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);

        var calls = (await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, calls.Length);
        Assert.StartsWith("BLOCKLIST_ENTRIES=1\nBLOCKLIST_EVENT=applied\nBLOCKLIST_LIST=worst-of\nBLOCKLIST_PREVIOUS_VERSION=\nBLOCKLIST_RESOLVER=unbound\nBLOCKLIST_SHA256=", calls[0], StringComparison.Ordinal);
        Assert.EndsWith("BLOCKLIST_VERSION=1", calls[0], StringComparison.Ordinal);
        Assert.Contains("BLOCKLIST_PREVIOUS_VERSION=1\n", calls[1], StringComparison.Ordinal);
        Assert.EndsWith("BLOCKLIST_VERSION=2", calls[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hook_that_fails_changes_nothing_and_is_named_and_the_next_one_has_its_turn()
    {
        await using var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        Write(world.Provider, "10-bad", "echo 'no\tgood' >&2; exit 3");
        var next = Write(world.Provider, "20-good", "touch \"$0.ran\"") + ".ran";

        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("10-bad ended with 3: no good").Says("What is in force is not touched");

        Assert.True(File.Exists(next));
        Assert.True(await world.Unbound.BlocksAsync("one.example"));
    }

    [Fact]
    public async Task A_hook_that_hangs_is_stopped_with_all_that_it_started()
    {
        using var provider = new TestProvider(new TestClock());
        var child = Write(provider, "10-hang", "sleep 600 & echo $! >\"$0.pid\"; wait") + ".pid";
        using var said = new StringWriter();

        var (run, failed) = await new RunHooks(Directory(provider), new AgentOutput(said, said), TimeSpan.FromSeconds(1)).RunAsync(Event(), TestContext.Current.CancellationToken);

        Assert.Equal((1, 1), (run, failed));
        Assert.Contains("did not end within 1 seconds and was stopped", said.ToString(), StringComparison.Ordinal);
        var id = int.Parse(await File.ReadAllTextAsync(child, TestContext.Current.CancellationToken), System.Globalization.CultureInfo.InvariantCulture);
        await GoneAsync(id);
    }

    [Fact]
    public async Task What_is_no_hook_is_not_run()
    {
        using var provider = new TestProvider(new TestClock());
        foreach (var name in (string[])["backup.bak", "notes~", ".hidden", "10-old.dpkg-old"]) Write(provider, name, "touch \"$0.ran\"");
        File.SetUnixFileMode(Write(provider, "10-open", "touch \"$0.ran\""), Executable | UnixFileMode.OtherWrite);
        File.SetUnixFileMode(Write(provider, "20-plain", "touch \"$0.ran\""), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var said = new StringWriter();

        await new RunHooks(Directory(provider), new AgentOutput(said, said)).RunAsync(Event(), TestContext.Current.CancellationToken);

        Assert.Empty(System.IO.Directory.GetFiles(Directory(provider), "*.ran"));
        Assert.Contains("10-open was not run: it can be written by others", said.ToString(), StringComparison.Ordinal);
        Assert.Contains("20-plain was not run: it is not executable", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hooks_can_be_tried_out()
    {
        await using var world = await TestWorld.StartAsync();
        (await world.Provider.RunAsync("hooks", "test")).Ended(ExitCode.Done).Says("there is no hook in");
        Write(world.Provider, "10-good", "[ \"$BLOCKLIST_EVENT\" = test ]");
        (await world.Provider.RunAsync("hooks", "test")).Ended(ExitCode.Done).Says("1 hooks were run, 0 of them failed");
        Write(world.Provider, "20-bad", "exit 1");
        (await world.Provider.RunAsync("hooks", "test")).Ended(ExitCode.Usage).Says("2 hooks were run, 1 of them failed");
    }

    private static HookEvent Event() => new("test", new Dictionary<string, string>(StringComparer.Ordinal));

    private static string Directory(TestProvider provider) => Path.Combine(Path.GetDirectoryName(provider.Config)!, "hooks");

    private static string Write(TestProvider provider, string name, string script)
    {
        System.IO.Directory.CreateDirectory(Directory(provider));
        var path = Path.Combine(Directory(provider), name);
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, Executable);
        return path;
    }

    private static async Task GoneAsync(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        }
        catch (ArgumentException)
        {
            // It is gone already.
        }
    }
}
