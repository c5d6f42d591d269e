using BlockList.Tools.Deployments;
using BlockList.Tools.Development;

namespace BlockList.Tools.Benchmarks;

internal static class PagesBench
{
    public static async Task<int> RunAsync(string checkout, CancellationToken cancellationToken)
    {
        using var state = StateDirectory.Temporary();
        await using var cluster = await PrivateCluster.StartAsync(state, new ClusterOptions { AlwaysPrivate = true, Durable = false }, cancellationToken);
        var size = int.Parse(Environment.GetEnvironmentVariable("BENCH_N") ?? "1000", System.Globalization.CultureInfo.InvariantCulture);
        await using var deployment = await Deployment.PrepareAsync(state, cluster, "large", TimeProvider.System, cancellationToken);
        await new EntryGenerator(deployment, size, TimeProvider.System, Console.Error.WriteLine).RunAsync(cancellationToken);
        await deployment.StartCurationAsync(0, cancellationToken);
        Console.WriteLine(cluster.PsqlCommand("large"));
        Console.WriteLine(deployment.CurationAddress);
        await Task.Delay(-1, cancellationToken);
        return 0;
    }
}
