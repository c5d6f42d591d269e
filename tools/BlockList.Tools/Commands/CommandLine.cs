using System.CommandLine;
using BlockList.Tools.Development;

namespace BlockList.Tools.Commands;

/// <summary>Parses and runs, with the endings all commands share: Ctrl-C stops in order, a failure is said in one sentence.</summary>
internal static class CommandLine
{
    private const int Failed = 1;

    /// <summary>Stopping every role and the cluster in order may take long on a busy machine; cutting it short would kill them.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromMinutes(2);

    public static async Task<int> InvokeAsync(RootCommand root, IReadOnlyList<string> arguments)
    {
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopTime };
        try
        {
            return await root.Parse(arguments).InvokeAsync(configuration);
        }
        catch (OperationCanceledException)
        {
            return Failed;
        }
        catch (Exception known) when (known is ProcessFailedException or InvalidOperationException or IOException)
        {
            await Console.Error.WriteLineAsync(known.Message);
            return Failed;
        }
    }
}
