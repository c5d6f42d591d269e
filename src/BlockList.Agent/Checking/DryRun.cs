using BlockList.Agent.Configuration;
using BlockList.Agent.Enforcing;
using BlockList.Agent.Hooks;
using BlockList.Agent.Reporting;
using BlockList.Agent.Resolvers;
using BlockList.Agent.Running;
using BlockList.Agent.State;
using BlockList.Agent.Transport;
using BlockList.Agent.Updating;

namespace BlockList.Agent.Checking;

/// <summary>
/// Everything that <c>apply</c> does up to the swap: fetch, verify, decide, render beside the files in place, read back.
/// What is in force is not touched; what was rendered is written over by the next run.
/// </summary>
internal sealed class DryRun(AgentConfiguration configuration, TimeProvider time, AgentOutput output, Patience patience)
{
    /// <param name="offline">Whether to leave the server out.</param>
    /// <param name="hooks">Whether to run the hooks too, with the event <c>test</c>.</param>
    /// <param name="ct">Ends it between two steps.</param>
    public async Task<ExitCode> RunAsync(bool offline, bool hooks, CancellationToken ct)
    {
        var code = offline ? ExitCode.Done : await new RunOnce(configuration, time, output, patience).RunAsync(UpdateSteps.Fetch, ct);
        using (AgentLock.Take(configuration.StateDirectory, "apply --dry-run"))
        {
            foreach (var list in configuration.Lists)
            {
                ct.ThrowIfCancellationRequested();
                code = Failure.Gravest(code, await TryAsync(list, ct));
            }
        }
        if (hooks) await RunHooksAsync(ct);
        await output.Results.WriteLineAsync("nothing was put in force: this was a dry run");
        return code;
    }

    private async Task<ExitCode> TryAsync(ListSettings list, CancellationToken ct)
    {
        try
        {
            await output.Results.WriteLineAsync($"{list.Id}: {await SentenceAsync(list, ct)}");
            return ExitCode.Done;
        }
        catch (Exception problem) when (Failure.Of(problem) is { } failure)
        {
            await output.FailAsync(failure, list.Id);
            return failure.Code;
        }
    }

    private async Task<string> SentenceAsync(ListSettings list, CancellationToken ct)
    {
        var comparison = new CompareVersions(list, new ListState(configuration.StateDirectory, list.Id), time).Run();
        var next = comparison.Next.Enforcement;
        var resolver = KnownResolvers.Of(list);
        await resolver.RenderAsync(next.List, next.Version, ct);
        var rendering = resolver.ReadBack(next.List, next.Version);
        if (resolver.Sha256 == rendering.Sha256) return $"version {next.Version} is rendered as it lies in place; apply would change no file";
        var held = next.HeldBecause is { } because ? $". {because}" : "";
        var waits = next.Waiting > 0 ? $". {EnforcementText.Waits(next.Waiting, next.Of, list.ChangeWindows?.OpensAt(time.GetUtcNow()))[..^1]}" : "";
        return $"version {next.Version} would be put in force at {list.Resolver.Name}: {next.List.Count} entries, {comparison.Added.Count} added and {comparison.Removed.Count} removed by its versions, "
            + $"{next.LeftOut} left out by your own names, {rendering.LeftOut} that this resolver cannot express. It was rendered and read back{held}{waits}";
    }

    private async Task RunHooksAsync(CancellationToken ct)
    {
        var (run, failed) = await new RunHooks(configuration.HooksDirectory, output).RunAsync(HookEvent.Test(configuration.Lists[0], time.GetUtcNow()), ct);
        await output.Results.WriteLineAsync($"{run} hooks were run with the event \"test\", {failed} of them failed");
    }
}
