using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace BlockList.Tools.Benchmarks;

/// <summary>Everybody polls in the same second, each on a new connection: the field's own way of being overloaded by its subscribers.</summary>
internal static class PollFlood
{
    private const int Polls = 10_000;
    private const int AtOnce = 64;

    /// <summary>Megabytes that a connection may take while it is opened and answered: what is bounded is the number of connections.</summary>
    private const double MostOfOne = 0.15;

    public static async Task<IReadOnlyList<Goal>> MeasureAsync(ProviderCrowd crowd, int server, string list, string etag, CancellationToken cancellationToken)
    {
        var path = $"/v1/{list}/tuf/timestamp.json";
        var clock = Stopwatch.GetTimestamp();
        var steady = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(Enumerable.Range(0, Polls), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, ct) => await PollAsync(crowd, i, path, etag, steady, ct));
        var rate = Polls / Stopwatch.GetElapsedTime(clock).TotalSeconds;

        ProcessUsage.ForgetPeak(server);
        var generator = ProcessUsage.Of(Environment.ProcessId).ProcessorSeconds;
        var role = ProcessUsage.Of(server).ProcessorSeconds;
        var flood = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        clock = Stopwatch.GetTimestamp();
        var polls = new List<Task>(Polls);
        for (var i = 0; i < Polls; i++)
        {
            var provider = i;
            polls.Add(Task.Run(() => PollAsync(crowd, provider, path, etag, flood, cancellationToken), cancellationToken));
        }
        var sent = Stopwatch.GetElapsedTime(clock);
        await Task.WhenAll(polls);
        var took = Stopwatch.GetElapsedTime(clock).TotalSeconds;
        var peak = ProcessUsage.Of(server).PeakMegabytes;
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Polls:N0} polls, {AtOnce} at a time, each on a new connection: {rate:F0} a second; {Words(steady)}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Polls:N0} polls begun within {sent.TotalSeconds:F2} s: all answered after {took:F1} s; {Words(flood)}; the role held {peak:F0} MB at most"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"processor meanwhile: role {ProcessUsage.Of(server).ProcessorSeconds - role:F1} s, generator {ProcessUsage.Of(Environment.ProcessId).ProcessorSeconds - generator:F1} s"));
        var lost = flood.Where(answer => answer.Key is not ("304" or "429 with Retry-After" or "503 with Retry-After")).Sum(answer => answer.Value);
        return [new Goal("polls-lost", lost, 0), new Goal("polls-served-time-of-fair", took / (Polls / rate), 1.5), new Goal("polls-memory-mb", peak, Polls * MostOfOne)];
    }

    private static async Task PollAsync(ProviderCrowd crowd, int provider, string path, string etag, ConcurrentDictionary<string, int> answers, CancellationToken cancellationToken)
    {
        string answer;
        try
        {
            await using var connection = await crowd.ConnectAsync(provider, cancellationToken);
            var came = await connection.GetAsync(path, cancellationToken, etag);
            answer = came.Status.ToString(CultureInfo.InvariantCulture) + (came.RetryAfter ? " with Retry-After" : "");
        }
        catch (Exception problem) when (problem is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            answer = problem.GetBaseException().Message;
        }
        answers.AddOrUpdate(answer, 1, (_, count) => count + 1);
    }

    private static string Words(ConcurrentDictionary<string, int> answers) => string.Join(", ", answers.OrderByDescending(a => a.Value).Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Value:N0} of {a.Key}")));
}
