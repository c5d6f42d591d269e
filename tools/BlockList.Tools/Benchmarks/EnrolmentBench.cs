using BlockList.Tools.Deployments;
using BlockList.Tools.Development;

namespace BlockList.Tools.Benchmarks;

/// <summary>From a provider that nobody knows to a resolver that blocks, by a code: how many steps each side takes, and how long the machines
/// need. What people read and talk in between comes on top.</summary>
internal static class EnrolmentBench
{
    private const double MostMinutes = 5;
    private const int MostStepsOfProvider = 3;

    public static async Task<int> RunAsync(string checkout, CancellationToken cancellationToken)
    {
        using var state = StateDirectory.Temporary();
        await using var installation = await DemoInstallation.StartAsync(state, new ClusterOptions { Durable = false, AlwaysPrivate = true }, preferUsualPorts: false, _ => { }, cancellationToken);
        await using var provider = await NewProvider.StartAsync(installation.Deployment, installation.Authority, "bench-isp", cancellationToken);
        var journey = new EnrolmentJourney(installation.Deployment, provider, Console.WriteLine);
        await journey.RunAsync(cancellationToken);
        return Goal.Conclude(new Goal("enrolment-minutes", journey.Took.TotalMinutes, MostMinutes), new Goal("enrolment-provider-steps", journey.ProviderSteps, MostStepsOfProvider));
    }
}
