using System.CommandLine;
using BlockList.Tools.Benchmarks;

namespace BlockList.Tools.Commands;

/// <summary>The process that <c>bench agent</c> measures.</summary>
internal static class AgentWorkCommand
{
    public const string Name = "agent-work";

    public static Command Create()
    {
        var directory = new Argument<string>("DIRECTORY");
        var command = new Command(Name) { directory };
        command.Hidden = true;
        command.SetAction(parsed => AgentWork.Run(parsed.GetRequiredValue(directory), TimeProvider.System));
        return command;
    }
}
