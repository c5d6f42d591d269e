using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Server.Distribution.Coverage;
using BlockList.Server.Tests.Database;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Distribution;

/// <summary>Versions of a list, receipts of providers, and the worker that looks how far they came: over mutual TLS and by each role's login.</summary>
internal sealed class CoverageWorld(MigratedDatabase database)
{
    /// <summary>A version of our list that was published so long ago, whose hash is its number sixteen times.</summary>
    public async Task PublishAsync(int serial, TimeSpan ago, int added = 1, int removed = 1, string list = DistributionNode.List)
    {
        await database.ExecuteAsync("insert into publishing.register (version, sha256, document) values (1, '', '') on conflict do nothing");
        await database.ExecuteAsync("""
            insert into publishing.version (list, serial, ledger_position, evaluated_at, published_at, register_version, suffixes_sha256, parameters, list_sha256, count, added, removed, salt)
            values ($1, $2, 1, now() - $3, now() - $3, 1, '', '{}', $4, 3, $5, $6, '')
            """, list, serial, ago, HashOf(serial), added, removed);
        await database.ExecuteAsync("""
            insert into publishing.head (list, serial, root_version, targets_version, snapshot_version, timestamp_version, timestamp_content, timestamp_brotli, timestamp_gzip, targets_signed_at, snapshot_signed_at, timestamp_signed_at)
            values ($1, $2, 1, 1, 1, 1, '', '', '', now(), now(), now()) on conflict (list) do update set serial = $2
            """, list, serial);
    }

    public static string HashOf(int serial) => string.Concat(Enumerable.Repeat($"{serial:D4}", 16));

    public static JsonObject Receipt(int version, string node = "00000000000000aa", string list = DistributionNode.List) => new()
    {
        ["list"] = list, ["version"] = version, ["sha256"] = HashOf(version), ["resolver"] = "unbound", ["evidence"] = "serial", ["probes"] = new JsonObject { ["first"] = "blocked" },
        ["left_out"] = 0, ["agent_version"] = "1", ["clock"] = Timestamp.Format(DateTimeOffset.UnixEpoch.AddYears(56).AddSeconds(Interlocked.Increment(ref seconds))), ["node"] = node,
    };

    private static int seconds;

    public static async Task PostAsync(ProviderConnection connection, JsonObject receipt, HttpStatusCode expected = HttpStatusCode.NoContent)
    {
        using var content = new StringContent(receipt.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await connection.SendAsync(HttpMethod.Post, "/v1/receipts", content: content);
        Assert.True(response.StatusCode == expected, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>As the worker does.</summary>
    public async Task MeasureAsync()
    {
        await using var worker = NpgsqlDataSource.Create(database.Worker);
        await new FollowCoverage(worker).RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Versions in force and freed, and how far it ever came.</summary>
    public Task<string?> InForceAsync(Guid provider, string list = DistributionNode.List) =>
        database.ScalarAsync<string?>("select format('%s %s %s', whole, freed, whole_reached) from distribution.in_force where provider_id = $1 and list = $2", provider, list);

    /// <summary>Serials with a dash where not all of it is in force, a plus where its removals are not.</summary>
    public Task<string?> AppliedAsync(Guid provider) => database.ScalarAsync<string?>(
        "select string_agg(serial || case when whole_at is null then '-' else '' end || case when freed_at is null then '+' else '' end, ' ' order by serial) from distribution.applied where provider_id = $1 and list = 'worst-of'", provider);

    public Task<string?> StatesAsync(Guid provider) => database.ScalarAsync<string?>("select array_to_string(states, ' ') from distribution.standing where provider_id = $1 and list = 'worst-of'", provider);
}
