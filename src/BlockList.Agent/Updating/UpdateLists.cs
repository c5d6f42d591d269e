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

    /// <summary>The lists for which a person waits for no change window.</summary>
    public IReadOnlyCollection<ListSettings> Now { get; init; } = [];

    /// <summary>Called before each step of each list.</summary>
    public Action? GetsOn { get; init; }

    public async Task<ExitCode> RunAsync(UpdateSteps steps, CancellationToken ct)
    {
        DurableFile.CreateDirectory(configuration.StateDirectory);
        using var held = AgentLock.Take(configuration.StateDirectory, steps.HasFlag(UpdateSteps.Apply) ? "apply" : "fetch");
        // Made with the first fetch: a key that cannot be read is a poll that failed, and keeps nothing from being in force.
        var server = new Lazy<ServerConnection>(() => new(configuration.Server, patience, new ServerPause(configuration.StateDirectory, time)), LazyThreadSafetyMode.None);
        try
        {
            var worst = ExitCode.Done;
            foreach (var settings in configuration.Lists)
            {
                ct.ThrowIfCancellationRequested();
                worst = Failure.Gravest(worst, await RunAsync(settings, steps, server, ct));
            }
            return worst;
        }
        finally
        {
            if (server.IsValueCreated) server.Value.Dispose();
        }
    }

    private async Task<ExitCode> RunAsync(ListSettings settings, UpdateSteps steps, Lazy<ServerConnection> server, CancellationToken ct)
    {
        var state = new ListState(configuration.StateDirectory, settings.Id);
        var fetched = steps.HasFlag(UpdateSteps.Fetch) ? await TryAsync(settings.Id, () => FetchAsync(state, server, ct)) : RunEnd.Well;
        if (fetched.Code != ExitCode.Done) await WarnIfStaleAsync(state);
        // After a first fetch that failed there is nothing to apply, and why has been said.
        var applied = steps.HasFlag(UpdateSteps.Apply) && (fetched.Code == ExitCode.Done || File.Exists(state.Content))
            ? await TryAsync(settings.Id, () => ApplyAsync(settings, state, Accepted?.Of(settings.Id)))
            : RunEnd.Well;
        var end = Failure.Gravest(fetched.Code, applied.Code) == fetched.Code ? fetched : applied;
        // A fetch alone that went well does not show that what failed to be put in force would not fail again.
        if (steps.HasFlag(UpdateSteps.Apply) || end.Code != ExitCode.Done) Record(state, end);
        if (server.IsValueCreated) await PostReceiptsAsync(state, server.Value, ct);
        return end.Code;
    }

    private void Record(ListState state, RunEnd end)
    {
        try
        {
            state.CreateDirectories();
            state.Write(new RunRecord(time.GetUtcNow(), end.Code, end.Message));
        }
        catch (Exception problem) when (Failure.Of(problem) is not null)
        {
            // The disk may be the very trouble; the failure itself has been told.
        }
    }

    private async Task<ExitCode> FetchAsync(ListState state, Lazy<ServerConnection> server, CancellationToken ct)
    {
        var outcome = await new FetchList(state, server, time, output).RunAsync(ct);
        if (outcome.Way != FetchWay.Current)
            await output.Results.WriteLineAsync($"{state.List}: version {outcome.Version.Version} fetched and verified, {outcome.Version.Count} entries" +
                (outcome.Way == FetchWay.Deltas ? ", by deltas" : ""));
        else
            await output.Results.WriteLineAsync($"{state.List}: version {outcome.Version.Version} is the newest and is here");
        return ExitCode.Done;
    }

    /// <summary>To its end once begun: whoever stops the agent waits for one version, and no resolver is left half told.</summary>
    private async Task<ExitCode> ApplyAsync(ListSettings settings, ListState state, Serial? accepted)
    {
        var held = HeldList.Require(state);
        var before = state.ReadEnforcing();
        var enforce = new EnforceDecision(settings, state, time, output);
        Decision decision;
        try
        {
            decision = new DecideEnforcement(settings, state, time).Run(held, accepted, Now.Contains(settings));
        }
        catch (HeldException)
        {
            enforce.TellUnlessTold(new ReceiptText(state, settings.Resolver.Type, time).Held(held.Version));
            throw;
        }
        if (accepted is not null) await output.Results.WriteLineAsync($"{state.List}: version {accepted} is accepted");
        if (before?.Waiting is { } waited && decision.State.Waiting is null && !decision.Enforcement.Withdrawn)
            await output.Results.WriteLineAsync($"{state.List}: nothing waits for the change window any more; {waited.Additions.Count} additions did");
        if (before?.RolledBack is { } rolledBack && decision.State.RolledBack is null)
            await output.Results.WriteLineAsync($"{state.List}: the rollback to version {rolledBack.To.Version} has ended; version {decision.State.At.Version} follows it");
        return await enforce.RunAsync(decision.Enforcement, CancellationToken.None);
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
            await output.WarnAsync($"{state.List}: STALE: nothing fresh was seen for {(int)age.TotalHours} hours. The last verified version stays in force.");
    }

    private async Task<RunEnd> TryAsync(string list, Func<Task<ExitCode>> step)
    {
        GetsOn?.Invoke();
        try
        {
            return new RunEnd(await step(), null);
        }
        catch (Exception problem) when (Failure.Of(problem) is { } failure)
        {
            await output.FailAsync(failure, list);
            return new RunEnd(failure.Code, failure.Message);
        }
    }

    /// <param name="Code">How a step ended.</param>
    /// <param name="Message">What failed, or null.</param>
    private sealed record RunEnd(ExitCode Code, string? Message)
    {
        public static RunEnd Well { get; } = new(ExitCode.Done, null);
    }
}
