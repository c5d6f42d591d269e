using System.Diagnostics;
using System.Net;

namespace BlockList.Tools.Development;

/// <summary>
/// What a whole BlockList stands on while it is developed: the cluster, the certificates, the authoritative server for
/// <c>example.</c> and a provider's resolver. Started in this order and stopped in the opposite one.
/// </summary>
internal sealed class DevelopmentFloor : IAsyncDisposable
{
    private const int PreferredAuthoritativePort = 5301;
    private const int PreferredResolverPort = 5300;

    private DevelopmentFloor(StateDirectory state, PrivateCluster cluster, DevelopmentPki pki, AuthoritativeDns authoritative, UnboundResolver resolver)
    {
        State = state;
        Cluster = cluster;
        Pki = pki;
        Authoritative = authoritative;
        Resolver = resolver;
    }

    public StateDirectory State { get; }

    public PrivateCluster Cluster { get; }

    public DevelopmentPki Pki { get; }

    public AuthoritativeDns Authoritative { get; }

    public UnboundResolver Resolver { get; }

    /// <summary>The programs that must go on running.</summary>
    public IEnumerable<ManagedProcess?> Processes => [Cluster.Process, Authoritative.Process, Resolver.Process];

    /// <param name="state">Where everything lies.</param>
    /// <param name="names">What the authoritative server knows.</param>
    /// <param name="zones">The resolver's policy zones.</param>
    /// <param name="report">Told each step and how long it took.</param>
    /// <param name="ct">Ends the start; what was started by then is stopped.</param>
    public static async Task<DevelopmentFloor> StartAsync(
        StateDirectory state,
        IReadOnlyDictionary<string, IPAddress> names,
        IReadOnlyList<PolicyZone> zones,
        Action<string, TimeSpan> report,
        CancellationToken ct)
    {
        var started = new Stack<IAsyncDisposable>();
        try
        {
            var cluster = await TimedAsync("PostgreSQL cluster", () => PrivateCluster.StartAsync(state, new ClusterOptions(), ct));
            var pki = await TimedAsync("certificates", () => Task.FromResult(DevelopmentPki.Open(state, [], TimeProvider.System)), keep: false);
            var authoritative = await TimedAsync("authoritative server", () => AuthoritativeDns.StartAsync(state, names, PreferredAuthoritativePort, ct));
            var resolver = await TimedAsync("resolver", () => UnboundResolver.StartAsync(state, authoritative.Address, zones, PreferredResolverPort, ct));
            return new DevelopmentFloor(state, cluster, pki, authoritative, resolver);
        }
        catch
        {
            while (started.TryPop(out var part))
                await part.DisposeAsync();
            throw;
        }

        async Task<T> TimedAsync<T>(string step, Func<Task<T>> startAsync, bool keep = true)
        {
            var clock = Stopwatch.StartNew();
            var part = await startAsync();
            if (keep)
                started.Push((IAsyncDisposable)part!);
            report(step, clock.Elapsed);
            return part;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Resolver.DisposeAsync();
        await Authoritative.DisposeAsync();
        Pki.Dispose();
        await Cluster.DisposeAsync();
    }
}
