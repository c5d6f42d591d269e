using System.CommandLine;
using BlockList.Agent.Checking;
using BlockList.Agent.Configuration;
using BlockList.Agent.Running;
using BlockList.Agent.Transport;
using BlockList.Agent.Updating;

namespace BlockList.Agent.Commands;

internal static class ApplyCommand
{
    public static Command Create(CommandContext context)
    {
        var offline = new Option<bool>("--offline") { Description = "Put the last verified version in force without asking the server" };
        var accept = ChosenVersion.Option("--accept", "Take what a brake holds of exactly this version, or end a rollback from it");
        var now = new Option<bool>("--now") { Description = "Wait for no change window: put in force at once what waits for it. With --list, of that list alone" };
        var list = ChosenVersion.ListOption();
        var dry = new Option<bool>("--dry-run") { Description = "Do all of it up to the swap, and say what would change" };
        var hooks = new Option<bool>("--run-hooks") { Description = "With --dry-run: run the hooks too, with the event \"test\"" };
        var command = new Command("apply", "Fetches every list and puts it in force.") { offline, accept, now, list, dry, hooks };
        CommandContext.SetAction(command, (parsed, output, ct) =>
        {
            var configuration = context.ReadConfiguration(parsed);
            var accepted = ChosenVersion.Parse(parsed.GetValue(accept), "--accept") is { } version
                ? new AcceptedVersion(ChosenVersion.ListOf(configuration, parsed.GetValue(list)).Id, version)
                : null;
            var chosen = parsed.GetValue(list);
            IReadOnlyList<ListSettings> atOnce = !parsed.GetValue(now) ? [] : chosen is null ? configuration.Lists : [ChosenVersion.ListOf(configuration, chosen)];
            if (parsed.GetValue(dry))
                return new DryRun(configuration, context.Time, output, Patience.Default).RunAsync(parsed.GetValue(offline), parsed.GetValue(hooks), ct);
            if (parsed.GetValue(hooks)) throw new ConfigurationException("--run-hooks goes with --dry-run; without it the hooks run after a change anyway.");
            return new RunOnce(configuration, context.Time, output, Patience.Default) { Accepted = accepted, Now = atOnce }
                .RunAsync(parsed.GetValue(offline) ? UpdateSteps.Apply : UpdateSteps.Fetch | UpdateSteps.Apply, ct);
        });
        return command;
    }
}
