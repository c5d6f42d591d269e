using System.Text.Json.Nodes;
using Xunit;

namespace BlockList.Server.Tests.Distribution;

/// <summary>What is in force where, as it follows from receipts: each resolver, each provider, each version.</summary>
public sealed class CoverageTests(DistributionNode node) : IClassFixture<DistributionNode>, IAsyncLifetime
{
    private readonly CoverageWorld world = new(node.Database);

    public async ValueTask InitializeAsync()
    {
        if (await node.Database.ScalarAsync<long>("select count(*) from publishing.version where list = 'worst-of'") > 0) return;
        foreach (var serial in Enumerable.Range(1, 6)) await world.PublishAsync(serial, TimeSpan.FromHours(60 - (serial * 6)));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task First_receipt_begins_at_its_version_and_later_ones_fill_what_was_skipped()
    {
        var (provider, connection) = await ConnectAsync();
        using (connection)
        {
            await CoverageWorld.PostAsync(connection, CoverageWorld.Receipt(2));
            Assert.Equal("2", await world.AppliedAsync(provider));

            await CoverageWorld.PostAsync(connection, CoverageWorld.Receipt(5));

            Assert.Equal("2 3 4 5", await world.AppliedAsync(provider));
            Assert.Equal("5 5 5", await world.InForceAsync(provider));
        }
    }

    [Fact]
    public async Task Provider_with_two_resolvers_has_a_version_when_both_have_it()
    {
        var (provider, connection) = await ConnectAsync();
        using (connection)
        {
            await CoverageWorld.PostAsync(connection, CoverageWorld.Receipt(3, "00000000000000aa"));
            await CoverageWorld.PostAsync(connection, CoverageWorld.Receipt(2, "00000000000000bb"));
            Assert.Equal("2 2 3", await world.InForceAsync(provider));
            await CoverageWorld.PostAsync(connection, CoverageWorld.Receipt(4, "00000000000000aa"));
            Assert.Equal("3", await world.AppliedAsync(provider));

            await CoverageWorld.PostAsync(connection, CoverageWorld.Receipt(4, "00000000000000bb"));

            Assert.Equal("3 4", await world.AppliedAsync(provider));
            // One that was not heard of for a week is gone, or nobody can say.
            await node.Database.ExecuteAsync("update distribution.resolver set seen_at = now() - interval '8 days' where provider_id = $1 and node = '00000000000000bb'", provider);
            await CoverageWorld.PostAsync(connection, CoverageWorld.Receipt(5, "00000000000000aa"));
            Assert.Equal("5 5 5", await world.InForceAsync(provider));
        }
    }

    [Fact]
    public async Task Receipts_of_two_resolvers_at_once_leave_no_version_out()
    {
        var (provider, connection) = await ConnectAsync();
        using (connection)
        {
            foreach (var name in new[] { "00000000000000aa", "00000000000000bb" }) await CoverageWorld.PostAsync(connection, CoverageWorld.Receipt(1, name));

            for (var serial = 2; serial <= 6; serial++)
                await Task.WhenAll(CoverageWorld.PostAsync(connection, CoverageWorld.Receipt(serial, "00000000000000aa")), CoverageWorld.PostAsync(connection, CoverageWorld.Receipt(serial, "00000000000000bb")));

            Assert.Equal("1 2 3 4 5 6", await world.AppliedAsync(provider));
        }
    }

    [Fact]
    public async Task Receipt_that_is_posted_again_after_a_newer_one_changes_nothing()
    {
        var (provider, connection) = await ConnectAsync();
        using (connection)
        {
            var lost = CoverageWorld.Receipt(2);
            await CoverageWorld.PostAsync(connection, lost);
            await CoverageWorld.PostAsync(connection, CoverageWorld.Receipt(4));

            await CoverageWorld.PostAsync(connection, lost);

            Assert.Equal("4 4 4", await world.InForceAsync(provider));
            Assert.Equal(3L, await node.Database.ScalarAsync<long>("select count(*) from distribution.receipt where provider_id = $1", provider));
        }
    }

    [Fact]
    public async Task Held_additions_do_not_keep_removals_from_counting_and_held_removals_do()
    {
        var (provider, connection) = await ConnectAsync();
        using (connection)
        {
            await CoverageWorld.PostAsync(connection, CoverageWorld.Receipt(1));
            await CoverageWorld.PostAsync(connection, With(CoverageWorld.Receipt(2), "waiting", 3));
            Assert.Equal("1 2-", await world.AppliedAsync(provider));

            await CoverageWorld.PostAsync(connection, Held(3, additions: 9, removals: 0));
            Assert.Equal("1 3 1", await world.InForceAsync(provider));
            await CoverageWorld.PostAsync(connection, Held(4, additions: 0, removals: 9));
            Assert.Equal("1 3 1", await world.InForceAsync(provider));

            await CoverageWorld.PostAsync(connection, CoverageWorld.Receipt(5));
            Assert.Equal("1 2 3 4 5", await world.AppliedAsync(provider));
        }

        static JsonObject Held(int version, int additions, int removals) =>
            With(With(CoverageWorld.Receipt(version), "result", "held"), "held", new JsonObject { ["additions"] = additions, ["removals"] = removals });
    }

    [Fact]
    public async Task Failure_leaves_what_is_in_force_and_shows()
    {
        var (provider, connection) = await ConnectAsync();
        using (connection)
        {
            await CoverageWorld.PostAsync(connection, CoverageWorld.Receipt(6));
            var failed = With(With(With(CoverageWorld.Receipt(6), "result", "failed"), "reason", "load"), "evidence", "none");

            await CoverageWorld.PostAsync(connection, failed);
            await world.MeasureAsync();

            Assert.Equal("6 6 6", await world.InForceAsync(provider));
            Assert.Equal("failing", await world.StatesAsync(provider));
            await CoverageWorld.PostAsync(connection, CoverageWorld.Receipt(6));
            await world.MeasureAsync();
            Assert.Equal("", await world.StatesAsync(provider));
        }
    }

    [Fact]
    public async Task Content_that_is_not_ours_counts_for_nothing_and_is_said()
    {
        var (provider, connection) = await ConnectAsync();
        using (connection)
        {
            await CoverageWorld.PostAsync(connection, With(CoverageWorld.Receipt(6), "sha256", new string('f', 64)));
            await world.MeasureAsync();

            Assert.Equal("0 0 0", await world.InForceAsync(provider));
            Assert.Contains("differs", await world.StatesAsync(provider), StringComparison.Ordinal);
            Assert.Equal("coverage worst-of", await node.Database.ScalarAsync<string>("select kind || ' ' || list from publishing.alarm where cause = 'coverage:differs:worst-of' and cleared_at is null"));
            await CoverageWorld.PostAsync(connection, CoverageWorld.Receipt(6));
            await world.MeasureAsync();
            Assert.DoesNotContain("differs", await world.StatesAsync(provider), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Agents_that_name_no_node_are_told_apart_by_what_they_were_enrolled_with()
    {
        var provider = await node.RegisterAsync(DistributionNode.List);
        var first = await node.EnrolAsync(provider);
        using var one = node.Connect(first);
        using var renewed = node.Connect(await node.EnrolAsync(provider, renewedFrom: one.Sha256));
        using var other = node.Connect(await node.EnrolAsync(provider));
        foreach (var (connection, version) in new[] { (one, 1), (other, 1), (renewed, 3) })
        {
            var receipt = CoverageWorld.Receipt(version);
            receipt.Remove("node");
            await CoverageWorld.PostAsync(connection, receipt);
        }

        Assert.Equal("1 3", await node.Database.ScalarAsync<string>("select string_agg(version::text, ' ' order by version) from distribution.resolver where provider_id = $1", provider));
    }

    [Fact]
    public async Task Nobody_has_more_than_64_resolvers()
    {
        var (provider, connection) = await ConnectAsync();
        using (connection)
        {
            for (var i = 0; i < 66; i++) await CoverageWorld.PostAsync(connection, CoverageWorld.Receipt(1, $"{i:x16}"));

            Assert.Equal((64L, "0000000000000002"), (await node.Database.ScalarAsync<long>("select count(*) from distribution.resolver where provider_id = $1", provider),
                await node.Database.ScalarAsync<string>("select min(node) from distribution.resolver where provider_id = $1", provider)));
        }
    }

    [Fact]
    public async Task Lines_that_are_left_out_are_stored_with_their_receipt_or_refused_with_it()
    {
        await node.Database.ExecuteAsync("insert into publishing.entry (list, line, added_serial, removed_serial) values ('worst-of', 'exempt.example', 2, 5) on conflict do nothing");
        var (provider, connection) = await ConnectAsync();
        using (connection)
        {
            await CoverageWorld.PostAsync(connection, Own(4, "exempt.example"));
            Assert.Equal("exempt.example 2", await node.Database.ScalarAsync<string>("select line || ' ' || added_serial from distribution.local_exception where provider_id = $1 and ended_at is null", provider));

            // Version 5 has it no more.
            await CoverageWorld.PostAsync(connection, Own(5, "exempt.example"), System.Net.HttpStatusCode.BadRequest);
            Assert.Equal(1L, await node.Database.ScalarAsync<long>("select count(*) from distribution.receipt where provider_id = $1", provider));
            await CoverageWorld.PostAsync(connection, Own(5));
            Assert.Equal(0L, await node.Database.ScalarAsync<long>("select count(*) from distribution.local_exception where provider_id = $1 and ended_at is null", provider));
        }

        static JsonObject Own(int version, params string[] lines) =>
            With(CoverageWorld.Receipt(version), "own", new JsonObject { ["entries"] = lines.Length, ["lines"] = new JsonArray([.. lines.Select(line => (JsonNode)line)]) });
    }

    [Theory]
    [InlineData("blocked", "free", "proven")]
    [InlineData("blocked", null, "blocked")]
    [InlineData("blocked", "covered", "not-freed")]
    [InlineData("open", "free", "not-blocked")]
    [InlineData("blocked otherwise", null, "not-blocked")]
    [InlineData("inconclusive", "free", "unclear")]
    public async Task Probes_of_the_list_of_test_names_say_whether_the_filter_follows(string newest, string? before, string expected)
    {
        const string Test = "enforcement-test";
        await node.Database.ExecuteAsync("insert into criteria.list (id, test_domain) values ($1, 'enforcement-test.example') on conflict do nothing", Test);
        if (await node.Database.ScalarAsync<long>("select count(*) from publishing.version where list = $1", Test) == 0) await world.PublishAsync(1, TimeSpan.FromHours(3), list: Test);
        var provider = await node.RegisterAsync(Test);
        using var connection = node.Connect(await node.EnrolAsync(provider));
        var probes = new JsonObject { ["first"] = newest };
        if (before is not null) probes["removed"] = before;

        await CoverageWorld.PostAsync(connection, With(CoverageWorld.Receipt(1, list: Test), "probes", probes));

        Assert.Equal((expected, expected.StartsWith("not-", StringComparison.Ordinal)), (await node.Database.ScalarAsync<string>("select tested from distribution.resolver where provider_id = $1", provider),
            await node.Database.ScalarAsync<bool>("select unproven from distribution.in_force where provider_id = $1", provider)));
    }

    [Fact]
    public async Task Who_is_away_is_stale_then_frozen_and_who_downloads_without_receipts_is_silent()
    {
        var (provider, connection) = await ConnectAsync();
        connection.Dispose();
        foreach (var (ago, states) in new[] { ("8 days", "frozen stale behind"), ("25 hours", "stale behind"), ("1 hour", "silent behind") })
        {
            await node.Database.ExecuteAsync("delete from distribution.contact where provider_id = $1", provider);
            await node.Database.ExecuteAsync($"insert into distribution.contact (provider_id, list, at) values ($1, 'worst-of', now() - interval '{ago}')", provider);
            await world.MeasureAsync();
            Assert.Equal(states, await world.StatesAsync(provider));
        }

        await node.Database.ExecuteAsync("update distribution.contact set refused_at = now(), refusal = 'certificate-expired' where provider_id = $1", provider);
        await world.MeasureAsync();
        Assert.Equal("refused silent behind", await world.StatesAsync(provider));
    }

    internal static JsonObject With(JsonObject receipt, string field, JsonNode value)
    {
        receipt[field] = value;
        return receipt;
    }

    private async Task<(Guid Provider, ProviderConnection Connection)> ConnectAsync()
    {
        var provider = await node.RegisterAsync(DistributionNode.List);
        return (provider, node.Connect(await node.EnrolAsync(provider)));
    }
}
