using System.Net;
using System.Text.Json;
using Xunit;

namespace BlockList.Server.Tests.Distribution;

/// <summary>What a provider reads of itself with its certificate.</summary>
public sealed class SelfTests(DistributionNode node) : IClassFixture<DistributionNode>, IAsyncLifetime
{
    private readonly CoverageWorld world = new(node.Database);

    public async ValueTask InitializeAsync()
    {
        if (await node.Database.ScalarAsync<long>("select count(*) from publishing.version where list = 'worst-of'") == 0) await world.PublishAsync(1, TimeSpan.FromHours(3));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Provider_reads_its_own_facts_and_no_others()
    {
        using var other = await node.ConnectProviderAsync(DistributionNode.List);
        await CoverageWorld.PostAsync(other, CoverageWorld.Receipt(1, "00000000000000ee"));
        using var own = await node.ConnectProviderAsync(DistributionNode.List);
        await CoverageWorld.PostAsync(own, CoverageWorld.Receipt(1, "00000000000000dd"));

        using var page = await own.GetAsync("/v1/self");
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("text/html", true), (page.Content.Headers.ContentType!.MediaType, page.Headers.CacheControl!.NoStore));
        Assert.Contains("00000000000000dd", html, StringComparison.Ordinal);
        Assert.DoesNotContain("00000000000000ee", html, StringComparison.Ordinal);
        Assert.Contains("days left", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains(own.Sha256[..16], html, StringComparison.Ordinal);
        // The style inside is the only one that the browser goes by.
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains((await node.RowsAsync(own.Sha256)).Select(r => (r.Path, r.Status)), row => row == ("/v1/self", 200));
    }

    [Fact]
    public async Task Json_is_what_the_operators_page_is_made_of()
    {
        using var connection = await node.ConnectProviderAsync(DistributionNode.List, DistributionNode.OtherList);
        await CoverageWorld.PostAsync(connection, CoverageWorld.Receipt(1));

        using var answer = await connection.GetAsync("/v1/self.json");
        var facts = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;

        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        var list = facts.GetProperty("lists").EnumerateArray().Single(l => l.GetProperty("list").GetString() == DistributionNode.List);
        Assert.Equal((1, 1, 0), (list.GetProperty("whole").GetInt32(), list.GetProperty("newest").GetInt32(), list.GetProperty("behind").GetInt32()));
        Assert.Equal("serial", list.GetProperty("resolvers")[0].GetProperty("evidence").GetString());
        Assert.Equal(29, facts.GetProperty("certificates")[0].GetProperty("days_left").GetInt32());
        // One that never came stands there too, with nothing.
        Assert.Equal(2, facts.GetProperty("lists").GetArrayLength());
    }

    [Fact]
    public async Task Certificate_that_is_refused_everywhere_is_refused_here()
    {
        using var connection = await node.ConnectProviderAsync(DistributionNode.List);
        await node.RevokeAsync(connection.Sha256);

        using var answer = await connection.GetAsync("/v1/self");

        Assert.Equal("certificate-revoked", (await ProviderConnection.ProblemAsync(answer, HttpStatusCode.Forbidden)).Code);
    }
}
