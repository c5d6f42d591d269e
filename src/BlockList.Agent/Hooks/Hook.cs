using System.ComponentModel;
using System.Diagnostics;

namespace BlockList.Agent.Hooks;

/// <summary>One program of the provider's own.</summary>
internal sealed class Hook(string path)
{
    private const string Prefix = "BLOCKLIST_";
    private const int LongestComplaint = 300;

    /// <summary>Why it is not run, or null. Who may write a hook commands the agent's user.</summary>
    public string? Unfit
    {
        get
        {
            var mode = File.GetUnixFileMode(path);
            return (mode & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) == 0 ? "is not executable"
                : (mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0 ? "can be written by others than its owner"
                : null;
        }
    }

    public string Path => path;

    /// <returns>What went wrong, or null.</returns>
    public async Task<string?> RunAsync(HookEvent what, TimeSpan limit, CancellationToken ct)
    {
        var start = new ProcessStartInfo(path) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment[Prefix + "EVENT"] = what.Name;
        foreach (var (name, value) in what.Variables) start.Environment[Prefix + name] = value;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        enough.CancelAfter(limit);
        try
        {
            using var process = Process.Start(start)!;
            try
            {
                process.StandardInput.Close();
                var said = process.StandardOutput.ReadToEndAsync(enough.Token);
                var complained = process.StandardError.ReadToEndAsync(enough.Token);
                await process.WaitForExitAsync(enough.Token);
                return process.ExitCode == 0 ? null : $"ended with {process.ExitCode}: {Shorten((await complained).Length > 0 ? await complained : await said)}";
            }
            catch (OperationCanceledException)
            {
                ProcessTree.End(process);
                return ct.IsCancellationRequested ? "was stopped with the agent" : $"did not end within {limit.TotalSeconds} seconds and was stopped";
            }
        }
        catch (Exception problem) when (problem is Win32Exception or IOException)
        {
            return $"could not be started: {problem.Message}";
        }
    }

    private static string Shorten(string text)
    {
        var line = new string([.. text.Trim().Select(c => char.IsControl(c) ? ' ' : c)]);
        return line.Length <= LongestComplaint ? line : line[..LongestComplaint] + "…";
    }
}
