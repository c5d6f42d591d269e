using System.Diagnostics;
using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Server.Tests.Development;

/// <summary>The tools are started as a person would start them, and end in each of the ways in which they can end.</summary>
public sealed class ParentDeathTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly Checkout _checkout = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _checkout.Dispose();

    [Theory]
    [InlineData((int)UnixSignal.Kill)]
    [InlineData((int)UnixSignal.Hangup)]
    [InlineData((int)UnixSignal.Terminate)]
    [InlineData((int)UnixSignal.Interrupt)]
    public async Task Whatever_ends_the_tools_nothing_they_started_stays_running(int signal)
    {
        using var tools = await StartClusterAsync();
        Assert.True(Running.Find(_checkout.Path).Count > 2, "The tools, the postmaster and its children should be running.");

        Assert.Equal(0, Libc.Kill(tools.Id, signal));
        await tools.WaitForExitAsync(Ct).WaitAsync(Patience, Ct);

        await Running.NoneAsync(_checkout.Path, Ct);
    }

    [Fact]
    public async Task After_a_kill_the_next_run_takes_the_same_cluster_over_at_once()
    {
        using (var killed = await StartClusterAsync())
        {
            killed.Kill();
            await killed.WaitForExitAsync(Ct);
        }

        using var next = await StartClusterAsync();

        Assert.Equal(0, Libc.Kill(next.Id, (int)UnixSignal.Interrupt));
        await next.WaitForExitAsync(Ct).WaitAsync(Patience, Ct);
        Assert.Equal(0, next.ExitCode);
    }

    private async Task<Process> StartClusterAsync()
    {
        // A test run that a script started in the background ignores interrupts, and so would its children.
        var start = new ProcessStartInfo(
            "env", ["--default-signal", "dotnet", Path.Combine(AppContext.BaseDirectory, "blocklist-tools.dll"), "cluster", "--checkout", _checkout.Path])
        { RedirectStandardOutput = true };
        start.Environment.Remove(PrivateCluster.ExternalVariable);
        var tools = await Spawner.StartAsync(start);
        var line = await tools.StandardOutput.ReadLineAsync(Ct);
        Assert.StartsWith("PostgreSQL is ready.", line, StringComparison.Ordinal);
        return tools;
    }
}
