using System.Diagnostics;
using BlockList.Format;
using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Server.Tests;

/// <summary>A role as an operator starts it: the program with a configuration file.</summary>
internal static class RoleProgram
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="role">Its word on the command line.</param>
    /// <param name="configuration">Path of its file.</param>
    /// <param name="faultPoint">Where it kills itself; nowhere if empty.</param>
    public static Task<Process> StartAsync(string role, string configuration, string faultPoint = "") =>
        Spawner.StartAsync(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "blocklist.dll"), role, "--config", configuration])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [FaultPoint.Variable] = faultPoint },
        });

    /// <summary>Starts one that cannot work, and waits for its end.</summary>
    public static async Task<(int ExitCode, string Errors)> FailAsync(string role, string configuration)
    {
        using var program = await StartAsync(role, configuration);
        var errors = await program.StandardError.ReadToEndAsync(Ct);
        await program.WaitForExitAsync(Ct);
        // A sentence for an operator, and no stack.
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        return (program.ExitCode, errors);
    }

    /// <summary>Asks it to end, which it does in peace.</summary>
    public static async Task EndAsync(Process program)
    {
        Assert.Equal(0, Libc.Kill(program.Id, (int)UnixSignal.Terminate));
        await program.WaitForExitAsync(Ct);
        Assert.Equal(0, program.ExitCode);
    }
}
