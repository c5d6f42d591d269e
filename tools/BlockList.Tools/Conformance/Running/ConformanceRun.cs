using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using BlockList.Tools.Conformance.Serving;
using BlockList.Tools.Deployments;
using BlockList.Tools.Development;

namespace BlockList.Tools.Conformance.Running;

/// <summary>Runs cases in a few lanes at once and gives each result as it comes.</summary>
internal sealed class ConformanceRun : IAsyncDisposable
{
    /// <summary>An agent waits for the server more than it works.</summary>
    private const int Lanes = 4;

    private readonly StateDirectory state = StateDirectory.Temporary();
    private readonly TimeProvider clock = TimeProvider.System;
    private readonly VectorPki pki;
    private readonly List<Lane> lanes = [];
    private AuthoritativeDns? authority;

    private ConformanceRun() => pki = new VectorPki(clock);

    public IReadOnlyList<Lane> AllLanes => lanes;

    public static async Task<ConformanceRun> StartAsync(CancellationToken ct)
    {
        var run = new ConformanceRun();
        try
        {
            // Every name in the zone resolves, so what does not is blocked.
            run.authority = await AuthoritativeDns.StartAsync(run.state, new Dictionary<string, IPAddress> { ["*.example"] = IPAddress.Parse("192.0.2.1") }, ct: ct);
            for (var i = 0; i < Lanes; i++) run.lanes.Add(await Lane.StartAsync(run.pki, run.authority, ct));
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>The agent of this checkout, where the unprivileged user can run it.</summary>
    public async Task<AgentCommand> OwnAgentAsync() => new((await Programs.StageAsync(state)).Agent());

    /// <summary>The same as it is packaged: without fault points, and quicker to start.</summary>
    public Task<AgentCommand> PackagedAgentAsync(string checkout, CancellationToken ct) => PackagedAgent.UnpackAsync(state, checkout, ct);

    /// <param name="cases">What to run; those that wait begin first.</param>
    /// <param name="agent">The agent under test.</param>
    /// <param name="afterStep">A second opinion on every vector that the agent must take, or null.</param>
    /// <param name="ct">Ends the run.</param>
    public async IAsyncEnumerable<CaseResult> RunAsync(
        IEnumerable<ConformanceCase> cases, AgentCommand agent, Func<Provider, Vector, Task<string?>>? afterStep = null, [EnumeratorCancellation] CancellationToken ct = default)
    {
        var waiting = new ConcurrentQueue<ConformanceCase>(cases.OrderByDescending(c => c.Slow));
        var results = Channel.CreateUnbounded<CaseResult>();
        var work = Task.WhenAll(lanes.Select(lane => Task.Run(async () =>
        {
            while (waiting.TryDequeue(out var one))
                await results.Writer.WriteAsync(await new RunCase(lane, agent, clock).RunAsync(one, afterStep ?? ((_, _) => Task.FromResult<string?>(null)), ct), ct);
        }, ct)));
        _ = work.ContinueWith(ended => results.Writer.Complete(ended.Exception?.InnerException), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await foreach (var result in results.Reader.ReadAllAsync(ct)) yield return result;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in lanes) await lane.DisposeAsync();
        if (authority is not null) await authority.DisposeAsync();
        pki.Dispose();
        state.Dispose();
    }
}
