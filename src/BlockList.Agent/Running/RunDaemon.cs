using BlockList.Agent.Configuration;
using BlockList.Agent.State;
using BlockList.Agent.Transport;
using BlockList.Agent.Updating;

namespace BlockList.Agent.Running;

/// <summary>
/// The agent as a service: polls, hears hints in between, reads its configuration again when told to, and ends between
/// two steps. It holds nothing that a killed process would lose: all that counts lies in the state directory.
/// </summary>
internal sealed class RunDaemon(string configPath, TimeProvider time, AgentOutput output, Patience patience, ServiceNotify notify, Chance chance)
{
    /// <summary>Somebody runs a command by hand; it is over soon.</summary>
    private static readonly TimeSpan WhenLocked = TimeSpan.FromMinutes(1);

    private readonly Bell bell = new();
    private readonly PollSchedule schedule = new(chance);
    private readonly PendingHints hints = new(chance);
    private readonly WindowOpening opening = new(time);
    private readonly Watchdog watchdog = new(notify, time);
    private readonly long started = time.GetTimestamp();
    private volatile bool readAgain;

    private TimeSpan Now => time.GetElapsedTime(started);

    /// <summary>Asks for the configuration to be read again; returns at once.</summary>
    public void ReadAgain()
    {
        readAgain = true;
        bell.Ring();
    }

    /// <exception cref="ConfigurationException">It cannot start.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        var configuration = AgentConfiguration.Read(configPath);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var alive = watchdog.RunAsync(ending.Token);
        var listeners = Listen(configuration);
        // Before the first poll: a list server that is slow must not hold up the start of a machine.
        notify.Ready();
        await output.Results.WriteLineAsync($"running with {configPath}: {configuration.Lists.Count} lists from {configuration.Server.Address.Authority}, about every {PollSchedule.Interval.TotalMinutes} minutes");
        try
        {
            while (true)
            {
                ct.ThrowIfCancellationRequested();
                if (readAgain)
                {
                    configuration = await ReadAgainAsync(configuration);
                    await listeners.DisposeAsync();
                    listeners = Listen(configuration);
                }
                foreach (var hint in listeners.Take()) Consider(configuration, hint);
                var wait = Wait(configuration);
                if (wait <= TimeSpan.Zero) await PollAsync(configuration, ct);
                else if (opening.Due <= Now) await OpenAsync(configuration, ct);
                else await bell.WaitAsync(opening.Due - Now is { } opens && opens < wait ? opens : wait, time, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            notify.Stopping();
            await output.Results.WriteLineAsync("ending as asked. What is in force stays in force.");
        }
        finally
        {
            await listeners.DisposeAsync();
            await ending.CancelAsync();
            await alive;
        }
    }

    private HintListeners Listen(AgentConfiguration configuration) => new(configuration, patience, time, chance, bell);

    /// <summary>Until the next poll: the regular one or a hint's, but never before the server wants to be asked again.</summary>
    private TimeSpan Wait(AgentConfiguration configuration)
    {
        var due = hints.Due is { } hinted && hinted < schedule.Next ? hinted : schedule.Next;
        var (wait, paused) = (due - Now, new ServerPause(configuration.StateDirectory, time).Left);
        return wait > paused ? wait : paused;
    }

    private void Consider(AgentConfiguration configuration, Hint hint)
    {
        if (SeenOf(configuration)(hint.List) < hint.Version) hints.Take(hint, Now);
        // Nothing new, but the server speaks again after polls that failed: no need to wait out the back-off.
        else if (schedule.LastFailed) schedule.Hasten(Now + PollSchedule.PauseSpread * chance());
    }

    private async Task PollAsync(AgentConfiguration configuration, CancellationToken ct)
    {
        notify.Status("polling");
        var (code, locked) = await RunAsync(configuration, UpdateSteps.Fetch | UpdateSteps.Apply, ct);
        // One list that brings news shows that the server and the line work: another one's trouble slows nothing.
        schedule.Record(Now, AnyIsFresh(configuration) ? ExitCode.Done : code, new ServerPause(configuration.StateDirectory, time).Left);
        if (locked) schedule.Hasten(Now + WhenLocked);
        hints.AfterPoll(Now, SeenOf(configuration));
        notify.Status($"last poll {time.GetUtcNow().UtcDateTime:ddd HH:mm} UTC ended with {(int)code} ({code}); next in about {Math.Ceiling(Wait(configuration).TotalMinutes)} min");
    }

    /// <summary>What waits is here: the server is not asked, or all whose windows open at two would ask it at two.</summary>
    private async Task OpenAsync(AgentConfiguration configuration, CancellationToken ct)
    {
        await output.Results.WriteLineAsync("a change window opens");
        var (_, locked) = await RunAsync(configuration, UpdateSteps.Apply, ct);
        if (locked) opening.PutOff(Now + WhenLocked);
    }

    private async Task<(ExitCode Code, bool Locked)> RunAsync(AgentConfiguration configuration, UpdateSteps steps, CancellationToken ct)
    {
        watchdog.Begin();
        var (code, locked) = (ExitCode.Fault, false);
        try
        {
            code = await new RunOnce(configuration, time, output, patience) { GetsOn = watchdog.Begin }.RunAsync(steps, ct);
        }
        catch (Exception problem) when (problem is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            code = await output.FailAsync(problem);
            locked = problem is AgentLockedException;
        }
        finally
        {
            watchdog.End();
        }
        opening.Look(configuration, Now);
        return (code, locked);
    }

    private static bool AnyIsFresh(AgentConfiguration configuration) => configuration.Lists.Any(list =>
    {
        try
        {
            return new ListState(configuration.StateDirectory, list.Id).ReadPoll() is { AttemptedAt: not null, Failures: 0 };
        }
        catch (StateException)
        {
            return false;
        }
    });

    private async Task<AgentConfiguration> ReadAgainAsync(AgentConfiguration old)
    {
        readAgain = false;
        notify.Reloading(time);
        try
        {
            var configuration = AgentConfiguration.Read(configPath);
            schedule.Hasten(Now);
            await output.Results.WriteLineAsync($"{configPath} was read again and is used from now on");
            return configuration;
        }
        catch (ConfigurationException problem)
        {
            await output.FailAsync(new Failure(ExitCode.Usage, $"{problem.Message}\n{configPath} was read again and cannot be used. The configuration before it stays in use until it is mended and the service is told again (reload)."));
            return old;
        }
        finally
        {
            notify.Ready();
        }
    }

    private static Func<string, long> SeenOf(AgentConfiguration configuration) => list =>
    {
        try
        {
            return new ListState(configuration.StateDirectory, list).ReadMemory()?.Held?.Version.Value ?? 0;
        }
        catch (StateException)
        {
            // Said by the poll itself; here it must not make one poll follow the other.
            return long.MaxValue;
        }
    };
}
