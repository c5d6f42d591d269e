using BlockList.Agent.Applying;
using BlockList.Agent.Configuration;
using BlockList.Agent.Content;
using BlockList.Agent.Enforcing;
using BlockList.Agent.Reporting;
using BlockList.Agent.State;
using BlockList.Agent.Transport;
using BlockList.Format;

namespace BlockList.Agent.Updating;

/// <summary>
/// One run over all lists: fetch, apply, receipts. Lists are independent: trouble with one leaves the others their turn.
/// What could not be fetched does not keep the last verified version from being in force.
/// </summary>
internal sealed class UpdateLists(AgentConfiguration configuration, TimeProvider time, AgentOutput output, Patience patience)
{
    /// <summary>The version that a person accepts with this run, or null.</summary>
    public AcceptedVersion? Accepted { get; init; }

    public async Task<ExitCode> RunAsync(UpdateSteps steps, CancellationToken ct)
    {
        DurableFile.CreateDirectory(configuration.StateDirectory);
        using var held = AgentLock.Take(configuration.StateDirectory, steps.HasFlag(UpdateSteps.Apply) ? "apply" : "fetch");
        using var server = steps.HasFlag(UpdateSteps.Fetch) ? new ServerConnection(configuration.Server, patience) : null;
        var worst = ExitCode.Done;
        foreach (var settings in configuration.Lists)
        {
            var state = new ListState(configuration.StateDirectory, settings.Id);
            var fetched = server is null ? ExitCode.Done : await TryAsync(settings.Id, () => FetchAsync(state, server, ct));
            if (fetched != ExitCode.Done) await WarnIfStaleAsync(state);
            worst = Failure.Gravest(worst, fetched);
            // After a first fetch that failed there is nothing to apply, and why has been said.
            if (steps.HasFlag(UpdateSteps.Apply) && (fetched == ExitCode.Done || File.Exists(state.Content)))
                worst = Failure.Gravest(worst, await TryAsync(settings.Id, () => ApplyAsync(settings, state, Accepted?.Of(settings.Id), ct)));
            if (server is not null) await PostReceiptsAsync(state, server, ct);
        }
        return worst;
    }

    private async Task<ExitCode> FetchAsync(ListState state, ServerConnection server, CancellationToken ct)
    {
        var outcome = await new FetchList(state, server, time, output).RunAsync(ct);
        if (outcome.Way != FetchWay.Current)
            await output.Results.WriteLineAsync($"{state.List}: version {outcome.Version.Version} fetched and verified, {outcome.Version.Count} entries" +
                (outcome.Way == FetchWay.Deltas ? ", by deltas" : ""));
        else
            await output.Results.WriteLineAsync($"{state.List}: version {outcome.Version.Version} is the newest and is here");
        return ExitCode.Done;
    }

    private async Task<ExitCode> ApplyAsync(ListSettings settings, ListState state, Serial? accepted, CancellationToken ct)
    {
        var held = HeldList.Require(state);
        var rolledBack = state.ReadEnforcing()?.RolledBack;
        var decision = new DecideEnforcement(settings, state, time).Run(held, accepted);
        if (accepted is not null) await output.Results.WriteLineAsync($"{state.List}: version {accepted} is accepted");
        if (rolledBack is not null && decision.State.RolledBack is null)
            await output.Results.WriteLineAsync($"{state.List}: the rollback to version {rolledBack.To.Version} has ended; version {decision.State.At.Version} follows it");
        return await new EnforceDecision(settings, state, time, output).RunAsync(decision.Enforcement, ct);
    }

    /// <summary>A receipt is a courtesy to the operator: it never fails a run.</summary>
    private async Task PostReceiptsAsync(ListState state, ServerConnection server, CancellationToken ct)
    {
        try
        {
            await new Receipts(state, time).PostAsync(server, ct);
        }
        catch (Exception problem) when (Failure.Of(problem) is { } failure)
        {
            await output.Progress.WriteLineAsync($"{state.List}: the receipt was not posted and is kept for the next run. {failure.Message}");
        }
    }

    private async Task WarnIfStaleAsync(ListState state)
    {
        if (state.ReadPoll().SucceededAt is { } last && time.GetUtcNow() - last is var age && age >= ListStatus.StaleAfter)
            await output.Progress.WriteLineAsync($"{state.List}: STALE: nothing fresh was seen for {(int)age.TotalHours} hours. The last verified version stays in force.");
    }

    private async Task<ExitCode> TryAsync(string list, Func<Task<ExitCode>> step)
    {
        try
        {
            return await step();
        }
        catch (Exception problem) when (Failure.Of(problem) is { } failure)
        {
            await output.Progress.WriteLineAsync($"{list}: {failure.Message}");
            return failure.Code;
        }
    }
}
