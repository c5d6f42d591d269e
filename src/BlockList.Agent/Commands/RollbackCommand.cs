using System.CommandLine;
using BlockList.Agent.Running;
using BlockList.Agent.Transport;

namespace BlockList.Agent.Commands;

internal static class RollbackCommand
{
    public static Command Create(CommandContext context)
    {
        var to = ChosenVersion.Option("--to", "The version to go back to; without it, the one before");
        var list = ChosenVersion.ListOption();
        var command = new Command("rollback",
            "Goes back to an earlier version, without the network.\n\n" +
            "Puts the entries of that version in force, but for those that left the list since: what was freed stays free. " +
            "\"apply\" keeps to it until a version comes that is newer than the one gone back from; that one is put in force, and \"apply\" says so. " +
            "\"apply --accept VERSION\" with the number gone back from ends it before.") { to, list };
        CommandContext.SetAction(command, (parsed, output, ct) =>
        {
            var configuration = context.ReadConfiguration(parsed);
            return new RunOnce(configuration, context.Time, output, Patience.Default)
                .RollBackAsync(ChosenVersion.ListOf(configuration, parsed.GetValue(list)), ChosenVersion.Parse(parsed.GetValue(to), "--to"), ct);
        });
        return command;
    }
}
