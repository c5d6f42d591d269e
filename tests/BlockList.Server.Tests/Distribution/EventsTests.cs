using System.Net;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace BlockList.Server.Tests.Distribution;

/// <summary>Hints of new versions, from a node that learns of them by the database alone.</summary>
public sealed class EventsTests(DistributionNode node) : IClassFixture<DistributionNode>
{
    /// <summary>A node never goes back, so every test publishes above the one before it.</summary>
    private static int serial = 1000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_newest_version_comes_at_once_and_each_newer_one_when_it_is_published()
    {
        using var provider = await node.ConnectProviderAsync(DistributionNode.List);
        var first = serial += 10;
        await node.PublishHeadAsync(first);
        using var stream = await EventReader.OpenAsync(provider, DistributionNode.List);

        await stream.UntilAsync(Data(first, false));
        await node.PublishHeadAsync(first + 1, urgent: true);
        await stream.UntilAsync(Data(first + 1, true));
        // Signed anew, and no news.
        await node.PublishHeadAsync(first + 1, targetsVersion: first + 5);
        await node.PublishHeadAsync(first + 2);
        await stream.UntilAsync(Data(first + 2, false));

        // Before them may come what the node knew last.
        Assert.Equal([Data(first, false), Data(first + 1, true), Data(first + 2, false)], stream.Lines.Where(line => line.StartsWith("data:", StringComparison.Ordinal)).TakeLast(3));
        Assert.All(stream.Lines, line => Assert.Matches("^(event: version|data: \\{\"version\":[0-9]+,\"urgent\":(true|false)\\}|: here|)$", line));
        Assert.Equal(("events", 200), Assert.Single((await node.RowsAsync(provider.Sha256)).Select(r => (r.Path, r.Status))));
    }

    [Fact]
    public async Task A_list_that_is_not_granted_has_no_events()
    {
        using var provider = await node.ConnectProviderAsync(DistributionNode.OtherList);

        using var response = await provider.GetAsync($"/v1/{DistributionNode.List}/events");

        Assert.Equal("list-not-granted", (await ProviderConnection.ProblemAsync(response)).Code);
    }

    [Fact]
    public async Task A_revoked_certificate_hears_of_no_further_version()
    {
        using var provider = await node.ConnectProviderAsync(DistributionNode.List);
        using var other = await node.ConnectProviderAsync(DistributionNode.List);
        var before = serial += 10;
        await node.PublishHeadAsync(before);
        using var stream = await EventReader.OpenAsync(provider, DistributionNode.List);
        using var still = await EventReader.OpenAsync(other, DistributionNode.List);
        await stream.UntilAsync(Data(before, false));

        await node.RevokeAsync(provider.Sha256);
        await node.PublishHeadAsync(before + 1);
        await still.UntilAsync(Data(before + 1, false));
        await stream.EndAsync();

        Assert.DoesNotContain(Data(before + 1, false), stream.Lines);
        var rows = await node.RowsAsync(provider.Sha256);
        Assert.Equal([(200, null), (403, "certificate-revoked")], rows.Select(r => (r.Status, r.Refusal)));
    }

    [Fact]
    public async Task One_certificate_may_have_so_many_streams_and_a_closed_one_makes_room()
    {
        await using var limited = await StartAsync(new() { ["Distribution:StreamsPerCertificate"] = "2" });
        var provider = await node.RegisterAsync(DistributionNode.List);
        using var certificate = await node.EnrolAsync(provider);
        var address = DistributionNode.AddressOf(limited);
        using var first = node.Connect(certificate, address);
        using var second = node.Connect(certificate, address);
        using var third = node.Connect(certificate, address);
        using var other = node.Connect(await node.EnrolAsync(provider), address);
        using var kept = await EventReader.OpenAsync(first, DistributionNode.List);
        var closed = await EventReader.OpenAsync(second, DistributionNode.List);

        using (var refused = await third.GetAsync($"/v1/{DistributionNode.List}/events"))
        {
            Assert.Equal("streams-limited", (await ProviderConnection.ProblemAsync(refused, HttpStatusCode.TooManyRequests)).Code);
            Assert.NotNull(refused.Headers.RetryAfter);
        }
        using var elsewhere = await EventReader.OpenAsync(other, DistributionNode.List);
        closed.Dispose();
        second.Dispose();

        // The node notices a closed connection by itself; until then it is counted.
        while (true)
        {
            using var again = await third.SendHeadersAsync($"/v1/{DistributionNode.List}/events");
            if (again.StatusCode == HttpStatusCode.OK) return;
            await Task.Delay(20, Ct);
        }
    }

    [Fact]
    public async Task A_node_that_ends_ends_its_streams_in_order_and_waits_for_nobody()
    {
        var ending = await StartAsync([]);
        using var provider = node.Connect(await node.EnrolAsync(await node.RegisterAsync(DistributionNode.List)), DistributionNode.AddressOf(ending));
        using var stream = await EventReader.OpenAsync(provider, DistributionNode.List);
        await stream.UntilAsync(": here");

        await ending.StopAsync(Ct);

        // An answer cut off in the middle would be an exception here.
        await stream.EndAsync();
        await ending.DisposeAsync();
    }

    private static string Data(int version, bool urgent) => $"data: {{\"version\":{version},\"urgent\":{(urgent ? "true" : "false")}}}";

    private async Task<WebApplication> StartAsync(Dictionary<string, string?> changes)
    {
        var application = node.Build(100_000, changes);
        await application.StartAsync(Ct);
        return application;
    }
}
