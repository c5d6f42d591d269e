using System.CommandLine;
using BlockList.Agent.Running;
using BlockList.Agent.Transport;
using BlockList.Agent.Updating;

namespace BlockList.Agent.Commands;

internal static class ApplyCommand
{
    public static Command Create(CommandContext context)
    {
        var offline = new Option<bool>("--offline") { Description = "Put the last verified version in force without asking the server" };
        var command = new Command("apply", "Fetches every list and puts it in force.") { offline };
        CommandContext.SetAction(command, (parsed, output, ct) =>
            new RunOnce(context.ReadConfiguration(parsed), context.Time, output, Patience.Default)
                .RunAsync(parsed.GetValue(offline) ? UpdateSteps.Apply : UpdateSteps.Fetch | UpdateSteps.Apply, ct));
        return command;
    }
}
