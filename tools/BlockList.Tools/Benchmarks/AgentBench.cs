using System.Diagnostics;
using System.Globalization;
using System.Net;
using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Rpz;
using BlockList.Tools.Commands;
using BlockList.Tools.Conformance.Repository;
using BlockList.Tools.Conformance.Running;
using BlockList.Tools.Conformance.Serving;
using BlockList.Tools.Development;

namespace BlockList.Tools.Benchmarks;

/// <summary>A list of 1,000,000 names of which 1 % changes: what the agent does to the new version, beside the least that anybody
/// could do to the whole list with the tools of every machine. Then the real agent with a real Unbound, and how fast it says how it stands.</summary>
internal static class AgentBench
{
    private const int Names = 1_000_000;
    private const int Churn = Names / 100;
    private const int Rounds = 5;
    private const int StatusRuns = 11;

    public static async Task<int> RunAsync(string checkout, CancellationToken ct)
    {
        using var state = StateDirectory.Temporary();
        var vector = new Vector(TimeProvider.System);
        var directory = state.Directory("work");
        Lay(directory, vector.Repository);

        var (agent, peer) = await CompareAsync(directory, ct);
        Console.WriteLine(ProcessCost.Heading);
        Console.WriteLine(agent.Row("verify, apply the delta, keep, render, read back"));
        Console.WriteLine(peer.Row("sha256sum and awk write the same zone (peer)"));
        Console.WriteLine();

        var status = await StatusAsync(state, checkout, vector, ct);
        return Goal.Conclude(
            new Goal("agent-million-names-times-awk", agent.Seconds / peer.Seconds, 4),
            new Goal("agent-million-names-peak-mb", agent.PeakMegabytes, 300),
            new Goal("agent-status-cold-ms", status, 150));
    }

    /// <summary>Writes the held list of the first version, and what an agent fetches for the second.</summary>
    private static void Lay(string directory, VectorTree repository)
    {
        var names = SampleNames.Make(Names + Churn / 2);
        repository.Publish([.. names.Take(Names)]);
        Write(AgentWork.HeldFile, repository.ListBytes);
        repository.Publish([.. names.Skip(Churn / 2)]);
        foreach (var (name, path) in (IEnumerable<(string, string)>)
            [("root.json", "tuf/1.root.json"), ("timestamp.json", "tuf/timestamp.json"), ("snapshot.json", "tuf/2.snapshot.json"), ("targets.json", "tuf/2.targets.json")])
            Write(name, repository.Files[path]);
        Write(AgentWork.DeltaFile, repository.Files.Single(f => f.Key.StartsWith("targets/delta/", StringComparison.Ordinal)).Value);
        Write("new-list.txt", repository.ListBytes);

        void Write(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(directory, name), bytes);
    }

    /// <summary>In turns, so that what else the machine does falls on both.</summary>
    private static async Task<(ProcessCost Agent, ProcessCost Peer)> CompareAsync(string directory, CancellationToken ct)
    {
        var (agent, peer) = (new List<ProcessCost>(), new List<ProcessCost>());
        await File.WriteAllTextAsync(Path.Combine(directory, "head"), Head(), ct);
        for (var round = 0; round < Rounds; round++)
        {
            agent.Add(await ProcessCost.MeasureAsync([Environment.ProcessPath!, typeof(AgentBench).Assembly.Location, AgentWorkCommand.Name, directory], directory, ct));
            peer.Add(await ProcessCost.MeasureAsync(["/bin/sh", "-c", Awk], directory, ct));
        }
        (await Subprocess.RunAsync(["/usr/bin/cmp", Path.Combine(directory, AgentWork.ZoneFile), Path.Combine(directory, "peer.rpz")], ct: ct)).Require();
        return (ProcessCost.Median(agent), ProcessCost.Median(peer));
    }

    /// <summary>What a zone has before its first rule.</summary>
    private static string Head()
    {
        using var zone = new MemoryStream();
        RpzZone.Write(zone, ListFile.Empty, Serial.Create(2));
        return System.Text.Encoding.ASCII.GetString(zone.ToArray());
    }

    private const string Awk = """
        export LC_ALL=C
        sha256sum new-list.txt >/dev/null
        { cat head; awk '/^=/ { print substr($0, 2) " CNAME ."; next } { print $0 " CNAME ."; print "*." $0 " CNAME ." }' new-list.txt; } >peer.rpz
        """;

    /// <returns>Milliseconds of the median run.</returns>
    private static async Task<double> StatusAsync(StateDirectory state, string checkout, Vector vector, CancellationToken ct)
    {
        using var pki = new VectorPki(TimeProvider.System);
        await using var authority = await AuthoritativeDns.StartAsync(state, new Dictionary<string, IPAddress> { ["*.example"] = IPAddress.Parse("192.0.2.1") }, ct: ct);
        await using var lane = await Lane.StartAsync(pki, authority, ct);
        var provider = await lane.BeginAsync(vector, await PackagedAgent.UnpackAsync(state, checkout, ct), ct);
        (await provider.EnrolAsync(ct))?.Require();
        var started = Stopwatch.GetTimestamp();
        (await provider.ApplyAsync(ct))?.Require();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"a first install with a real Unbound, seconds",-64}{Stopwatch.GetElapsedTime(started).TotalSeconds,10:F1}"));

        var runs = new List<double>();
        for (var run = 0; run < StatusRuns; run++)
        {
            started = Stopwatch.GetTimestamp();
            (await provider.StatusAsync(ct))?.Require();
            runs.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"status, a new process each time, milliseconds (median)",-64}{PageTimes.Percentile(runs, 50),10:F0}"));
        return PageTimes.Percentile(runs, 50);
    }
}
