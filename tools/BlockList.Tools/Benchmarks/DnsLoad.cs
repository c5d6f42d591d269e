using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using BlockList.Tools.Development;

namespace BlockList.Tools.Benchmarks;

/// <summary>What dnsperf measured.</summary>
/// <param name="Answers">Queries that were answered.</param>
/// <param name="Lost">Queries that were not, within a minute.</param>
/// <param name="Worst">The longest time to an answer, in milliseconds.</param>
/// <param name="Average">The average.</param>
internal sealed record DnsLoadResult(int Answers, int Lost, double Worst, double Average);

/// <summary>A steady load of queries by dnsperf, from its start until it is told to end.</summary>
internal sealed partial class DnsLoad : IAsyncDisposable
{
    private const int QueriesPerSecond = 1000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Tail = TimeSpan.FromSeconds(2);

    private readonly ManagedProcess process;

    private DnsLoad(ManagedProcess process) => this.process = process;

    /// <param name="state">Holds the queries and the log.</param>
    /// <param name="name">Of the log.</param>
    /// <param name="server">Who is asked.</param>
    /// <param name="names">What is asked for, in turn.</param>
    /// <param name="ct">Ends the start.</param>
    public static async Task<DnsLoad> StartAsync(StateDirectory state, string name, IPEndPoint server, IEnumerable<string> names, CancellationToken ct)
    {
        var queries = state.Write(state.File("queries"), string.Concat(names.Select(n => n + " A\n")));
        string[] command =
        [
            "dnsperf", "-s", server.Address.ToString(), "-p", server.Port.ToString(CultureInfo.InvariantCulture), "-d", queries,
            "-Q", QueriesPerSecond.ToString(CultureInfo.InvariantCulture), "-c", "4", "-t", "60",
        ];
        // Everything once before it counts: what a resolver has to look up first is slow for another reason.
        (await Subprocess.RunAsync([.. command, "-n", "1"], ct: ct)).Require();
        var process = await ManagedProcess.StartAsync(state, new ProgramStart($"dnsperf-{name}", [.. command, "-l", "300"]) { StopSignal = UnixSignal.Interrupt, StopGrace = TimeSpan.FromSeconds(65) }, ct);
        await Task.Delay(WarmUp, ct);
        return new DnsLoad(process);
    }

    /// <summary>Lets what is under way be answered, ends the load and reads what it measured.</summary>
    public async Task<DnsLoadResult> EndAsync(CancellationToken ct)
    {
        await Task.Delay(Tail, ct);
        await process.StopAsync();
        var report = await File.ReadAllTextAsync(process.LogFile, ct);
        double Number(Regex pattern) => pattern.Match(report) is { Success: true } match
            ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw process.Failure("reported nothing that can be read");
        return new DnsLoadResult((int)Number(Completed()), (int)Number(Lost()), Number(Longest()) * 1000, Number(Mean()) * 1000);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    [GeneratedRegex(@"Queries completed:\s+(\d+)")]
    private static partial Regex Completed();

    [GeneratedRegex(@"Queries lost:\s+(\d+)")]
    private static partial Regex Lost();

    [GeneratedRegex(@"Average Latency \(s\):.*max ([\d.]+)\)")]
    private static partial Regex Longest();

    [GeneratedRegex(@"Average Latency \(s\):\s+([\d.]+)")]
    private static partial Regex Mean();
}
