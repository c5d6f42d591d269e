using System.Collections.Concurrent;
using BlockList.Agent.Configuration;
using BlockList.Agent.Transport;

namespace BlockList.Agent.Running;

/// <summary>One events connection for each list of a configuration; disposing ends them all.</summary>
internal sealed class HintListeners : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();

    /// <summary>The newest of each list and no more: whoever sends many fills no memory.</summary>
    private readonly ConcurrentDictionary<string, Hint> heard = new(StringComparer.Ordinal);
    private readonly Task listening;

    public HintListeners(AgentConfiguration configuration, Patience patience, TimeProvider time, Chance chance, Bell bell) =>
        listening = Task.WhenAll(configuration.Lists.Select(list => new HearHints(configuration.Server, list.Id, new ServerPause(configuration.StateDirectory, time), patience, time, chance).RunAsync(
            hint =>
            {
                heard.AddOrUpdate(hint.List, hint, (_, before) => before.With(hint));
                bell.Ring();
            },
            ending.Token)));

    /// <summary>What was heard since it was asked for last.</summary>
    public IEnumerable<Hint> Take()
    {
        foreach (var list in heard.Keys)
            if (heard.TryRemove(list, out var hint)) yield return hint;
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await listening;
        ending.Dispose();
    }
}
