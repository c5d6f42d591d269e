using System.CommandLine;

namespace BlockList.Agent.Commands;

internal static class ConfigCommand
{
    public static Command Create(CommandContext context) => new("config", "Checks the configuration, and shows what follows from it.")
    {
        ConfigCheckCommand.Create(context),
        ConfigPrintCommand.Create(context),
    };
}
