using System.CommandLine;
using BlockList.Agent.Hooks;

namespace BlockList.Agent.Commands;

internal static class HooksCommand
{
    public static Command Create(CommandContext context)
    {
        var test = new Command("test", "Runs every hook once as after a change, with event \"test\".");
        CommandContext.SetAction(test, async (parsed, output, ct) =>
        {
            var configuration = context.ReadConfiguration(parsed);
            var (run, failed) = await new RunHooks(configuration.HooksDirectory, output)
                .RunAsync(HookEvent.Test(configuration.Lists[0], context.Time.GetUtcNow()), ct);
            await output.Results.WriteLineAsync(run == 0
                ? $"there is no hook in {configuration.HooksDirectory}. Put executable files there; their names have letters, digits, - and _ only."
                : $"{run} hooks were run, {failed} of them failed");
            return failed == 0 ? ExitCode.Done : ExitCode.Usage;
        });
        return new Command("hooks", "Tries out your programs that run after a change.") { test };
    }
}
