using System.Globalization;
using BlockList.Tools.Benchmarks;
using BlockList.Tools.Conformance.Running;

namespace BlockList.Tools.Faults;

/// <summary>Everything that may go wrong around an agent, with a real Unbound that is asked all the time: at no moment may it
/// let a listed name through. Ends by itself after ten minutes at the latest.</summary>
internal static class AgentChaos
{
    private const int KillsWanted = 500;
    private const int KillingLanes = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(9);

    public static async Task<int> RunAsync(string checkout, CancellationToken ct)
    {
        var clock = TimeProvider.System;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        await using var run = await ConformanceRun.StartAsync(limit.Token);
        var agent = await run.OwnAgentAsync();

        var watched = new List<WatchedProvider>();
        foreach (var lane in run.AllLanes) watched.Add(await WatchedProvider.StartAsync(lane, agent, clock, limit.Token));
        var kills = watched.Take(KillingLanes).Select((provider, lane) => new Kills(provider, KillsWanted / KillingLanes + (lane < KillsWanted % KillingLanes ? 1 : 0), new Findings("kill -9"))).ToArray();
        var (feed, jumps, outage) = (new Findings("feed in trouble"), new Findings("clock a year off"), new Findings("feed down for four months"));
        try
        {
            await Task.WhenAll([.. kills.Select(k => k.RunAsync(limit.Token)), RestAsync(watched[KillingLanes])]);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            Console.WriteLine($"Stopped after {Limit.TotalMinutes} minutes; what was not done by then counts as missing.");
        }
        foreach (var provider in watched) await provider.DisposeAsync();
        return Conclude(kills, [feed, jumps, outage], watched);

        async Task RestAsync(WatchedProvider provider)
        {
            await new FeedTroubles(provider, feed).RunAsync(limit.Token);
            await new ClockJumps(provider, clock, jumps).RunAsync(limit.Token);
            await new LongOutage(provider, clock, outage).RunAsync(limit.Token);
        }
    }

    private static int Conclude(IReadOnlyList<Kills> kills, IReadOnlyList<Findings> others, IReadOnlyList<WatchedProvider> watched)
    {
        Findings[] all = [.. kills.Select(k => k.Findings), .. others];
        foreach (var group in all.GroupBy(f => f.Scenario))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{group.Key,-28}{group.Sum(f => f.Runs),6} runs of the agent  {group.Sum(f => f.Problems.Count),4} problems{(group.Select(f => f.Skipped).FirstOrDefault(s => s is not null) is { } why ? $"  skipped: {why}" : "")}"));
        foreach (var problem in all.SelectMany(f => f.Problems).Take(20)) Console.WriteLine($"  {problem}");
        var probers = watched.Select(w => w.Prober).ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"answers for listed names",-28}{probers.Sum(p => p.Answers),6}, {probers.Sum(p => p.LetThrough)} let through, {probers.Sum(p => p.Unanswered)} questions without an answer"));
        return Goal.Conclude(
            new Goal("agent-chaos-kills-missing", KillsWanted - kills.Sum(k => k.Made), 0),
            new Goal("agent-chaos-problems", all.Sum(f => f.Problems.Count), 0),
            new Goal("agent-chaos-names-let-through", probers.Sum(p => p.LetThrough), 0));
    }
}
