using System.CommandLine;
using BlockList.Agent.Configuration;

namespace BlockList.Agent.Commands;

/// <summary>What every command gets: the clock, and the option that all share.</summary>
internal sealed class CommandContext(TimeProvider time)
{
    /// <summary>As shells report SIGINT.</summary>
    private const int Interrupted = 130;

    public TimeProvider Time { get; } = time;

    public Option<string> Config { get; } = new("--config")
    {
        Description = "The configuration file",
        HelpName = "FILE",
        Recursive = true,
        DefaultValueFactory = _ => AgentConfiguration.DefaultPath,
    };

    public string ConfigPath(ParseResult parsed) => parsed.GetRequiredValue(Config);

    public AgentConfiguration ReadConfiguration(ParseResult parsed) => AgentConfiguration.Read(ConfigPath(parsed));

    private static AgentOutput Output(ParseResult parsed) => new(parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);

    /// <summary>Gives a command its work; foreseen trouble becomes a message and an exit code, in one place for all.</summary>
    public static void SetAction(Command command, Func<ParseResult, AgentOutput, CancellationToken, Task<ExitCode>> run) =>
        command.SetAction(async (parsed, ct) =>
        {
            var output = Output(parsed);
            try
            {
                return (int)await run(parsed, output, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                await output.Progress.WriteLineAsync("interrupted. What is in force stays in force; the next run goes on from here.");
                return Interrupted;
            }
            catch (Exception problem)
            {
                return (int)await output.FailAsync(problem);
            }
        });
}
