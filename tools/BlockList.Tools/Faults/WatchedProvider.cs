using System.Globalization;
using BlockList.Tools.Conformance;
using BlockList.Tools.Conformance.Repository;
using BlockList.Tools.Conformance.Running;
using BlockList.Tools.Conformance.Serving;
using BlockList.Tools.Development;

namespace BlockList.Tools.Faults;

/// <summary>A provider whose resolver is asked all the time for the names that every version lists.</summary>
internal sealed class WatchedProvider : IAsyncDisposable
{
    private const int Done = 0;

    /// <summary>As the publisher keeps them.</summary>
    private const int DeltasKept = 10;

    private readonly Lane lane;
    private readonly Vector vector;
    private NamedList newest = NamedList.First;
    private int published = 1;

    private WatchedProvider(Lane lane, Vector vector, Provider provider, Prober prober)
    {
        this.lane = lane;
        this.vector = vector;
        Provider = provider;
        Prober = prober;
    }

    public Provider Provider { get; }

    public Prober Prober { get; }

    public Vector Vector => vector;

    /// <summary>Enrols, puts a first version in force, and begins to ask.</summary>
    public static async Task<WatchedProvider> StartAsync(Lane lane, AgentCommand agent, TimeProvider clock, CancellationToken ct)
    {
        var vector = new Vector(clock);
        vector.Repository.DeltasKept = DeltasKept;
        vector.Repository.Publish(NamedList.First.Entries);
        var provider = await lane.BeginAsync(vector, agent, ct);
        Require(await provider.EnrolAsync(ct));
        Require(await provider.ApplyAsync(ct));
        return new WatchedProvider(lane, vector, provider, new Prober(lane.Resolver, [.. NamedList.First.Entries.Select(e => e.TrimStart('='))]));
    }

    /// <summary>Publishes a version that has one name which the one before has not, and lacks the one that that one had.</summary>
    public void PublishNext(bool withNewKey = false)
    {
        if (withNewKey)
        {
            vector.Repository.Timestamp.Keys = [new SigningKey()];
            vector.Repository.SignRoot();
        }
        published++;
        newest = new NamedList("newest", [.. NamedList.First.Entries, string.Create(CultureInfo.InvariantCulture, $"passing-{published}.example")]);
        vector.Repository.Publish(newest.Entries);
    }

    /// <summary>Runs the agent without trouble.</summary>
    /// <returns>What is wrong afterwards; nothing where it ended well and the newest version is in force, whole and alone.</returns>
    public async Task<IReadOnlyList<string>> RecoverAsync(CancellationToken ct)
    {
        var run = await Provider.ApplyAsync(ct);
        var passed = new NamedList("passed", [.. Enumerable.Range(Math.Max(1, published - 5), 5).Select(i => string.Create(CultureInfo.InvariantCulture, $"passing-{i}.example"))]);
        var differences = await InForce.DifferencesAsync(lane.Resolver, newest, [passed], ct);
        return run is { ExitCode: Done } ? differences : [$"the agent ended with {run?.ExitCode}: {run?.Errors.Trim()}", .. differences];
    }

    public async ValueTask DisposeAsync() => await Prober.DisposeAsync();

    private static void Require(SubprocessResult? result) =>
        (result ?? throw new InvalidOperationException("The agent did not end when nothing was wrong.")).Require();
}
