using System.Diagnostics;
using System.Globalization;
using BlockList.Server.Data;
using BlockList.Server.Publishing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BlockList.Tools.Benchmarks;

/// <summary>The process that <c>bench publish</c> measures: a publisher that starts, replays the ledger, and then publishes what was
/// decided meanwhile. It prints <c>NAME SECONDS</c> for each run and each of its steps.</summary>
internal static class PublishWork
{
    public const string Start = "start";
    public const string Run = "run";

    /// <param name="configuration">Of the publisher.</param>
    /// <param name="list">The list.</param>
    /// <param name="cancellationToken">Before the end.</param>
    public static async Task<int> RunAsync(string configuration, string list, CancellationToken cancellationToken)
    {
        var steps = new Dictionary<string, double>(StringComparer.Ordinal);
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PublishTrace.Name,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = step => steps[step.OperationName] = steps.GetValueOrDefault(step.OperationName) + step.Duration.TotalSeconds,
        };
        ActivitySource.AddActivityListener(listener);
        await using var services = Build(configuration);
        var publish = services.GetRequiredService<PublishVersion>();
        await MeasureAsync(Start);
        // Whoever measures decides something now and says so.
        if (await Console.In.ReadLineAsync(cancellationToken) is not null) await MeasureAsync(Run);
        return 0;

        async Task MeasureAsync(string name)
        {
            steps.Clear();
            var (started, allocated, paused, cpu) = (Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes(), GC.GetTotalPauseDuration(), Environment.CpuUsage.TotalTime);
            var outcome = await publish.RunAsync(list, null, cancellationToken);
            Print(name, Stopwatch.GetElapsedTime(started).TotalSeconds);
            foreach (var (step, seconds) in steps) Print($"{name}/{step}", seconds);
            Print($"{name}/garbage collection pauses", (GC.GetTotalPauseDuration() - paused).TotalSeconds);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"# {outcome}; {(Environment.CpuUsage.TotalTime - cpu).TotalSeconds:F1} s of processors, {(GC.GetTotalAllocatedBytes() - allocated) / 1e6:F0} MB allocated, {GC.GetTotalMemory(false) / 1e6:F0} MB in use"));
            Console.WriteLine("done " + name);
        }

        static void Print(string name, double seconds) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}\t{seconds:F4}"));
    }

    private static ServiceProvider Build(string configuration)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddIniFile(configuration).Build());
        services.AddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddBlockListDatabase();
        services.AddPublishing();
        return services.BuildServiceProvider();
    }
}
