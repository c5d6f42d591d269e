using System.Diagnostics;
using BlockList.Format;

namespace BlockList.Agent.Tests.Fixtures;

/// <summary>The built agent as its own process.</summary>
internal static class AgentProcess
{
    /// <summary>128 + SIGKILL.</summary>
    public const int Killed = 137;

    private static string Executable => Path.Combine(AppContext.BaseDirectory, "blocklist-agent");

    /// <param name="config">The configuration.</param>
    /// <param name="faultPoint">Where to die, or null.</param>
    /// <param name="arguments">The command.</param>
    public static async Task<AgentRun> RunAsync(string config, string? faultPoint, params string[] arguments)
    {
        using var process = Start(config, faultPoint, arguments);
        var results = process.StandardOutput.ReadToEndAsync();
        var progress = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new AgentRun(process.ExitCode, await results, await progress);
    }

    public static Process Start(string config, string? faultPoint, params string[] arguments)
    {
        // Tests that a shell started in the background ignore SIGINT, and so would what they start.
        var start = new ProcessStartInfo("/usr/bin/env", ["--default-signal=HUP,INT,QUIT,TERM", Executable, "--config", config, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove(FaultPoint.Variable);
        if (faultPoint is not null) start.Environment[FaultPoint.Variable] = faultPoint;
        return Process.Start(start)!;
    }
}
