using System.Collections.Concurrent;
using BlockList.Agent.Configuration;
using BlockList.Agent.Transport;

namespace BlockList.Agent.Running;

/// <summary>One events connection for each list of a configuration; disposing ends them all.</summary>
internal sealed class HintListeners : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentQueue<Hint> heard = new();
    private readonly Task listening;

    public HintListeners(AgentConfiguration configuration, Patience patience, TimeProvider time, Chance chance, Bell bell) =>
        listening = Task.WhenAll(configuration.Lists.Select(list => new HearHints(configuration.Server, list.Id, patience, time, chance).RunAsync(
            hint =>
            {
                heard.Enqueue(hint);
                bell.Ring();
            },
            ending.Token)));

    public bool TryTake(out Hint hint) => heard.TryDequeue(out hint!);

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await listening;
        ending.Dispose();
    }
}
