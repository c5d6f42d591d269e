using System.Net;
using BlockList.Agent.Dns;

namespace BlockList.Tools.Faults;

/// <summary>Asks a resolver for names that must be blocked, one after the other, until it is disposed.</summary>
internal sealed class Prober : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Often enough to see a gap of a few hundredths of a second, and leaving the machine to the agent.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(3);

    private readonly CancellationTokenSource stop = new();
    private readonly Task asking;
    private bool stopped;

    public Prober(IPEndPoint resolver, IReadOnlyList<string> names) => asking = AskAsync(resolver, names);

    public long Answers { get; private set; }

    /// <summary>Answers with an address, where there must be none.</summary>
    public long LetThrough { get; private set; }

    /// <summary>Questions without an answer: a resolver that loads is slow, and lets nobody through.</summary>
    public long Unanswered { get; private set; }

    public async ValueTask DisposeAsync()
    {
        if (stopped) return;
        stopped = true;
        await stop.CancelAsync();
        await asking;
        stop.Dispose();
    }

    private async Task AskAsync(IPEndPoint resolver, IReadOnlyList<string> names)
    {
        try
        {
            for (var next = 0; ; next = (next + 1) % names.Count)
            {
                try
                {
                    var answer = await DnsProbe.QueryAsync(resolver, names[next], DnsType.A, Patience, stop.Token);
                    Answers++;
                    if (answer.Addresses.Count > 0) LetThrough++;
                }
                catch (DnsProbeException)
                {
                    Unanswered++;
                }
                await Task.Delay(Pace, stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }
}
