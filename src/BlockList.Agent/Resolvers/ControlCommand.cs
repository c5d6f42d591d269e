using System.ComponentModel;
using System.Diagnostics;

namespace BlockList.Agent.Resolvers;

/// <summary>The program that controls a running resolver, with the arguments that its configuration gives it.</summary>
internal sealed class ControlCommand(IReadOnlyList<string> command)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private const int LongestAnswer = 300;

    /// <param name="arguments">What to do.</param>
    /// <param name="lines">What the program reads from its standard input.</param>
    /// <param name="ct">Kills the program.</param>
    public async Task<ControlAnswer> RunAsync(IReadOnlyList<string> arguments, IReadOnlyList<string> lines, CancellationToken ct)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1).Concat(arguments))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            using var process = Process.Start(start)!;
            try
            {
                return await ConverseAsync(process, lines, patience.Token);
            }
            catch (OperationCanceledException)
            {
                // With all that it has started: what a wrapper leaves behind could speak to the resolver after somebody else has.
                ProcessTree.End(process);
                throw;
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new ControlAnswer(false, $"no answer within {Patience.TotalSeconds} seconds");
        }
        catch (Win32Exception problem)
        {
            return new ControlAnswer(false, $"{command[0]} cannot be started: {problem.Message}");
        }
    }

    private static async Task<ControlAnswer> ConverseAsync(Process process, IReadOnlyList<string> lines, CancellationToken ct)
    {
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var errors = process.StandardError.ReadToEndAsync(ct);
        try
        {
            foreach (var line in lines) await process.StandardInput.WriteAsync(string.Concat(line, "\n").AsMemory(), ct);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A program that ended early says why on its other streams.
        }
        await process.WaitForExitAsync(ct);
        var (said, complained) = ((await output).Trim(), (await errors).Trim());
        return process.ExitCode == 0 ? new ControlAnswer(true, said) : new ControlAnswer(false, Shorten(said.Length > 0 ? said : complained));
    }

    private static string Shorten(string text) => text.Length <= LongestAnswer ? text : text[..LongestAnswer] + "…";
}
