using System.Diagnostics;
using System.Globalization;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Tools.Deployments;
using BlockList.Tools.Development;

namespace BlockList.Tools.Benchmarks;

/// <summary>
/// How long somebody innocent waits for the providers: from the commit of a removal until each connected agent has verified the version
/// without the name, over real mutual TLS, publisher, verifier and distribution as programs of their own. Agents that only poll are apart:
/// their wait is their interval, and is worked out, not waited for.
/// </summary>
internal static class UnblockBench
{
    private const int Entries = 2_000;
    private const int AtOnce = 64;
    private const string List = DevelopmentKeys.WorstOf;
    private static readonly int[] Crowds = [2_000, 10_000];

    /// <summary>Of an agent that hears no hints, with its fifth of jitter.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMinutes(15);

    public static async Task<int> RunAsync(string checkout, CancellationToken cancellationToken)
    {
        using var state = StateDirectory.Temporary();
        await using var installation = await DemoInstallation.StartAsync(state, new ClusterOptions { AlwaysPrivate = true }, preferUsualPorts: false, Console.Error.WriteLine, cancellationToken);
        var names = await FilledList.MakeAsync(installation, List, Entries, cancellationToken);
        var crowd = await ProviderCrowd.EnrolAsync(installation.Deployment, Crowds[^1], List, cancellationToken);
        var root = await File.ReadAllBytesAsync(installation.Deployment.Keys.RootFile(List), cancellationToken);
        var distribution = installation.Deployment.Roles.Single(role => role.Name == "distribution").ProcessId;

        Console.WriteLine($"{"agents, seconds from the commit",-40}{"p50",8}{"p99",8}{"last",8}{"role CPU s",12}{"generator",11}{"of all CPU",12}");
        var goals = new List<Goal>();
        for (var round = 0; round < Crowds.Length; round++)
        {
            var agents = Enumerable.Range(0, Crowds[round]).Select(i => new SimulatedAgent(crowd, i, List, root)).ToArray();
            var waits = await MeasureAsync(installation, agents, names[round], distribution, cancellationToken);
            goals.Add(new Goal($"unblock-p99-seconds-at-{Crowds[round]}", waits[waits.Length * 99 / 100], Crowds[round] == Crowds[0] ? 10 : 60));
        }
        var polling = PollInterval.TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"polling only, by their interval",-40}{polling / 2,8:F0}{polling * 1.2 * 0.99,8:F0}{polling * 1.2,8:F0}"));
        // Of the larger crowd nothing is promised; it is printed so that it can be seen.
        return Goal.Conclude(goals[..1]);
    }

    private static async Task<double[]> MeasureAsync(DemoInstallation installation, SimulatedAgent[] agents, string name, int distribution, CancellationToken cancellationToken)
    {
        await Parallel.ForEachAsync(agents, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (agent, ct) => await agent.PollAsync(ct));
        var wanted = agents[0].Version + 1;
        var listening = 0;
        var following = new List<Task>(agents.Length);
        // Not all at once: they have been connected for long.
        foreach (var agent in agents)
        {
            var turn = following.Count;
            following.Add(Task.Run(() => agent.FollowAsync(wanted, () => Interlocked.Increment(ref listening), cancellationToken), cancellationToken));
            while (turn - Volatile.Read(ref listening) > AtOnce) await Task.Delay(5, cancellationToken);
        }
        while (Volatile.Read(ref listening) < agents.Length)
        {
            if (following.FirstOrDefault(task => task.IsFaulted) is { } broken) await broken;
            await Task.Delay(50, cancellationToken);
        }
        await using var curation = new InProcess(installation.Deployment);
        _ = DomainName.TryParseCanonical(name, out var parsed);
        var (role, own) = (ProcessUsage.Of(distribution).ProcessorSeconds, ProcessUsage.Of(Environment.ProcessId).ProcessorSeconds);
        await curation.SignAsync(installation.Deployment.Cast["olav"], (prepare, credential) =>
            prepare.ForEntryAsync(DecisionKind.Removal, List, new ListedName(parsed!, Scope.Domain), null, "bench", credential, cancellationToken), cancellationToken);
        var committed = Stopwatch.GetTimestamp();
        await Task.WhenAll(following);
        var took = Stopwatch.GetElapsedTime(committed).TotalSeconds;
        var waits = agents.Select(agent => Stopwatch.GetElapsedTime(committed, agent.VerifiedAt).TotalSeconds).Order().ToArray();
        var (roleSeconds, ownSeconds) = (ProcessUsage.Of(distribution).ProcessorSeconds - role, ProcessUsage.Of(Environment.ProcessId).ProcessorSeconds - own);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{agents.Length + " that listen",-40}{waits[waits.Length / 2],8:F2}{waits[waits.Length * 99 / 100],8:F2}{waits[^1],8:F2}{roleSeconds,12:F1}{ownSeconds,11:F1}{ownSeconds / (took * Environment.ProcessorCount),12:P0}"));
        return waits;
    }
}
