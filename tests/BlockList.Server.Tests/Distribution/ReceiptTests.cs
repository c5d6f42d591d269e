using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using Xunit;

namespace BlockList.Server.Tests.Distribution;

public sealed class ReceiptTests(DistributionNode node) : IClassFixture<DistributionNode>
{
    private static readonly string Sha256 = new('a', 64);

    [Fact]
    public async Task Receipt_becomes_a_row_of_its_provider()
    {
        var provider = await node.RegisterAsync(DistributionNode.List);
        using var connection = node.Connect(await node.EnrolAsync(provider));

        using var response = await PostAsync(connection, Receipt().ToJsonString());

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        await using var command = node.Database.Superuser.CreateCommand("""
            select list, version, sha256, resolver, evidence, probes::text, left_out, agent_version, agent_clock, certificate_sha256
            from distribution.receipt where provider_id = $1
            """);
        command.Parameters.AddWithValue(provider);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        var values = new object[reader.FieldCount];
        reader.GetValues(values);
        Assert.Equal([
            "worst-of", 12, Sha256, "unbound", "serial", """{"first": "blocked", "first below": "blocked"}""", 1, "1.0.0+9c1f",
            new DateTime(2026, 11, 21, 6, 0, 0, DateTimeKind.Utc), connection.Sha256], values);
        Assert.False(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal((null, "/v1/receipts", 204), (await node.RowsAsync(connection.Sha256)).Select(r => (r.List, r.Path, r.Status)).Single());
    }

    [Fact]
    public async Task Receipt_that_knows_another_log_than_ours_is_an_alarm()
    {
        await node.Database.ExecuteAsync("insert into publishing.log_leaf (list, position, targets_version, leaf, root_sha256, checkpoint) select 'worst-of', n, n + 1, 'x', repeat(n::text, 64), 'x' from generate_series(0, 1) n where not exists (select from publishing.log_leaf)");
        var provider = await node.RegisterAsync(DistributionNode.List);
        using var connection = node.Connect(await node.EnrolAsync(provider));
        var criticals = node.Log.At(Microsoft.Extensions.Logging.LogLevel.Critical).Count();

        foreach (var (size, root) in new[] { (1, '0'), (2, '1'), (2, '0'), (3, '1') })
        {
            var receipt = Receipt();
            receipt["checkpoint"] = new JsonObject { ["size"] = size, ["root"] = new string(root, 64) };
            using var response = await PostAsync(connection, receipt.ToJsonString());
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        }

        Assert.Equal("1 0 false, 2 1 false, 2 0 true, 3 1 true", await node.Database.ScalarAsync<string>(
            "select string_agg(format('%s %s %s', log_size, left(log_root, 1), case when log_differs then 'true' else 'false' end), ', ' order by id) from distribution.receipt where provider_id = $1", provider));
        var said = node.Log.At(Microsoft.Extensions.Logging.LogLevel.Critical).Skip(criticals).ToArray();
        Assert.Equal(2, said.Length);
        Assert.All(said, line => Assert.Contains("knows the transparency log of worst-of with", line.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("list", null, "missing")]
    [InlineData("list", "7", "\"list\"")]
    [InlineData("version", "0", "\"version\"")]
    [InlineData("version", "\"12\"", "\"version\"")]
    [InlineData("version", "1.5", "\"version\"")]
    [InlineData("version", "99999999999", "\"version\"")]
    [InlineData("sha256", "\"AAAA\"", "\"sha256\"")]
    [InlineData("resolver", "\"\"", "\"resolver\"")]
    [InlineData("resolver", "\"a\\u0000b\"", "\"resolver\"")]
    [InlineData("evidence", "\"hope\"", "\"evidence\"")]
    [InlineData("probes", "[]", "\"probes\"")]
    [InlineData("probes", "{\"first\":1}", "\"probes\"")]
    [InlineData("probes", "{\"listed.example\":\"blocked\"}", "\"probes\"")]
    [InlineData("probes", "{\"first\":\"listed.example\"}", "\"probes\"")]
    [InlineData("left_out", "-1", "\"left_out\"")]
    [InlineData("left_out", "null", "\"left_out\"")]
    [InlineData("agent_version", "{}", "\"agent_version\"")]
    [InlineData("clock", "\"2026-11-21 06:00\"", "\"clock\"")]
    [InlineData("checkpoint", "\"x\"", "\"checkpoint\"")]
    [InlineData("checkpoint", "null", "\"checkpoint\"")]
    [InlineData("checkpoint", "{}", "\"checkpoint\"")]
    [InlineData("checkpoint", "{\"size\":0,\"root\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}", "\"checkpoint\"")]
    [InlineData("checkpoint", "{\"size\":4611686018427387905,\"root\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}", "\"checkpoint\"")]
    [InlineData("checkpoint", "{\"size\":1,\"root\":\"AAAA\"}", "\"checkpoint\"")]
    [InlineData("checkpoint", "{\"size\":1,\"root\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"more\":1}", "\"checkpoint\"")]
    [InlineData("node", "\"abc\"", "\"node\"")]
    [InlineData("node", "\"ABCDEF0123456789\"", "\"node\"")]
    [InlineData("result", "\"hope\"", "\"result\"")]
    [InlineData("result", "null", "\"result\"")]
    [InlineData("reason", "\"load\"", "\"reason\"")]
    [InlineData("held", "{}", "\"held\"")]
    [InlineData("held", "{\"additions\":1}", "\"held\"")]
    [InlineData("held", "{\"additions\":-1,\"removals\":0}", "\"held\"")]
    [InlineData("waiting", "-1", "\"waiting\"")]
    [InlineData("own", "[]", "\"own\"")]
    [InlineData("own", "{\"entries\":0,\"lines\":[\"one.example\"]}", "\"own\"")]
    [InlineData("own", "{\"entries\":1,\"lines\":[\"One.example\"]}", "\"own\"")]
    [InlineData("own", "{\"entries\":1,\"lines\":[7]}", "\"own\"")]
    [InlineData("own", "{\"entries\":1,\"lines\":[\"not-listed.example\"]}", "\"own\"")]
    public async Task Wrong_shape_is_refused_with_the_name_of_the_field(string field, string? value, string said)
    {
        var receipt = Receipt();
        if (value is null) receipt.Remove(field);
        else receipt[field] = JsonNode.Parse(value);

        var detail = await MalformedAsync(receipt.ToJsonString());

        Assert.Contains(field, detail, StringComparison.Ordinal);
        Assert.Contains(said, detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"list\":\"worst-of\"")]
    [InlineData("{\"list\":\"worst-of\",\"list\":\"national\"}")]
    [InlineData("{} // a remark")]
    public async Task What_is_no_json_object_is_refused(string body) => Assert.NotEmpty(await MalformedAsync(body));

    [Fact]
    public async Task Receipt_for_a_list_that_was_not_granted_is_refused()
    {
        using var connection = await node.ConnectProviderAsync(DistributionNode.List);
        var receipt = Receipt();
        receipt["list"] = DistributionNode.OtherList;

        using var response = await PostAsync(connection, receipt.ToJsonString());

        Assert.Equal("list-not-granted", (await ProviderConnection.ProblemAsync(response)).Code);
        Assert.Equal(0, await CountAsync(connection));
        Assert.Equal((403, "list-not-granted"), (await node.RowsAsync(connection.Sha256)).Select(r => (r.Status, r.Refusal!)).Single());
    }

    [Fact]
    public async Task Body_over_the_limit_is_refused_and_the_connection_of_others_stays()
    {
        using var connection = await node.ConnectProviderAsync(DistributionNode.List);

        using var response = await PostAsync(connection, new string(' ', 16 * 1024 + 1));

        await ProviderConnection.ProblemAsync(response, HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal(413, (await node.RowsAsync(connection.Sha256)).Single().Status);
        using var next = await connection.GetAsync("/v1/whoami");
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Who_am_i_names_provider_lists_deployment_and_days_left()
    {
        using var connection = await node.ConnectProviderAsync(DistributionNode.OtherList, DistributionNode.List);

        using var response = await connection.GetAsync("/v1/whoami");

        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.StartsWith("Provider ", (string)answer["provider"]!, StringComparison.Ordinal);
        Assert.Equal(29, (int)answer["certificate_days_left"]!);
        Assert.Equal(["national", "worst-of"], answer["lists"]!.AsArray().Select(l => (string)l!));
        Assert.Equal("test-deployment", (string)answer["deployment"]!);
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    private static JsonObject Receipt() => new()
    {
        ["list"] = DistributionNode.List,
        ["version"] = 12,
        ["sha256"] = Sha256,
        ["resolver"] = "unbound",
        ["evidence"] = "serial",
        ["probes"] = new JsonObject { ["first"] = "blocked", ["first below"] = "blocked" },
        ["left_out"] = 1,
        ["agent_version"] = "1.0.0+9c1f",
        ["clock"] = Timestamp.Format(new DateTimeOffset(2026, 11, 21, 6, 0, 0, TimeSpan.Zero)),
    };

    private static Task<HttpResponseMessage> PostAsync(ProviderConnection connection, string body) =>
        connection.SendAsync(HttpMethod.Post, "/v1/receipts", content: new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")));

    private async Task<string> MalformedAsync(string body)
    {
        using var connection = await node.ConnectProviderAsync(DistributionNode.List);
        using var response = await PostAsync(connection, body);
        var (code, detail) = await ProviderConnection.ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal("receipt-malformed", code);
        Assert.Equal(0, await CountAsync(connection));
        Assert.Equal((400, "receipt-malformed"), (await node.RowsAsync(connection.Sha256)).Select(r => (r.Status, r.Refusal!)).Single());
        return detail;
    }

    private Task<long> CountAsync(ProviderConnection connection) =>
        node.Database.ScalarAsync<long>("select count(*) from distribution.receipt where certificate_sha256 = $1", connection.Sha256);
}
