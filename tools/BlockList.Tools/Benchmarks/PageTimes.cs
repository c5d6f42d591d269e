using System.Globalization;

namespace BlockList.Tools.Benchmarks;

/// <summary>The times of one page at two sizes, in milliseconds.</summary>
/// <param name="IsPage">Of what the goals speak; downloads and forms that are sent are shown only.</param>
internal sealed record PageTimes(string Name, bool IsPage, IReadOnlyList<double> Small, IReadOnlyList<double> Large)
{
    public double Growth => Percentile(Large, 99) / Percentile(Small, 99);

    /// <summary>The smallest measured time that so many of a hundred did not exceed.</summary>
    public static double Percentile(IReadOnlyList<double> times, int percent)
    {
        var sorted = times.Order().ToArray();
        return sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * percent / 100.0) - 1)];
    }

    public static string Heading => string.Create(CultureInfo.InvariantCulture, $"{"milliseconds",-58}{"requests",9}{"p50 small",11}{"p99 small",11}{"p50 large",11}{"p99 large",11}{"growth",9}");

    public string Row => string.Create(CultureInfo.InvariantCulture,
        $"{(IsPage ? "" : "(") + Name + (IsPage ? "" : ")"),-58}{Large.Count,9}{Percentile(Small, 50),11:F1}{Percentile(Small, 99),11:F1}{Percentile(Large, 50),11:F1}{Percentile(Large, 99),11:F1}{Growth,9:F2}");
}
