using BlockList.Agent.Configuration;
using BlockList.Agent.Transport;

namespace BlockList.Agent.Running;

/// <summary>
/// Keeps an events connection for one list for as long as the daemon runs. Whatever happens to it costs time to the next
/// poll at most: it never throws, and it never makes the polls wait.
/// </summary>
internal sealed class HearHints(ServerSettings settings, string list, ServerPause pause, Patience patience, TimeProvider time, Chance chance)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    /// <param name="heard">Called for each hint, from another thread than the daemon's own.</param>
    /// <param name="ct">Ends it, without an exception.</param>
    public async Task RunAsync(Action<Hint> heard, CancellationToken ct)
    {
        var wait = FirstWait;
        while (!ct.IsCancellationRequested)
        {
            var asked = TimeSpan.Zero;
            try
            {
                using var server = new ServerConnection(settings, patience);
                await foreach (var hint in new EventStream(server, time).ReadAsync(list, ct))
                {
                    wait = FirstWait;
                    heard(hint);
                }
            }
            catch (Exception problem) when (Failure.Of(problem) is not null || problem is OperationCanceledException)
            {
                // Said nowhere: polls go to the same server with the same certificate, and say what is wrong with either.
                asked = (problem as ServerException)?.RetryAfter ?? TimeSpan.Zero;
            }
            // What was asked of the polls holds here too; and nobody is believed who asks for days.
            if (pause.Left > asked) asked = pause.Left;
            if (asked > ServerPause.Longest) asked = ServerPause.Longest;
            await SleepAsync((wait > asked ? wait : asked) * (1 + chance()), ct);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }

    private async Task SleepAsync(TimeSpan length, CancellationToken ct)
    {
        try
        {
            await Task.Delay(length, time, ct);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }
}
