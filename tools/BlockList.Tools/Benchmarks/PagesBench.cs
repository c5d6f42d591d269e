using System.Globalization;
using BlockList.Tools.Development;

namespace BlockList.Tools.Benchmarks;

/// <summary>
/// Server time of every page with 1,000,000 entries, more than 2,000,000 decisions and 10,000,000 audit rows, beside the
/// same with 1,000: two deployments in one run, asked in turns, so that whatever else the machine does meets both.
/// </summary>
internal static class PagesBench
{
    private const int SmallSize = 1_000;
    private const int LargeSize = 1_000_000;

    /// <summary>Another number of entries than a million, for a look at whether every page answers; the goals then say nothing.</summary>
    private const string SizeVariable = "BLOCKLIST_BENCH_ENTRIES";

    /// <summary>As the runbook asks for with so many entries.</summary>
    private const int BufferMegabytes = 2048;

    /// <summary>A probe during which the host took more than this is asked again, and that is said.</summary>
    private const double MostStolen = 0.02;

    private const int Repeats = 5;

    /// <summary>Fewer requests for each page, where there is no time for all: the line of the goals then rests on less.</summary>
    private const string RequestsVariable = "BLOCKLIST_BENCH_REQUESTS";

    private const int WarmUp = 60;
    private const int Requests = 500;
    private const int Downloads = 3;
    private const int Posts = 40;

    public static async Task<int> RunAsync(string checkout, CancellationToken cancellationToken)
    {
        using var state = StateDirectory.Temporary();
        await using var cluster = await PrivateCluster.StartAsync(state, new ClusterOptions { AlwaysPrivate = true, Durable = false, SharedBuffers = BufferMegabytes }, cancellationToken);
        await using var small = await PageDeployment.StartAsync(cluster, "small", SmallSize, Console.Error.WriteLine, cancellationToken);
        var size = int.TryParse(Environment.GetEnvironmentVariable(SizeVariable), CultureInfo.InvariantCulture, out var asked) ? asked : LargeSize;
        await using var large = await PageDeployment.StartAsync(cluster, "large", size, Console.Error.WriteLine, cancellationToken);
        var requests = int.TryParse(Environment.GetEnvironmentVariable(RequestsVariable), CultureInfo.InvariantCulture, out var fewer) ? fewer : Requests;
        Console.WriteLine(PageTimes.Heading);
        var times = new List<PageTimes>();
        // A page that does not answer is said at the end: the others are measured all the same.
        var broken = new List<string>();
        foreach (var probe in PageTable.All)
        {
            try
            {
                times.Add(Shown(await MeasureUndisturbedAsync(probe, small, large, size == LargeSize ? requests : requests / 20, cancellationToken)));
            }
            catch (InvalidOperationException unanswered)
            {
                broken.Add($"{probe.Name}: {unanswered.Message}");
            }
        }
        foreach (var sent in await new PagePosts(small, large).MeasureAsync(Posts, cancellationToken)) Shown(sent);
        if (broken.Count > 0) throw new InvalidOperationException(string.Join(Environment.NewLine, broken));
        var pages = times.Where(t => t.IsPage).ToArray();
        return Goal.Conclude(new Goal("pages-p99-ms", pages.Max(p => PageTimes.Percentile(p.Large, 99)), 100), new Goal("pages-p99-growth", pages.Max(p => p.Growth), 2));
    }

    private static async Task<PageTimes> MeasureUndisturbedAsync(PageProbe probe, PageDeployment small, PageDeployment large, int requests, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var stolen = new StolenTime();
            var measured = await MeasureAsync(probe, small, large, requests, cancellationToken);
            if (stolen.Share <= MostStolen || attempt == Repeats) return measured;
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{probe.Name}: the host took {stolen.Share:P0} of the processors meanwhile; asked again"));
        }
    }

    private static async Task<PageTimes> MeasureAsync(PageProbe probe, PageDeployment small, PageDeployment large, int requests, CancellationToken cancellationToken)
    {
        var (few, many) = (await small.VisitorAsync(probe.Person, cancellationToken), await large.VisitorAsync(probe.Person, cancellationToken));
        var (fast, slow) = (new List<double>(), new List<double>());
        for (var i = -WarmUp; i < requests; i++)
        {
            var place = i + WarmUp;
            // A download is long and shown only.
            if (!probe.IsPage && place >= Downloads) break;
            var first = await few.GetAsync(probe.Address(small.Sample, place), cancellationToken);
            var second = await many.GetAsync(probe.Address(large.Sample, place), cancellationToken);
            if (i < 0 && probe.IsPage) continue;
            fast.Add(first);
            slow.Add(second);
        }
        return new PageTimes(probe.Name, probe.IsPage, fast, slow);
    }

    private static PageTimes Shown(PageTimes times)
    {
        Console.WriteLine(times.Row);
        return times;
    }
}
