using System.Diagnostics;
using System.Globalization;
using BlockList.Tools.Deployments;
using BlockList.Tools.Development;

namespace BlockList.Tools.Benchmarks;

/// <summary>A file of 100,000 names through the pages of the curation role, as a curator does it: uploaded and checked,
/// signed, looked at, taken back. The goals are of a machine with two cores and nothing else to do.</summary>
internal static class ImportPagesBench
{
    private const int Rows = 100_000;

    public static async Task<int> RunAsync(string checkout, CancellationToken cancellationToken)
    {
        using var state = StateDirectory.Temporary();
        await using var cluster = await PrivateCluster.StartAsync(state, new ClusterOptions { AlwaysPrivate = true }, cancellationToken);
        await using var deployment = await Deployment.PrepareAsync(state, cluster, DemoInstallation.Database, TimeProvider.System, cancellationToken);
        var file = state.Write(state.File("rows.csv"), DemoList.Csv(SampleNames.Make(Rows).Select((n, i) => (n, i % 10 == 0 ? "host" : "domain")), TimeProvider.System.GetUtcNow().AddDays(-1)));
        var role = await deployment.StartCurationAsync(0, cancellationToken);
        using var anna = await PageVisitor.SignInAsync(deployment.CurationAddress, "anna", cancellationToken);
        var (memory, idle) = (new List<double>(), PeakOf(role));

        var began = Stopwatch.GetTimestamp();
        var import = await anna.UploadAsync("/imports/new", file, [("list", DevelopmentKeys.WorstOf)], cancellationToken);
        var answered = Elapsed(began);
        var staged = await WaitAsync(anna, import, "to be signed", began, cancellationToken);
        memory.Add(PeakOf(role));
        var committed = await DecideAsync(anna, import, "commit", [], "names proposed", cancellationToken);
        memory.Add(PeakOf(role));
        var page = await anna.GetAsync(import, cancellationToken);
        var found = await anna.GetAsync(import + "?q=zzz", cancellationToken);
        var preview = await anna.GetAsync(import + "/revert", cancellationToken);
        var reverted = await DecideAsync(anna, import, "revert", [("reason", "measured")], "Taken back:", cancellationToken);
        memory.Add(PeakOf(role));

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"100,000 rows through the pages",-44}{"seconds",10}{"peak MB",10}"));
        foreach (var (name, seconds, peak) in new[] { ("role, idle", 0, idle), ("upload answered", answered, 0), ("checked and staged", staged, memory[0]), ("signed and proposed", committed, memory[1]),
            ("page of the import", page / 1000, 0), ("page, rows with a rare part of a name", found / 1000, 0), ("preview of taking it back", preview / 1000, 0), ("taken back", reverted, memory[2]) })
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-44}{seconds,10:F2}{(peak > 0 ? peak.ToString("F0", CultureInfo.InvariantCulture) : ""),10}"));
        return Goal.Conclude(new Goal("import-page-answer-seconds", answered, 2), new Goal("import-page-staged-seconds", staged, 20), new Goal("import-page-committed-seconds", committed, 60), new Goal("import-page-peak-mb", memory[^1], 1024));
    }

    private static async Task<double> DecideAsync(PageVisitor person, string import, string what, (string Name, string Value)[] fields, string until, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        await person.PostAsync($"{import}/{what}", [("confirm", Rows.ToString(CultureInfo.InvariantCulture)), .. fields], cancellationToken);
        return await WaitAsync(person, import, until, began, cancellationToken);
    }

    /// <summary>Looks at the page again, as often as its own script does.</summary>
    private static async Task<double> WaitAsync(PageVisitor person, string import, string state, long began, CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await person.ReadAsync(import, cancellationToken);
            if (page.Contains("The last step did not come to its end", StringComparison.Ordinal)) throw new InvalidOperationException("The work on the import broke.");
            if (!page.Contains("<progress", StringComparison.Ordinal) && page.Contains(state, StringComparison.Ordinal)) return Elapsed(began);
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }

    private static double Elapsed(long began) => Stopwatch.GetElapsedTime(began).TotalSeconds;

    /// <summary>The largest resident size of the process until now, in megabytes.</summary>
    private static double PeakOf(ManagedProcess process) => double.Parse(
        File.ReadLines($"/proc/{process.ProcessId}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
}
