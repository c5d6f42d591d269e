using BlockList.Tools.Deployments;
using Xunit;

namespace BlockList.Scenarios;

public sealed class JourneyTests(Installation installation)
{
    [Fact]
    public async Task One_domain_resolves_is_listed_and_blocked_and_resolves_again()
    {
        var steps = new List<string>();
        await new Journey(installation.Deployment, installation.Provider, TimeProvider.System, steps.Add).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(16, steps.Count);
    }
}
