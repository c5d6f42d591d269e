using BlockList.Tools.Deployments;
using BlockList.Tools.Development;

namespace BlockList.Tools.Benchmarks;

/// <summary>A deployment with so many entries, its curation role, and people who have signed in.</summary>
internal sealed class PageDeployment : IAsyncDisposable
{
    private readonly StateDirectory state = StateDirectory.Temporary();
    private readonly Dictionary<string, PageVisitor> visitors = new(StringComparer.Ordinal);

    public Deployment Deployment { get; private set; } = null!;

    public PageSample Sample { get; private set; } = null!;

    public static async Task<PageDeployment> StartAsync(PrivateCluster cluster, string database, int entries, Action<string> report, CancellationToken cancellationToken)
    {
        var made = new PageDeployment();
        try
        {
            made.Deployment = await Deployment.PrepareAsync(made.state, cluster, database, TimeProvider.System, cancellationToken);
            await new EntryGenerator(made.Deployment, entries, TimeProvider.System, report).RunAsync(cancellationToken);
            await DemoContent.LoadRegisterAsync(made.Deployment, cancellationToken);
            await CoverageGenerator.RunAsync(made.Deployment.SuperuserConnectionString, report, cancellationToken);
            made.Sample = await PageSample.DrawAsync(made.Deployment.SuperuserConnectionString, cancellationToken);
            await made.Deployment.StartCurationAsync(0, cancellationToken);
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    public async Task<PageVisitor> VisitorAsync(string? person, CancellationToken cancellationToken)
    {
        var key = person ?? "";
        if (visitors.TryGetValue(key, out var known)) return known;
        var address = Deployment.CurationAddress;
        return visitors[key] = person is null ? PageVisitor.Anonymous(address) : await PageVisitor.SignInAsync(address, person, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var visitor in visitors.Values) visitor.Dispose();
        if (Deployment is not null) await Deployment.DisposeAsync();
        state.Dispose();
    }
}
