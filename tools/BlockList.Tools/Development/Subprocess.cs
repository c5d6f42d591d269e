using System.Diagnostics;
using System.Text;

namespace BlockList.Tools.Development;

/// <summary>What a short program said and how it ended.</summary>
internal sealed record SubprocessResult(string CommandLine, int ExitCode, string Output, string Errors)
{
    public SubprocessResult Require() => ExitCode == 0
        ? this
        : throw new InvalidOperationException($"`{CommandLine}` ended with exit code {ExitCode}. It said: {(Errors + Output).Trim()}");
}

/// <summary>Runs a short program to its end. Arguments are never put through a shell.</summary>
internal static class Subprocess
{
    public static SubprocessResult Run(params string[] commandLine) =>
        RunAsync(commandLine).GetAwaiter().GetResult();

    public static async Task<SubprocessResult> RunAsync(
        IReadOnlyList<string> commandLine,
        string workingDirectory = "/",
        IReadOnlyDictionary<string, string>? environment = null,
        string? input = null,
        CancellationToken ct = default)
    {
        var start = new ProcessStartInfo(commandLine[0], commandLine.Skip(1))
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        using var process = await Spawner.StartAsync(start).ConfigureAwait(false);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var errors = process.StandardError.ReadToEndAsync(ct);
            await WriteInputAsync(process, input).ConfigureAwait(false);
            await process.WaitForExitAsync(ct).ConfigureAwait(false);
            return new SubprocessResult(
                string.Join(' ', commandLine), process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static async Task WriteInputAsync(Process process, string? input)
    {
        try
        {
            if (input is not null)
                await process.StandardInput.WriteAsync(input).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A program may end without reading its input; its exit code and its words tell the story better than a broken pipe.
        }
    }
}
