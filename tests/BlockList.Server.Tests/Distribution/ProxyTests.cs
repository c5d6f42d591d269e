using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using BlockList.Server.Distribution;
using BlockList.Server.Http.ClientCertificates;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace BlockList.Server.Tests.Distribution;

/// <summary>A node behind proxies that the operator named: each request is of the provider whose certificate the proxy hands on (RFC 9440).</summary>
public sealed class ProxyTests(DistributionNode node) : IClassFixture<DistributionNode>, IAsyncLifetime
{
    private readonly X509Certificate2 own = node.Servers.Issue("proxy");
    private WebApplication role = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        role = node.Build(100_000, new Dictionary<string, string?> { ["Distribution:Proxies"] = node.Write("proxies.pem", own.ExportCertificatePem()) });
        await role.StartAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await role.DisposeAsync();
        own.Dispose();
    }

    [Fact]
    public async Task Providers_behind_a_real_proxy_are_told_apart_and_hear_hints_at_once()
    {
        await using var proxy = await HaProxy.StartAsync(node, DistributionNode.AddressOf(role), own);
        var (first, second) = (await node.EnrolAsync(await node.RegisterAsync(DistributionNode.List)), await node.EnrolAsync(await node.RegisterAsync(DistributionNode.OtherList)));
        await node.PublishHeadAsync(500);
        using var one = node.Connect(first, proxy.Address);
        using var other = node.Connect(second, proxy.Address);

        using var stream = await EventReader.OpenAsync(one, DistributionNode.List);
        await stream.UntilAsync("data: {\"version\":500,\"urgent\":false}");
        await node.PublishHeadAsync(501, urgent: true);
        await stream.UntilAsync("data: {\"version\":501,\"urgent\":true}");

        Assert.Equal("list-not-granted", (await ProviderConnection.ProblemAsync(await other.GetAsync($"/v1/{DistributionNode.List}/tuf/timestamp.json"))).Code);
        // What a provider itself says there is not what the proxy says.
        using var liar = node.Connect(second, proxy.Address);
        Assert.Equal(DistributionNode.OtherList, await ListsAsync(liar, Forwarded(first)));
        Assert.Equal(("events", 200), Assert.Single((await node.RowsAsync(ClientCertificate.Sha256(first))).Select(row => (row.Path, row.Status))));
        await node.RevokeAsync(ClientCertificate.Sha256(second));
        Assert.Equal("certificate-revoked", (await ProviderConnection.ProblemAsync(await other.GetAsync("/v1/whoami"))).Code);
    }

    [Fact]
    public async Task Expired_certificate_behind_a_real_proxy_is_told_so()
    {
        await using var proxy = await HaProxy.StartAsync(node, DistributionNode.AddressOf(role), own);
        var (now, provider) = (node.Clock.GetUtcNow(), await node.RegisterAsync(DistributionNode.List));
        node.Clock.Offset = TimeSpan.FromDays(-20);
        using var expired = await node.EnrolAsync(provider, node.Clients.Issue("old", from: now.AddDays(-30), until: now.AddDays(-10)));
        node.Clock.Offset = TimeSpan.Zero;
        using var connection = node.Connect(expired, proxy.Address);

        Assert.Equal("certificate-expired", (await ProviderConnection.ProblemAsync(await connection.GetAsync($"/v1/{DistributionNode.List}/tuf/timestamp.json"))).Code);
    }

    [Fact]
    public async Task Proxy_itself_reads_nothing()
    {
        using var connection = Connect(own);

        var (code, detail) = await ProviderConnection.ProblemAsync(await connection.GetAsync("/v1/whoami"));

        Assert.Equal("certificate-not-forwarded", code);
        Assert.Contains("one Client-Cert header", detail, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Unfit => new()
    {
        { "of nobody", "is no certificate" },
        { "::", "is no certificate" },
        { ":AAAA:", "is no certificate" },
        { "without colons", "is no certificate" },
        { "two", "is no certificate" },
        { "another authority", "none of this authority's" },
        { "for servers", "none of this authority's" },
        { "authority itself", "none of this authority's" },
        { "chain", "none of this authority's" },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public async Task What_is_no_certificate_of_a_provider_is_refused(string what, string said)
    {
        using var strangers = new TestAuthority("strangers");
        using var below = node.Clients.IssueAuthority("below");
        using var good = await node.EnrolAsync(await node.RegisterAsync(DistributionNode.List));
        string[] headers = what switch
        {
            "of nobody" => ["nonsense"],
            "without colons" => [Forwarded(good).Trim(':')],
            "two" => [Forwarded(good), Forwarded(good)],
            "another authority" => [Forwarded(strangers.Issue("stranger"))],
            "for servers" => [Forwarded(node.Clients.Issue("server", TestAuthority.ForServers))],
            "authority itself" => [Forwarded(node.Clients.Certificate)],
            "chain" => [Forwarded(below.Issue("grandchild"))],
            _ => [what],
        };
        using var connection = Connect(own);

        var (code, detail) = await ProviderConnection.ProblemAsync(await connection.SendAsync(HttpMethod.Get, "/v1/whoami", headers: [.. headers.Select(header => (ForwardedCertificates.Header, header))]));

        Assert.Equal("certificate-not-forwarded", code);
        Assert.Contains(said, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Provider_that_connects_itself_is_not_believed_to_be_another()
    {
        var (thief, victim) = (await node.EnrolAsync(await node.RegisterAsync(DistributionNode.OtherList)), await node.EnrolAsync(await node.RegisterAsync(DistributionNode.List)));
        using var connection = Connect(thief);

        Assert.Equal(DistributionNode.OtherList, await ListsAsync(connection, Forwarded(victim)));
        Assert.Empty(await node.RowsAsync(ClientCertificate.Sha256(victim)));
    }

    [Fact]
    public async Task Proxy_that_was_not_named_is_not_let_in()
    {
        using var unnamed = node.Servers.Issue("another proxy");
        using var connection = Connect(unnamed);

        await Assert.ThrowsAsync<HttpRequestException>(() => connection.GetAsync("/v1/whoami"));
    }

    private ProviderConnection Connect(X509Certificate2 certificate) => node.Connect(certificate, DistributionNode.AddressOf(role));

    private static string Forwarded(X509Certificate2 certificate) => $":{Convert.ToBase64String(certificate.RawData)}:";

    private static async Task<string> ListsAsync(ProviderConnection connection, string header)
    {
        using var response = await connection.SendAsync(HttpMethod.Get, "/v1/whoami", headers: [(ForwardedCertificates.Header, header)]);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(Ct)).RootElement.GetProperty("lists")[0].GetString()!;
    }
}
