using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using BlockList.Tools.Complaining;
using BlockList.Tools.Deployments;
using BlockList.Tools.Development;

namespace BlockList.Tools.Benchmarks;

/// <summary>
/// 10,000 hostile complaints within a minute, people who mean it among them, and an officer who is to see the one that matters. The attacker has done all that the site asks: every
/// form is filled in, and the work is done beforehand. Limits of networks are off, as if each complaint came from a network of its
/// own, and the work is cheap, as it is to whoever has many machines.
/// </summary>
internal static class FloodBench
{
    private const int Hostile = 10_000;
    private const int PreparedAtOnce = 16;
    private const double Seconds = 60;

    public static async Task<int> RunAsync(string checkout, CancellationToken cancellationToken)
    {
        using var state = StateDirectory.Temporary();
        await using var installation = await DemoInstallation.StartAsync(state, new ClusterOptions { AlwaysPrivate = true }, preferUsualPorts: false, Console.Error.WriteLine, cancellationToken);
        var deployment = installation.Deployment;
        var list = new FilledList(installation, DevelopmentKeys.WorstOf);
        await list.DecideAsync([DemoList.Followed], cancellationToken);
        await list.PublishAsync(cancellationToken);
        await deployment.ReconfigureAsync("portal", "\n[Complaints]\nWorkBits = 8\n", cancellationToken);
        using var portal = new HttpClient { BaseAddress = new Uri(deployment.PortalAddress), Timeout = TimeSpan.FromMinutes(2) };
        var quiet = await ComplainAsync(portal, "quiet.example", cancellationToken);
        var ready = await PrepareAsync(portal, cancellationToken);
        var process = deployment.Roles.Single(role => role.Name == "portal").ProcessId;
        var before = ResidentMegabytes(process);

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var honest = HonestAsync(portal, over.Token);
        // In the middle of them somebody whose domain is on the list.
        var innocent = new Complainant(portal, "es");
        var seen = SeenAfterAsync(deployment, innocent, cancellationToken);
        var (sent, took) = await SendAsync(portal, ready, cancellationToken);
        await over.CancelAsync();
        var waits = await honest;
        var most = ResidentMegabytes(process, highest: true);

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sent,10:N0}  hostile complaints were taken in {took:F1} s, {sent / took * 60:N0} a minute"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{quiet,10:F2}  s for one person's whole complaint before"));
        foreach (var wait in waits) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{wait,10:F2}  s for one person's whole complaint meanwhile"));
        var (untilSeen, rows, page) = await seen;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{untilSeen,10:F1}  s until an officer saw the one about a listed name, among {rows} on the first page"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{page,10:F0}  ms for the page of all open complaints afterwards"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{before,10:N0}  MB of the portal before, {most:N0} MB at most"));
        return Goal.Conclude(
            new Goal("flood-hostile-a-minute", sent / took * 60, Hostile * 0.98, IsFloor: true),
            new Goal("flood-honest-people", waits.Count, 3, IsFloor: true),
            new Goal("flood-honest-seconds-most", waits.Count == 0 ? double.PositiveInfinity : waits.Max(), 10),
            new Goal("flood-seconds-until-seen", untilSeen, 60),
            new Goal("flood-portal-megabytes-most", most, 400));
    }

    /// <summary>Complains about a listed name when half of the flood is there, and waits until it stands on the page that an officer begins with.</summary>
    private static async Task<(double Seconds, int Rows, double PageMilliseconds)> SeenAfterAsync(Deployment deployment, Complainant innocent, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(Seconds / 2), cancellationToken);
        await innocent.ComplainAsync(Answers(DemoList.Followed), cancellationToken);
        var complained = Stopwatch.GetTimestamp();
        using var officer = await PageVisitor.SignInAsync(deployment.CurationAddress, "carlo", cancellationToken);
        while (true)
        {
            var page = await officer.ReadAsync("/cases", cancellationToken);
            if (page.Contains($"id=\"r-{innocent.Reference}\"", StringComparison.Ordinal))
            {
                var seconds = Stopwatch.GetElapsedTime(complained).TotalSeconds;
                return (seconds, page.Split("id=\"r-BL-").Length - 1, await officer.GetAsync("/cases?tab=open", cancellationToken));
            }
            if (Stopwatch.GetElapsedTime(complained) > TimeSpan.FromMinutes(5)) throw new TimeoutException("The officer does not see it within five minutes.");
            await Task.Delay(500, cancellationToken);
        }
    }

    private static async Task<ReadyComplaint[]> PrepareAsync(HttpClient portal, CancellationToken cancellationToken)
    {
        var ready = new ConcurrentBag<ReadyComplaint>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Hostile), new ParallelOptions { MaxDegreeOfParallelism = PreparedAtOnce, CancellationToken = cancellationToken }, async (i, token) =>
        {
            ready.Add(await new Complainant(portal, "en").PrepareAsync(Answers(string.Create(CultureInfo.InvariantCulture, $"flood-{i}.example")), token));
            if (ready.Count % 2000 == 0) await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{ready.Count:N0} hostile complaints are ready"));
        });
        return [.. ready];
    }

    /// <summary>Each at its own moment of the minute, whether or not those before were answered.</summary>
    private static async Task<(int Sent, double Seconds)> SendAsync(HttpClient portal, ReadyComplaint[] ready, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var under = new List<Task<bool>>(ready.Length);
        for (var i = 0; i < ready.Length; i++)
        {
            var due = TimeSpan.FromSeconds(Seconds * i / ready.Length) - Stopwatch.GetElapsedTime(started);
            if (due > TimeSpan.Zero) await Task.Delay(due, cancellationToken);
            under.Add(TrySendAsync(portal, ready[i], cancellationToken));
        }
        var taken = (await Task.WhenAll(under)).Count(isTaken => isTaken);
        return (taken, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static async Task<bool> TrySendAsync(HttpClient portal, ReadyComplaint complaint, CancellationToken cancellationToken)
    {
        try
        {
            await new Complainant(portal, "en").SendAsync(complaint, cancellationToken);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>One person after the other, until the flood is over.</summary>
    private static async Task<List<double>> HonestAsync(HttpClient portal, CancellationToken over)
    {
        var waits = new List<double>();
        while (!over.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(2), over);
                waits.Add(await ComplainAsync(portal, string.Create(CultureInfo.InvariantCulture, $"honest-{waits.Count}.example"), over));
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                // The last one was in the middle of it.
            }
        }
        return waits;
    }

    private static async Task<double> ComplainAsync(HttpClient portal, string domain, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await new Complainant(portal, "fr").ComplainAsync(Answers(domain), cancellationToken);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static Dictionary<string, string> Answers(string domain) => new() { ["party"] = "owner", ["kind"] = "never", ["domain"] = domain, ["text"] = "It was never there." };

    private static double ResidentMegabytes(int process, bool highest = false) =>
        double.Parse(File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(highest ? "VmHWM:" : "VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
}
