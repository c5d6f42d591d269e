using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Server.Tests.Development;

public sealed class ManagedProcessTests : IDisposable
{
    private readonly StateDirectory _state = StateDirectory.Temporary();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task A_program_runs_as_the_unprivileged_user_without_groups_and_can_gain_nothing()
    {
        await using var program = await StartAsync("cat /proc/self/status; id -Gn");
        await program.Exited;

        var lines = await File.ReadAllLinesAsync(program.LogFile, Ct);
        var user = _state.User.UserId;
        Assert.Contains($"Uid:\t{user}\t{user}\t{user}\t{user}", lines);
        Assert.Contains("NoNewPrivs:\t1", lines);
        if (_state.User.Switches)
            Assert.Equal(_state.User.Name, program.LastLines[^1]);
    }

    [Fact]
    public async Task A_program_sees_a_bare_environment_and_what_it_was_given()
    {
        Environment.SetEnvironmentVariable("BL_SECRET_OF_THE_CALLER", "hidden");
        await using var program = await ManagedProcess.StartAsync(
            _state,
            new ProgramStart("env", ["/usr/bin/env"]) { Environment = new Dictionary<string, string> { ["GIVEN"] = "yes" } },
            Ct);
        await program.Exited;

        Assert.Contains("GIVEN=yes", program.LastLines);
        Assert.Contains($"HOME={_state.Root}", program.LastLines);
        Assert.DoesNotContain(program.LastLines, line => line.Contains("hidden", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_line_is_found_whether_it_was_written_before_or_comes_later()
    {
        await using var program = await StartAsync("echo early; while [ ! -e go ]; do sleep 0.01; done; echo late 1>&2; exec sleep 1000");

        Assert.Equal("early", await program.WaitForLineAsync(line => line == "early", ct: Ct));
        Assert.Equal("early", await program.WaitForLineAsync(line => line == "early", ct: Ct));
        var late = program.WaitForLineAsync(line => line.StartsWith("late", StringComparison.Ordinal), ct: Ct);
        Assert.False(late.IsCompleted);
        _state.Write(_state.File("go"), "");
        Assert.Equal("late", await late);
        Assert.Null(program.ExitCode);
    }

    [Fact]
    public async Task A_program_that_dies_before_it_is_ready_is_reported_with_its_last_lines()
    {
        await using var program = await StartAsync("echo cannot bind the port; exit 3");

        var line = await Assert.ThrowsAsync<ProcessFailedException>(() => program.WaitForLineAsync(text => text == "ready", ct: Ct));
        var condition = await Assert.ThrowsAsync<ProcessFailedException>(() => program.WaitUntilAsync(_ => Task.FromResult(false), ct: Ct));

        Assert.All([line, condition], failure =>
        {
            Assert.Contains("exit code 3", failure.Message, StringComparison.Ordinal);
            Assert.Contains("cannot bind the port", failure.Message, StringComparison.Ordinal);
            Assert.Contains(program.LogFile, failure.Message, StringComparison.Ordinal);
        });
        Assert.Equal(3, program.ExitCode);
    }

    [Fact]
    public async Task A_program_that_never_gets_ready_is_reported_after_the_timeout()
    {
        await using var program = await StartAsync("exec sleep 1000");

        var line = await Assert.ThrowsAsync<ProcessFailedException>(
            () => program.WaitForLineAsync(_ => true, TimeSpan.FromMilliseconds(50), Ct));
        var condition = await Assert.ThrowsAsync<ProcessFailedException>(
            () => program.WaitUntilAsync(_ => Task.FromResult(false), TimeSpan.FromMilliseconds(50), Ct));

        Assert.Contains("within 00:00:00.05", line.Message, StringComparison.Ordinal);
        Assert.Contains("within 00:00:00.05", condition.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_condition_is_asked_until_it_holds()
    {
        await using var program = await StartAsync("echo on > flag; exec sleep 1000");

        await program.WaitUntilAsync(_ => Task.FromResult(File.Exists(_state.File("flag"))), ct: Ct);

        Assert.True(File.Exists(_state.File("flag")));
    }

    [Fact]
    public async Task Stopping_asks_first()
    {
        await using var program = await StartAsync("trap 'echo asked; exit 7' TERM; echo up; while :; do sleep 0.01; done");
        await program.WaitForLineAsync(line => line == "up", ct: Ct);

        Assert.Equal(7, await program.StopAsync());
        Assert.Contains("asked", program.LastLines);
    }

    [Fact]
    public async Task A_program_that_does_not_listen_is_killed_after_its_grace_with_what_it_started()
    {
        var start = new ProgramStart("stubborn", ["/bin/sh", "-c", "trap '' TERM; sleep 1000 & echo child $!; wait"]) { StopGrace = TimeSpan.FromMilliseconds(50) };
        await using var program = await ManagedProcess.StartAsync(_state, start, Ct);
        var child = (await program.WaitForLineAsync(line => line.StartsWith("child", StringComparison.Ordinal), ct: Ct)).Split(' ')[1];

        Assert.Equal(128 + (int)UnixSignal.Kill, await program.StopAsync());
        await Running.NoneAsync($"/proc/{child}", Ct);
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_says_so()
    {
        await using var program = await ManagedProcess.StartAsync(_state, new ProgramStart("absent", ["/nonexistent/program"]), Ct);

        var failure = await Assert.ThrowsAsync<ProcessFailedException>(() => program.WaitForLineAsync(line => line == "ready", ct: Ct));
        Assert.Contains("/nonexistent/program", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restarted_program_goes_on_in_the_same_log()
    {
        await using (var first = await StartAsync("echo one"))
            await first.Exited;
        await using var second = await StartAsync("echo two");
        await second.Exited;

        var lines = await File.ReadAllLinesAsync(second.LogFile, Ct);
        Assert.Equal(["one", "two"], lines.Where(line => !line.StartsWith("---", StringComparison.Ordinal)));
    }

    private Task<ManagedProcess> StartAsync(string script) =>
        ManagedProcess.StartAsync(_state, new ProgramStart("script", ["/bin/sh", "-c", script]), Ct);
}
