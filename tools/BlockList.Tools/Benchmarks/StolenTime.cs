using System.Globalization;

namespace BlockList.Tools.Benchmarks;

/// <summary>How much of this machine's processors its host gave to others meanwhile (proc_stat(5), the eighth figure): what a virtual machine
/// takes for its own slowness is none of it.</summary>
internal sealed class StolenTime
{
    private readonly (long Stolen, long All) began = Read();

    /// <summary>Share since the beginning, from 0 to 1; 0 where the system does not say.</summary>
    public double Share
    {
        get
        {
            var (stolen, all) = Read();
            return all == began.All ? 0 : (double)(stolen - began.Stolen) / (all - began.All);
        }
    }

    private static (long Stolen, long All) Read()
    {
        const string Statistics = "/proc/stat";
        if (!File.Exists(Statistics)) return (0, 0);
        var ticks = File.ReadLines(Statistics).First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(t => long.Parse(t, CultureInfo.InvariantCulture)).ToArray();
        return (ticks[7], ticks[..8].Sum());
    }
}
