using BlockList.Agent.Configuration;
using BlockList.Agent.Hooks;
using BlockList.Agent.Metrics;
using BlockList.Agent.Renewing;
using BlockList.Agent.State;
using BlockList.Agent.Transport;
using BlockList.Agent.Updating;
using BlockList.Format;

namespace BlockList.Agent.Running;

/// <summary>One run as a person, a timer or the daemon starts it: the update itself, and what goes on around it.</summary>
internal sealed class RunOnce(AgentConfiguration configuration, TimeProvider time, AgentOutput output, Patience patience)
{
    private readonly ServerPause pause = new(configuration.StateDirectory, time);

    /// <summary>The version that a person accepts with this run, or null.</summary>
    public AcceptedVersion? Accepted { get; init; }

    /// <summary>The lists for which a person waits for no change window.</summary>
    public IReadOnlyCollection<ListSettings> Now { get; init; } = [];

    /// <summary>Called before each step of each list; a service shows by it that it lives.</summary>
    public Action? GetsOn { get; init; }

    public Task<ExitCode> RunAsync(UpdateSteps steps, CancellationToken ct) => AroundAsync(() => UpdateAsync(steps, ct));

    /// <summary>Goes back to an earlier version of one list.</summary>
    /// <param name="to">The version, or null for the one before.</param>
    public Task<ExitCode> RollBackAsync(ListSettings list, Serial? to, CancellationToken ct) =>
        AroundAsync(() => new RollBackList(configuration, list, time, output).RunAsync(to, ct));

    private async Task<ExitCode> UpdateAsync(UpdateSteps steps, CancellationToken ct)
    {
        var waiting = ExitCode.Done;
        if (steps.HasFlag(UpdateSteps.Fetch) && pause.Until is { } until)
        {
            waiting = await ObeyAsync(until);
            steps &= ~UpdateSteps.Fetch;
            // Nothing was ever verified: there is nothing to put in force either, and why has been said.
            if (waiting != ExitCode.Done) steps = 0;
        }
        if (steps == 0) return waiting;
        var code = Failure.Gravest(waiting, await new UpdateLists(configuration, time, output, patience) { Accepted = Accepted, Now = Now, GetsOn = GetsOn }.RunAsync(steps, ct));
        if (!steps.HasFlag(UpdateSteps.Fetch)) return code;
        // After the lists: what they bring never waits for a certificate.
        GetsOn?.Invoke();
        await new RenewOwnCertificate(configuration, time, output, patience).RunAsync(ct);
        return code;
    }

    /// <summary>Tells hooks and monitoring, however the run ended: a resolver elsewhere that a hook keeps must not miss what was put
    /// in force before something else failed.</summary>
    private async Task<ExitCode> AroundAsync(Func<Task<ExitCode>> run)
    {
        var before = Applied();
        ExitCode? code = null;
        try
        {
            code = await run();
            return code.Value;
        }
        catch (Exception problem) when (Failure.Of(problem) is { } failure && problem is not AgentLockedException)
        {
            code = failure.Code;
            throw;
        }
        finally
        {
            await new RunHooks(configuration.HooksDirectory, output).AfterAsync(Changes(before), CancellationToken.None);
            if (code is { } known) await new TellMetrics(configuration, time, output).RunAsync(known);
        }
    }

    /// <summary>Whoever obeys has not failed, and a timer that runs into a pause is no alarm: 0. But as long as a list has
    /// nothing to enforce, 0 would say that it is enforced: 3.</summary>
    private async Task<ExitCode> ObeyAsync(DateTimeOffset until)
    {
        await output.Results.WriteLineAsync(
            $"{configuration.Server.Address.Authority} asked for no request before {until.UtcDateTime:HH:mm:ss} UTC, so it was not asked now. What is in force stays in force; the next run after that time asks again.");
        return configuration.Lists.All(l => File.Exists(new ListState(configuration.StateDirectory, l.Id).Content)) ? ExitCode.Done : ExitCode.Network;
    }

    private AppliedRecord?[] Applied() => [.. configuration.Lists.Select(l => AppliedOf(new ListState(configuration.StateDirectory, l.Id)))];

    private IEnumerable<HookEvent> Changes(AppliedRecord?[] before)
    {
        foreach (var (list, was, now) in configuration.Lists.Zip(before, Applied()))
        {
            if (now is not null && (now.AppliedAt, now.List) != (was?.AppliedAt, was?.List)) yield return HookEvent.Applied(list, was, now);
        }
    }

    private static AppliedRecord? AppliedOf(ListState state)
    {
        try
        {
            return state.ReadApplied();
        }
        catch (StateException)
        {
            // The update says so itself, with what to do.
            return null;
        }
    }
}
