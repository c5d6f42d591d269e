using BlockList.Agent.Running;
using BlockList.Agent.Transport;

namespace BlockList.Agent.Tests.Fixtures;

/// <summary>The daemon in this process, by the test's own clock; chance always falls in the middle.</summary>
internal sealed class RunningDaemon : IAsyncDisposable
{
    private readonly StringWriter said = new();
    private readonly CancellationTokenSource ending = new();
    private readonly ServiceNotify notify;
    private readonly RunDaemon daemon;
    private readonly Task running;
    private readonly TestClock clock;

    public RunningDaemon(TestProvider provider, TestClock clock, NotifySocket? supervisor = null)
    {
        this.clock = clock;
        var output = TextWriter.Synchronized(said);
        notify = ServiceNotify.From(variable => variable == "NOTIFY_SOCKET" ? supervisor?.Path : null);
        daemon = new RunDaemon(provider.Config, clock, new AgentOutput(output, output), Patience.Default, notify, () => 0.5);
        running = Task.Run(() => daemon.RunAsync(ending.Token));
    }

    public string Said
    {
        get
        {
            lock (said) return said.ToString();
        }
    }

    public void ReadAgain() => daemon.ReadAgain();

    /// <summary>Waits until the daemon has nothing to do for about so long.</summary>
    public Task IdleAsync(TimeSpan wait)
    {
        if (running.IsCompleted) running.GetAwaiter().GetResult();
        return clock.WaiterAsync(wait - TimeSpan.FromSeconds(1), wait + TimeSpan.FromSeconds(1));
    }

    /// <summary>Lets the time pass until the next poll and waits until it is over.</summary>
    public async Task PollAsync(TimeSpan wait, TimeSpan next)
    {
        await IdleAsync(wait);
        clock.Advance(wait);
        await IdleAsync(next);
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await running;
        ending.Dispose();
        notify.Dispose();
    }
}
