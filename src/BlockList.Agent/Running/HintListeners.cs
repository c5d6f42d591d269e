using System.Collections.Concurrent;
using BlockList.Agent.Configuration;
using BlockList.Agent.Transport;

namespace BlockList.Agent.Running;

/// <summary>One events connection for each list of a configuration; disposing ends them all.</summary>
internal sealed class HintListeners : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();

    /// <summary>The newest of each list and urgency and no more: whoever sends many fills no memory.</summary>
    private readonly ConcurrentDictionary<(string List, bool Urgent), Hint> heard = new();
    private readonly Task listening;

    public HintListeners(AgentConfiguration configuration, Patience patience, TimeProvider time, Chance chance, Bell bell) =>
        listening = Task.WhenAll(configuration.Lists.Select(list => new HearHints(configuration.Server, list.Id, new ServerPause(configuration.StateDirectory, time), patience, time, chance).RunAsync(
            hint =>
            {
                heard.AddOrUpdate((hint.List, hint.Urgent), hint, (_, before) => before.Version > hint.Version ? before : hint);
                bell.Ring();
            },
            ending.Token)));

    /// <summary>What was heard since it was asked for last.</summary>
    public IEnumerable<Hint> Take()
    {
        foreach (var key in heard.Keys)
            if (heard.TryRemove(key, out var hint)) yield return hint;
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await listening;
        ending.Dispose();
    }
}
