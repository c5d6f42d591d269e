using System.Diagnostics;
using System.Globalization;
using BlockList.Tools.Deployments;
using Npgsql;

namespace BlockList.Tools.Benchmarks;

/// <summary>Ten thousand event streams that stay open: what they take of memory, and how long it is until all have heard of a version.</summary>
internal static class EventCrowd
{
    private const int Streams = 10_000;
    private const int AtOnce = 64;

    public static async Task<Goal> MeasureAsync(Deployment deployment, ProviderCrowd crowd, int server, string list, CancellationToken cancellationToken)
    {
        var before = ProcessUsage.Of(server);
        var clock = Stopwatch.GetTimestamp();
        var streams = new CrowdConnection[Streams];
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, Streams), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, ct) =>
            {
                streams[i] = await crowd.ConnectAsync(i, ct);
                if (await streams[i].ListenAsync($"/v1/{list}/events", ct) is not 200 and var status) throw new InvalidOperationException($"a stream was answered with {status}");
            });
            var opened = Stopwatch.GetElapsedTime(clock);
            // What begins with the version that everybody knows is not what is waited for.
            var heard = streams.Select(stream => HearAsync(stream, "\"version\":2,", cancellationToken)).ToArray();
            await using var source = NpgsqlDataSource.Create(deployment.SuperuserConnectionString);
            await using var publish = source.CreateCommand("update publishing.head set serial = 2 where list = $1");
            publish.Parameters.AddWithValue(list);
            await publish.ExecuteNonQueryAsync(cancellationToken);
            clock = Stopwatch.GetTimestamp();
            var waits = (await Task.WhenAll(heard)).Select(at => Stopwatch.GetElapsedTime(clock, at).TotalSeconds).Order().ToArray();
            var usage = ProcessUsage.Of(server);
            Console.WriteLine();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Streams:N0} event streams opened within {opened.TotalSeconds:F1} s; the role holds {usage.Megabytes:F0} MB, {before.Megabytes:F0} MB before, {usage.PeakMegabytes:F0} MB at most"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a new version was heard of after {waits[Streams / 2]:F2} s (median), {waits[Streams * 99 / 100]:F2} s (p99), {waits[^1]:F2} s (last)"));
            return new Goal("events-memory-mb", usage.PeakMegabytes, 1000);
        }
        finally
        {
            foreach (var stream in streams) if (stream is not null) await stream.DisposeAsync();
        }
    }

    private static async Task<long> HearAsync(CrowdConnection stream, string what, CancellationToken cancellationToken)
    {
        var said = "";
        while (!said.Contains(what, StringComparison.Ordinal))
        {
            var more = await stream.ReadEventsAsync(cancellationToken);
            if (more.Length == 0) throw new InvalidOperationException("a stream ended");
            said += more;
        }
        return Stopwatch.GetTimestamp();
    }
}
