using System.Diagnostics;
using System.Globalization;
using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests.Running;

/// <summary>The built program as systemd starts it: its socket, its credentials, its journal, its signals.</summary>
public sealed class ServiceTests
{
    [Fact]
    public async Task It_says_when_it_is_ready_lives_reloads_and_ends_between_two_steps()
    {
        await using var world = await TestWorld.StartAsync("--unbound-control", "false");
        world.Repository.Publish("one.example");
        using var supervisor = new NotifySocket();
        using var journal = new JournalSocket();
        using var agent = Start(world, journal, new()
        {
            ["NOTIFY_SOCKET"] = supervisor.Path,
            ["WATCHDOG_USEC"] = "200000",
            ["CREDENTIALS_DIRECTORY"] = MoveKeyToCredentials(world.Provider),
        });
        var written = journal.ReadToEndAsync();

        await supervisor.UntilAsync("READY=1");
        await supervisor.UntilAsync("WATCHDOG=1");
        Assert.Contains("ended with 6 (ApplyFailed); next in about", await supervisor.UntilAsync("STATUS=last poll"), StringComparison.Ordinal);
        await SignalAsync(agent, "-HUP");
        await supervisor.UntilAsync("RELOADING=1");
        await supervisor.UntilAsync("READY=1");
        await supervisor.UntilAsync("STATUS=last poll");
        await SignalAsync(agent, "-TERM");
        await supervisor.UntilAsync("STOPPING=1");
        await agent.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, agent.ExitCode);
        Assert.Equal(1, world.Provider.HeldVersion()?.Value);
        Assert.All((await written).TrimEnd('\n').Split('\n'), line => Assert.Matches("^<[2-6]>", line));
        Assert.Contains("<6>ending as asked", await written, StringComparison.Ordinal);
        Assert.Contains("<3>worst-of: ", await written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_program_reads_that_a_service_has_started_has_no_priorities()
    {
        await using var world = await TestWorld.StartAsync();
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "blocklist-agent"), ["status", "--json", "--config", world.Provider.Config]) { RedirectStandardOutput = true };
        start.Environment["JOURNAL_STREAM"] = "8:1";
        using var agent = Process.Start(start)!;

        Assert.StartsWith("{", await agent.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_used_ends_it_at_once_with_2()
    {
        await using var world = await TestWorld.StartAsync();
        await File.AppendAllTextAsync(world.Provider.Config, "nonsense\n", TestContext.Current.CancellationToken);

        (await AgentProcess.RunAsync(world.Provider.Config, null, "run")).Ended(ExitCode.Usage).Says("is no setting");
    }

    private static string MoveKeyToCredentials(TestProvider provider)
    {
        var credentials = Path.Combine(provider.Directory, "credentials");
        Directory.CreateDirectory(credentials);
        File.Move(Path.Combine(Path.GetDirectoryName(provider.Config)!, "key.pem"), Path.Combine(credentials, "key.pem"));
        return credentials;
    }

    /// <summary>With both of its streams in the journal's socket, and heeding SIGHUP though the tests may run under nohup(1), as systemd does it.</summary>
    private static Process Start(TestWorld world, JournalSocket journal, Dictionary<string, string> environment)
    {
        const string Script = "exec 3<>\"/dev/tcp/127.0.0.1/$1\"; export JOURNAL_STREAM=$(stat -L -c %d:%i /dev/fd/3); shift; exec env --default-signal=HUP \"$@\" >&3 2>&3 3>&-";
        return LastingProcess.Start(
            ["bash", "-c", Script, "bash", journal.Port.ToString(CultureInfo.InvariantCulture), Path.Combine(AppContext.BaseDirectory, "blocklist-agent"), "run", "--config", world.Provider.Config],
            streams: false, environment);
    }

    private static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
