using System.Net;
using BlockList.Server.Http.ClientCertificates;
using BlockList.Server.Providers;
using BlockList.Server.Tests.Database;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Distribution;

/// <summary>A connection outlives every decision about its certificate; the next request on it does not.</summary>
public sealed class RefusalTests(DistributionNode node) : IClassFixture<DistributionNode>, IAsyncLifetime
{
    private const string Timestamp = "/v1/worst-of/tuf/timestamp.json";

    public async ValueTask InitializeAsync() => await node.PublishTimestampAsync(1, "{}"u8.ToArray());

    public ValueTask DisposeAsync()
    {
        node.Clock.Offset = TimeSpan.Zero;
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Certificate_that_nobody_enrolled_is_unknown_until_somebody_does()
    {
        var provider = await node.RegisterAsync(DistributionNode.List);
        using var connection = node.Connect(node.Clients.Issue("newcomer"));

        await RefusedAsync(connection, "certificate-unknown", connection.Sha256);
        await node.EnrolAsync(provider, connection.Certificate);

        await AllowedAsync(connection);
        Assert.Equal([null, provider], (await node.RowsAsync(connection.Sha256)).Select(r => r.Provider));
        Assert.Equal(1, connection.ConnectionsOpened);
    }

    [Fact]
    public async Task Revoked_certificate_is_refused_on_its_open_connection()
    {
        using var connection = await node.ConnectProviderAsync(DistributionNode.List);
        await AllowedAsync(connection);

        await node.RevokeAsync(connection.Sha256);

        await RefusedAsync(connection, "certificate-revoked", "It was revoked on");
        Assert.Equal(1, connection.ConnectionsOpened);
    }

    [Fact]
    public async Task Revocation_covers_everything_that_was_renewed_from_it()
    {
        var provider = await node.RegisterAsync(DistributionNode.List);
        var first = ClientCertificate.Sha256(await node.EnrolAsync(provider));
        var second = ClientCertificate.Sha256(await node.EnrolAsync(provider, renewedFrom: first));
        using var connection = node.Connect(await node.EnrolAsync(provider, renewedFrom: second));
        using var unrelated = node.Connect(await node.EnrolAsync(provider));
        await AllowedAsync(connection);

        await node.RevokeAsync(first);

        await RefusedAsync(connection, "certificate-revoked", "renewed from");
        await AllowedAsync(unrelated);
        Assert.Equal(1, connection.ConnectionsOpened);
    }

    [Fact]
    public async Task Certificates_that_claim_to_be_renewed_from_each_other_do_not_stop_the_answer()
    {
        var provider = await node.RegisterAsync(DistributionNode.List);
        var first = ClientCertificate.Sha256(await node.EnrolAsync(provider));
        using var connection = node.Connect(await node.EnrolAsync(provider, renewedFrom: first));
        await node.Database.ExecuteAsync("update providers.certificate set renewed_from = $1 where sha256 = $2", connection.Sha256, first);

        await AllowedAsync(connection);
    }

    [Fact]
    public async Task Suspended_provider_is_refused_until_the_suspension_ends()
    {
        var provider = await node.RegisterAsync(DistributionNode.List);
        using var connection = node.Connect(await node.EnrolAsync(provider));
        var suspend = new SuspendProvider(MigratedDatabase.Contexts(node.Database.Curation), node.Clock);
        await AllowedAsync(connection);

        await suspend.RunAsync(new SuspendProviderRequest(provider.ToString()), "test", TestContext.Current.CancellationToken);
        await RefusedAsync(connection, "provider-suspended", "ask the operator");

        await suspend.RunAsync(new SuspendProviderRequest(provider.ToString(), End: true), "test", TestContext.Current.CancellationToken);
        await AllowedAsync(connection);
        Assert.Equal(1, connection.ConnectionsOpened);
    }

    [Fact]
    public async Task Certificate_expires_on_its_open_connection()
    {
        using var connection = await node.ConnectProviderAsync(DistributionNode.List);
        await AllowedAsync(connection);

        node.Clock.Offset = TimeSpan.FromDays(31);

        await RefusedAsync(connection, "certificate-expired", "It was valid until");
        Assert.Equal(1, connection.ConnectionsOpened);
    }

    [Fact]
    public async Task Expired_certificate_still_gets_a_connection_and_so_an_answer_that_says_it_expired()
    {
        var now = node.Clock.GetUtcNow();
        var provider = await node.RegisterAsync(DistributionNode.List);
        node.Clock.Offset = TimeSpan.FromDays(-20);
        var expired = await node.EnrolAsync(provider, node.Clients.Issue("old", from: now.AddDays(-30), until: now.AddDays(-10)));
        node.Clock.Offset = TimeSpan.Zero;
        using var connection = node.Connect(expired);

        await RefusedAsync(connection, "certificate-expired", "ask the operator for a code");
    }

    [Fact]
    public async Task Certificate_of_the_future_is_not_valid_yet()
    {
        var now = node.Clock.GetUtcNow();
        var provider = await node.RegisterAsync(DistributionNode.List);
        using var connection = node.Connect(await node.EnrolAsync(provider, node.Clients.Issue("early", from: now.AddDays(5), until: now.AddDays(30))));

        await RefusedAsync(connection, "certificate-not-yet-valid", "It is valid from");

        node.Clock.Offset = TimeSpan.FromDays(6);
        await AllowedAsync(connection);
        Assert.Equal(1, connection.ConnectionsOpened);
    }

    [Fact]
    public async Task List_that_was_not_granted_is_refused_whether_it_exists_or_not()
    {
        using var connection = await node.ConnectProviderAsync(DistributionNode.List);
        await AllowedAsync(connection);

        using var existing = await connection.GetAsync("/v1/national/tuf/timestamp.json");
        using var absent = await connection.GetAsync("/v1/nowhere/targets/x/y.txt");

        var (code, detail) = await ProviderConnection.ProblemAsync(existing);
        var (other, otherDetail) = await ProviderConnection.ProblemAsync(absent);
        Assert.Equal(("list-not-granted", "list-not-granted"), (code, other));
        Assert.Equal(detail, otherDetail.Replace("nowhere", "national", StringComparison.Ordinal));
        Assert.Contains("may read worst-of, but not national", detail, StringComparison.Ordinal);
        Assert.Equal([("worst-of", 200), ("national", 403), ("nowhere", 403)], (await node.RowsAsync(connection.Sha256)).Select(r => (r.List!, r.Status)));
        Assert.Equal(1, connection.ConnectionsOpened);
    }

    [Fact]
    public async Task Withdrawn_list_is_refused_on_an_open_connection()
    {
        var provider = await node.RegisterAsync(DistributionNode.List, DistributionNode.OtherList);
        using var connection = node.Connect(await node.EnrolAsync(provider));
        await AllowedAsync(connection);

        await node.Database.ExecuteAsync("delete from providers.provider_list where provider_id = $1 and list = 'worst-of'", provider);

        await RefusedAsync(connection, "list-not-granted", "may read national, but not worst-of");
        Assert.Equal(1, connection.ConnectionsOpened);
    }

    [Fact]
    public async Task Refusal_comes_before_everything_else_that_could_be_wrong()
    {
        using var connection = await node.ConnectProviderAsync(DistributionNode.List);
        await node.RevokeAsync(connection.Sha256);

        using var response = await connection.SendAsync(HttpMethod.Delete, "/nothing/here");

        Assert.Equal("certificate-revoked", (await ProviderConnection.ProblemAsync(response)).Code);
    }

    [Fact]
    public async Task Read_that_cannot_be_recorded_does_not_happen()
    {
        using var connection = await node.ConnectProviderAsync(DistributionNode.List);
        await node.Database.ExecuteAsync("revoke insert on distribution.download from blocklist_distribution");
        try
        {
            using var response = await connection.GetAsync(Timestamp);

            await ProviderConnection.ProblemAsync(response, HttpStatusCode.InternalServerError);
            Assert.Contains(node.Log.At(LogLevel.Critical), line => line.Contains("permission denied for table download", StringComparison.Ordinal));
        }
        finally
        {
            await node.Database.ExecuteAsync("grant insert (certificate_sha256, provider_id, list, path, status, refusal, bytes) on distribution.download to blocklist_distribution");
        }
        await AllowedAsync(connection);
    }

    [Fact]
    public async Task Database_that_does_not_answer_is_a_503_that_says_when_to_come_back()
    {
        await using var cutOff = node.Build(100_000, new() { ["Database:ConnectionString"] = "Host=/nonexistent;Username=blocklist_distribution;Database=blocklist" });
        await cutOff.StartAsync(TestContext.Current.CancellationToken);
        using var connection = node.Connect(node.Clients.Issue("provider"), DistributionNode.AddressOf(cutOff));

        using var response = await connection.GetAsync(Timestamp);

        Assert.Equal("unavailable", (await ProviderConnection.ProblemAsync(response, HttpStatusCode.ServiceUnavailable)).Code);
        Assert.Equal(TimeSpan.FromSeconds(60), response.Headers.RetryAfter?.Delta);
        Assert.Contains(node.Log.At(LogLevel.Error), line => line.Contains("The database does not answer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_login_of_this_role_cannot_read_decisions()
    {
        await using var connection = new NpgsqlConnection(node.Database.Distribution);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("select count(*) from curation.decision", connection);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteScalarAsync(TestContext.Current.CancellationToken));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    private async Task RefusedAsync(ProviderConnection connection, string code, string detail)
    {
        using var response = await connection.GetAsync(Timestamp);
        var found = await ProviderConnection.ProblemAsync(response);
        Assert.Equal(code, found.Code);
        Assert.Contains(detail, found.Detail, StringComparison.Ordinal);
        var row = (await node.RowsAsync(connection.Sha256))[^1];
        Assert.Equal(("worst-of", "tuf/timestamp.json", 403, code), (row.List, row.Path, row.Status, row.Refusal));
        Assert.Equal(response.Content.Headers.ContentLength, row.Bytes);
    }

    private async Task AllowedAsync(ProviderConnection connection)
    {
        using var response = await connection.GetAsync(Timestamp);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((200, null), (await node.RowsAsync(connection.Sha256)).Select(r => (r.Status, r.Refusal)).Last());
    }
}
