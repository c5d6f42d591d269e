using System.Diagnostics;
using System.Globalization;
using BlockList.Tools.Deployments;
using BlockList.Tools.Development;

namespace BlockList.Tools.Benchmarks;

/// <summary>100,000 rows staged by <c>blocklist import</c>, every row checked; beside it <c>psql \copy</c> of the same file
/// into a bare table, which checks nothing.</summary>
internal static class ImportBench
{
    private const int Rows = 100_000;

    public static async Task<int> RunAsync(string checkout, CancellationToken cancellationToken)
    {
        using var state = StateDirectory.Temporary();
        await using var cluster = await PrivateCluster.StartAsync(state, new ClusterOptions { AlwaysPrivate = true }, cancellationToken);
        await using var deployment = await Deployment.PrepareAsync(state, cluster, DemoInstallation.Database, TimeProvider.System, cancellationToken);
        var file = state.Write(state.File("rows.csv"), DemoList.Csv(SampleNames.Make(Rows).Select((n, i) => (n, i % 10 == 0 ? "host" : "domain")), TimeProvider.System.GetUtcNow().AddDays(-1)));

        var dryRun = await MeasureAsync(state, deployment.Programs.Server("import", file, "--list", DevelopmentKeys.WorstOf, "--person", "anna", "--dry-run", "--config", deployment.ConfigurationOf("curation")), cancellationToken);
        var staged = await MeasureAsync(state, deployment.Programs.Server("import", file, "--list", DevelopmentKeys.WorstOf, "--person", "anna", "--config", deployment.ConfigurationOf("curation")), cancellationToken);
        var peer = await PeerAsync(state, cluster, file, cancellationToken);

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"100,000 rows",-28}{"seconds",10}{"peak MB",10}"));
        foreach (var (name, figure) in new[] { ("dry run", dryRun), ("staged", staged), (@"psql \copy, unchecked (peer)", peer) })
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-28}{figure.Seconds,10:F1}{figure.Megabytes,10:F0}"));
        return Goal.Conclude(new Goal("import-seconds", staged.Seconds, 20), new Goal("import-peak-mb", staged.Megabytes, 300));
    }

    private static async Task<(double Seconds, double Megabytes)> PeerAsync(StateDirectory state, PrivateCluster cluster, string file, CancellationToken cancellationToken)
    {
        var script = state.Write(state.File("peer.sql"), $"create temp table peer (domain text, scope text, sighted_at timestamptz, c1 text, c2 text, c3 text, reference text, note text);\n\\copy peer from '{file}' csv header\n");
        return await MeasureAsync(state, ["/bin/sh", "-c", cluster.PsqlCommand(DemoInstallation.Database) + $" -q -v ON_ERROR_STOP=1 -f {script}"], cancellationToken);
    }

    /// <summary>Wall time, and the largest resident size of the program (GNU time).</summary>
    private static async Task<(double Seconds, double Megabytes)> MeasureAsync(StateDirectory state, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var result = (await Subprocess.RunAsync(state.User.Wrap(["/usr/bin/time", "--format=peak %M", .. command]), state.Root, ct: cancellationToken)).Require();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var peak = result.Errors.Split('\n').Last(line => line.StartsWith("peak ", StringComparison.Ordinal));
        return (seconds, double.Parse(peak["peak ".Length..], CultureInfo.InvariantCulture) / 1024);
    }
}
