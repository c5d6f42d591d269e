using System.Net;
using Xunit;

namespace BlockList.Server.Tests.Distribution;

public sealed class RateLimitTests(DistributionNode node) : IClassFixture<DistributionNode>
{
    private const int PerMinute = 10;

    [Fact]
    public async Task Too_many_requests_of_one_certificate_leave_the_others_alone()
    {
        await using var limited = node.Build(PerMinute);
        await limited.StartAsync(TestContext.Current.CancellationToken);
        var address = DistributionNode.AddressOf(limited);
        var provider = await node.RegisterAsync(DistributionNode.List);
        using var greedy = node.Connect(await node.EnrolAsync(provider), address);
        // The same address and the same provider: only the certificate differs.
        using var modest = node.Connect(await node.EnrolAsync(provider), address);

        for (var i = 0; i < PerMinute; i++)
        {
            using var allowed = await greedy.GetAsync("/v1/whoami");
            Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        }
        using var refused = await greedy.GetAsync("/v1/whoami");
        using var refusedAgain = await greedy.GetAsync("/v1/whoami");
        using var other = await modest.GetAsync("/v1/whoami");

        var (code, detail) = await ProviderConnection.ProblemAsync(refused, HttpStatusCode.TooManyRequests);
        Assert.Equal("rate-limited", code);
        Assert.Contains("10 requests a minute", detail, StringComparison.Ordinal);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(HttpStatusCode.TooManyRequests, refusedAgain.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        // The first of a minute is recorded; a row for each would let a loop at one provider fill the audit.
        Assert.Equal([.. Enumerable.Repeat(200, PerMinute), 429], (await node.RowsAsync(greedy.Sha256)).Select(r => r.Status));
    }
}
