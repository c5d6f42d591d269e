using System.CommandLine;
using BlockList.Tools.Benchmarks;

namespace BlockList.Tools.Commands;

/// <summary>The process that <c>bench publish</c> measures.</summary>
internal static class PublishWorkCommand
{
    public const string Name = "publish-work";

    public static Command Create()
    {
        var configuration = new Argument<string>("CONFIGURATION");
        var list = new Argument<string>("LIST");
        var command = new Command(Name) { configuration, list };
        command.Hidden = true;
        command.SetAction((parsed, ct) => PublishWork.RunAsync(parsed.GetRequiredValue(configuration), parsed.GetRequiredValue(list), ct));
        return command;
    }
}
