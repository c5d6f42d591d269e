using System.CommandLine;
using System.Runtime.InteropServices;
using BlockList.Tools.Development;

namespace BlockList.Tools.Commands;

/// <summary>Parses and runs, with the endings all commands share: Ctrl-C stops in order, a failure is said in one sentence.</summary>
internal static class CommandLine
{
    private const int Failed = 1;

    /// <summary>128 and the signal's number, as a shell reports it.</summary>
    private const int Interrupted = 130;

    /// <summary>Stopping every role and the cluster in order may take long on a busy machine; cutting it short would kill them.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromMinutes(2);

    public static async Task<int> InvokeAsync(RootCommand root, IReadOnlyList<string> arguments)
    {
        var interrupted = false;
        using var interruption = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => interrupted = true);
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopTime };
        try
        {
            return await root.Parse(arguments).InvokeAsync(configuration);
        }
        // Ctrl-C also reaches the short command that runs at that moment, whose failure is then no news.
        catch (Exception failure) when (interrupted || failure is OperationCanceledException)
        {
            return Interrupted;
        }
        catch (Exception known) when (known is ProcessFailedException or InvalidOperationException or IOException)
        {
            await Console.Error.WriteLineAsync(known.Message);
            return Failed;
        }
    }
}
