using System.CommandLine;
using System.CommandLine.Invocation;

namespace BlockList.Agent.Commands;

/// <summary>The command line as a whole.</summary>
internal static class AgentCommandLine
{
    public static async Task<int> RunAsync(string[] arguments, TimeProvider time, AgentOutput output, CancellationToken ct = default)
    {
        var context = new CommandContext(time);
        var root = new RootCommand("Fetches signed block lists, verifies them, puts them in force.")
        {
            context.Config,
            EnrollCommand.Create(context),
            FetchCommand.Create(context),
            ApplyCommand.Create(context),
            RunCommand.Create(context),
            RollbackCommand.Create(context),
            DiffCommand.Create(context),
            StatusCommand.Create(context),
            VerifyCommand.Create(context),
            HooksCommand.Create(context),
            ConfigCommand.Create(context),
        };
        var parsed = root.Parse(arguments);
        var invocation = new InvocationConfiguration
        {
            Output = output.Results,
            Error = output.Progress,
            EnableDefaultExceptionHandler = false,
            // SIGTERM and Ctrl-C end between steps. The longest step is a resolver that reloads.
            ProcessTerminationTimeout = TimeSpan.FromSeconds(150),
        };
        var code = await parsed.InvokeAsync(invocation, ct);
        // The library ends with 1 where a command line cannot be understood; here that is 2, as for every wrong setting.
        return parsed.Action is ParseErrorAction ? (int)ExitCode.Usage : code;
    }
}
