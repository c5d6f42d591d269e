using System.CommandLine;
using BlockList.Tools.Conformance;
using BlockList.Tools.Conformance.Cases;
using BlockList.Tools.Conformance.Running;

namespace BlockList.Tools.Commands;

/// <summary><c>conformance [--case ID]… [-- COMMAND…]</c>: drives an agent through the kit; exit code 1 if it differs anywhere.</summary>
internal static class ConformanceCommand
{
    private const int Differs = 1;
    private const int Usage = 2;

    public static Command Create()
    {
        var only = new Option<string[]>("--case") { Description = "Only cases whose id begins so; may be repeated", HelpName = "ID" };
        var index = new Option<bool>("--index") { Description = "Print the index of all cases as JSON, and run none" };
        var agent = new Argument<string[]>("COMMAND") { Description = "The agent's command, after --; without one, the agent of this checkout", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("conformance", "Serves valid and hostile repositories to an agent and compares what it does with what it must do.") { only, index, agent };
        command.SetAction((parsed, ct) => parsed.GetValue(index) ? PrintIndexAsync() : RunAsync(parsed.GetValue(only) ?? [], parsed.GetValue(agent) ?? [], ct));
        return command;
    }

    private static async Task<int> PrintIndexAsync()
    {
        await Console.Out.WriteAsync(CaseIndex.Text());
        return 0;
    }

    private static async Task<int> RunAsync(string[] only, string[] commandLine, CancellationToken ct)
    {
        var cases = AllCases.List.Where(c => only.Length == 0 || only.Any(id => c.Id.StartsWith(id, StringComparison.Ordinal))).ToArray();
        if (cases.Length == 0)
        {
            await Console.Error.WriteLineAsync($"No case begins with {string.Join(" or ", only)}. tools/conformance --index names them all.");
            return Usage;
        }
        await using var run = await ConformanceRun.StartAsync(ct);
        var agent = commandLine.Length > 0 ? new AgentCommand(commandLine) : await run.PackagedAgentAsync(Checkout.Own().FullName, ct);
        var wrong = 0;
        await foreach (var result in run.RunAsync(cases, agent, ct: ct))
        {
            Console.WriteLine(result);
            if (!result.IsRight) wrong++;
        }
        Console.WriteLine($"{cases.Length} cases, {cases.Length - wrong} right, {wrong} wrong");
        return wrong == 0 ? 0 : Differs;
    }
}
