using System.CommandLine;
using BlockList.Agent.Checking;
using BlockList.Agent.Transport;

namespace BlockList.Agent.Commands;

internal static class ConfigCheckCommand
{
    public static Command Create(CommandContext context)
    {
        var online = new Option<bool>("--online") { Description = "Also ask the server who it takes us for" };
        var command = new Command("check", "Shows whether everything that the configuration names works.") { online };
        CommandContext.SetAction(command, async (parsed, output, ct) =>
        {
            var configuration = context.ReadConfiguration(parsed);
            var findings = await new CheckSetup(configuration, context.Time, Patience.Default).RunAsync(parsed.GetValue(online), ct);
            foreach (var finding in findings) await output.Results.WriteLineAsync(finding.ToString());
            var problems = findings.Count(f => f.Problem is not null);
            await output.Results.WriteLineAsync(problems == 0 ? $"{context.ConfigPath(parsed)} works" : $"{problems} things must be mended");
            return problems == 0 ? ExitCode.Done : ExitCode.Usage;
        });
        return command;
    }
}
