using System.Globalization;

namespace BlockList.Tools.Benchmarks;

/// <summary>What a process and its children have used so far, as Linux counts it (proc_pid_stat(5), proc_pid_status(5)).</summary>
/// <param name="ProcessorSeconds">In user and kernel mode, ended children of the process included.</param>
/// <param name="Megabytes">Of memory that the process itself holds now.</param>
/// <param name="PeakMegabytes">The most that it held since it began, or since <see cref="ForgetPeak"/>.</param>
internal sealed record ProcessUsage(double ProcessorSeconds, double Megabytes, double PeakMegabytes)
{
    private const double TicksPerSecond = 100;

    public static ProcessUsage Of(int process)
    {
        var seconds = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(name => StatOf(name!)).Where(stat => stat is not null && (stat.Process == process || stat.Parent == process)).Sum(stat => stat!.Seconds);
        return new ProcessUsage(seconds, StatusOf(process, "VmRSS:"), StatusOf(process, "VmHWM:"));
    }

    public static void ForgetPeak(int process) => File.WriteAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/clear_refs"), "5");

    private static Stat? StatOf(string process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            // After the name, which may hold anything in its parentheses: state, parent, ..., utime, stime, cutime, cstime.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new Stat(int.Parse(process, CultureInfo.InvariantCulture), int.Parse(fields[1], CultureInfo.InvariantCulture), fields[11..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static double StatusOf(int process, string field)
    {
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status")).Single(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }

    private sealed record Stat(int Process, int Parent, double Seconds);
}
