using System.CommandLine;
using BlockList.Agent.Configuration;
using BlockList.Agent.Content;
using BlockList.Agent.State;

namespace BlockList.Agent.Commands;

internal static class VerifyCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "A list.txt from anywhere" };
        var list = new Option<string>("--list") { Description = "The list to compare with; without it, every list of the configuration", HelpName = "LIST" };
        var command = new Command("verify", "Compares a list file with the signed metadata.") { file, list };
        CommandContext.SetAction(command, async (parsed, output, ct) =>
        {
            var configuration = context.ReadConfiguration(parsed);
            var wanted = parsed.GetValue(list);
            var lists = configuration.Lists.Where(l => wanted is null || l.Id == wanted).ToArray();
            if (lists.Length == 0) throw new ConfigurationException($"there is no list \"{wanted}\" in the configuration. It has: {string.Join(", ", configuration.Lists.Select(l => l.Id))}.");
            var path = parsed.GetRequiredValue(file);
            if (!File.Exists(path)) throw new ConfigurationException($"{path} does not exist. Give the path of a list file.");
            var bytes = await File.ReadAllBytesAsync(path, ct);
            var results = lists.Select(l => new VerifyFile(new ListState(configuration.StateDirectory, l.Id)).Run(bytes)).ToArray();
            var same = results.Any(r => r.Same);
            foreach (var (_, sentence) in results.Where(r => r.Same == same)) await output.Results.WriteLineAsync(sentence);
            return same ? ExitCode.Done : ExitCode.Refused;
        });
        return command;
    }
}
