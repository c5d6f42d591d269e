using System.Diagnostics;

namespace BlockList.Agent.Tests.Fixtures;

/// <summary>Another program, run to its end.</summary>
internal static class OtherProgram
{
    public static async Task<AgentRun> RunAsync(string name, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var results = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var progress = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new AgentRun(process.ExitCode, await results, await progress);
    }

    /// <summary>The same, and it must succeed.</summary>
    public static async Task<string> RequireAsync(string name, params string[] arguments) =>
        (await RunAsync(name, arguments)).Ended(ExitCode.Done).Results;
}
