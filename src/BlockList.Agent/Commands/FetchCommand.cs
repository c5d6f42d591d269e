using System.CommandLine;
using BlockList.Agent.Running;
using BlockList.Agent.Transport;
using BlockList.Agent.Updating;

namespace BlockList.Agent.Commands;

internal static class FetchCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("fetch", "Fetches and verifies every list; puts nothing in force.");
        CommandContext.SetAction(command, (parsed, output, ct) =>
            new RunOnce(context.ReadConfiguration(parsed), context.Time, output, Patience.Default).RunAsync(UpdateSteps.Fetch, ct));
        return command;
    }
}
