using System.CommandLine;

namespace BlockList.Agent.Commands;

internal static class ConfigCommand
{
    public static Command Create(CommandContext context) => new("config", "Shows what follows from the configuration.")
    {
        ConfigPrintCommand.Create(context),
    };
}
