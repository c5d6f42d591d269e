using System.CommandLine;
using BlockList.Agent.Transport;
using BlockList.Agent.Updating;

namespace BlockList.Agent.Commands;

internal static class ApplyCommand
{
    public static Command Create(CommandContext context)
    {
        var offline = new Option<bool>("--offline") { Description = "Put the last verified version in force without asking the server" };
        var accept = ChosenVersion.Option("--accept", "Take what a brake holds of exactly this version, or end a rollback from it");
        var list = ChosenVersion.ListOption();
        var command = new Command("apply", "Fetches every list and puts it in force.") { offline, accept, list };
        CommandContext.SetAction(command, (parsed, output, ct) =>
        {
            var configuration = context.ReadConfiguration(parsed);
            var accepted = ChosenVersion.Parse(parsed.GetValue(accept), "--accept") is { } version
                ? new AcceptedVersion(ChosenVersion.ListOf(configuration, parsed.GetValue(list)).Id, version)
                : null;
            return new UpdateLists(configuration, context.Time, output, Patience.Default) { Accepted = accepted }
                .RunAsync(parsed.GetValue(offline) ? UpdateSteps.Apply : UpdateSteps.Fetch | UpdateSteps.Apply, ct);
        });
        return command;
    }
}
