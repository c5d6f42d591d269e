using System.Globalization;
using BlockList.Tools.Development;

namespace BlockList.Tools.Benchmarks;

/// <summary>What one run of a program took, by GNU time: wall clock, processor, and the most memory that it held at once.</summary>
internal sealed record ProcessCost(double Seconds, double ProcessorSeconds, double PeakMegabytes)
{
    private const string Time = "/usr/bin/time";

    public static async Task<ProcessCost> MeasureAsync(IReadOnlyList<string> commandLine, string directory, CancellationToken ct)
    {
        var report = Path.Combine(directory, "cost");
        (await Subprocess.RunAsync([Time, "--format", "%e %U %S %M", "--output", report, .. commandLine], directory, ct: ct)).Require();
        var figures = (await File.ReadAllTextAsync(report, ct)).Trim().Split(' ').Select(f => double.Parse(f, CultureInfo.InvariantCulture)).ToArray();
        return new ProcessCost(figures[0], figures[1] + figures[2], figures[3] * 1024 / 1e6);
    }

    /// <summary>The run that half of the runs were not faster than.</summary>
    public static ProcessCost Median(IReadOnlyCollection<ProcessCost> runs) => runs.OrderBy(r => r.Seconds).ElementAt(runs.Count / 2);

    public string Row(string what) => string.Create(CultureInfo.InvariantCulture, $"{what,-64}{Seconds,10:F2}{ProcessorSeconds,12:F2}{PeakMegabytes,10:F0}");

    public static string Heading { get; } = $"{"median",-64}{"seconds",10}{"processor s",12}{"peak MB",10}";
}
