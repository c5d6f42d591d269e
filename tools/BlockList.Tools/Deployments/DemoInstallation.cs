using System.Diagnostics;
using System.Globalization;
using BlockList.Tools.Development;

namespace BlockList.Tools.Deployments;

/// <summary>
/// Everything on one machine: PostgreSQL, the operator's roles, an authoritative server for <c>example.</c>, and one
/// provider with a resolver and an agent. Started in this order, stopped in the opposite one.
/// </summary>
internal sealed class DemoInstallation : IAsyncDisposable
{
    public const string Database = "blocklist";
    private const string ProviderName = "demo-isp";
    private readonly Stack<IAsyncDisposable> started = new();

    private DemoInstallation(Action<string> report) => Report = report;

    public Action<string> Report { get; }

    public PrivateCluster Cluster { get; private set; } = null!;

    public AuthoritativeDns Authority { get; private set; } = null!;

    public Deployment Deployment { get; private set; } = null!;

    public DemoProvider Provider { get; private set; } = null!;

    /// <summary>The programs that must go on running.</summary>
    public IEnumerable<ManagedProcess?> Processes => [Cluster.Process, Authority.Process, .. Deployment.Roles, Provider.Resolver.Process];

    /// <param name="state">Where everything lies.</param>
    /// <param name="options">Of the cluster.</param>
    /// <param name="preferUsualPorts">Tries the documented ports first; a test never does.</param>
    /// <param name="report">Told each step with its time.</param>
    /// <param name="cancellationToken">Ends the start; what was started by then is stopped.</param>
    public static async Task<DemoInstallation> StartAsync(StateDirectory state, ClusterOptions options, bool preferUsualPorts, Action<string> report, CancellationToken cancellationToken)
    {
        var installation = new DemoInstallation(report);
        try
        {
            await installation.StartAsync(state, options, preferUsualPorts, cancellationToken);
            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (started.TryPop(out var part)) await part.DisposeAsync();
    }

    private async Task StartAsync(StateDirectory state, ClusterOptions options, bool preferUsualPorts, CancellationToken cancellationToken)
    {
        Cluster = await StepAsync("PostgreSQL runs", () => PrivateCluster.StartAsync(state, options, cancellationToken));
        Authority = await StepAsync("an authoritative server for example. runs", () => AuthoritativeDns.StartAsync(state, DemoList.Zone, preferUsualPorts ? 5301 : 0, cancellationToken));
        Deployment = await StepAsync("the database is migrated; keys, register and roots are made", () => Deployment.PrepareAsync(state, Cluster, Database, TimeProvider.System, cancellationToken));
        await StepAsync("verifier, publisher, distribution, worker, checker, issuer, curation and portal run", async () =>
        {
            await Deployment.StartRolesAsync(preferUsualPorts ? 18443 : 0, preferUsualPorts ? 18080 : 0, preferUsualPorts ? 18084 : 0, cancellationToken);
            return Deployment;
        }, keep: false);
        await StepAsync("the first versions are published", async () =>
        {
            foreach (var list in DevelopmentKeys.Lists) await Deployment.RunAsync("publisher", ["publish", "--list", list], cancellationToken);
            return Deployment;
        }, keep: false);
        Provider = await StepAsync("a provider is enrolled; its resolver runs", () => DemoProvider.EnrolAsync(Deployment, ProviderName, Authority, preferUsualPorts ? 5300 : 0, TimeProvider.System, cancellationToken));
    }

    private async Task<T> StepAsync<T>(string what, Func<Task<T>> run, bool keep = true) where T : IAsyncDisposable
    {
        var clock = Stopwatch.GetTimestamp();
        var part = await run();
        if (keep) started.Push(part);
        Report(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(clock).TotalSeconds,6:F1} s  {what}"));
        return part;
    }
}
