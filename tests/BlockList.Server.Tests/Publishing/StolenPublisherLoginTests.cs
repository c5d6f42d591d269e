using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Ledger;
using BlockList.Server.Signing;
using BlockList.Tools.Deployments;
using Npgsql;
using NpgsqlTypes;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>What a thief of the publisher's database login can do without its keys: write to its tables. Nothing that he
/// writes gets signed.</summary>
public sealed class StolenPublisherLoginTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly PublishingWorld world = new(postgres);

    public ValueTask InitializeAsync() => world.InitializeAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Planted_targets_are_not_signed_anew()
    {
        await world.PublishAsync();
        await ExecuteAsync("""
            insert into publishing.file (list, path, sha256, content)
            select list, 'tuf/9999.targets.json', '00', convert_to(replace(convert_from(content, 'UTF8'), '"version":1}', '"version":9999}'), 'UTF8')
            from publishing.file where list = 'worst-of' and path = 'tuf/1.targets.json'
            """);
        await ExecuteAsync("""
            with leaf as (
              insert into publishing.log_leaf (list, position, targets_version, leaf, root_sha256, checkpoint)
              select list, position + 1, 9999, leaf, root_sha256, checkpoint from publishing.log_leaf where list = 'worst-of')
            update publishing.head set targets_version = 9999 where list = 'worst-of'
            """);
        world.MoveClockTo(world.Now.AddDays(4));
        await Assert.ThrowsAsync<SigningException>(() => world.PublishAsync());
    }

    [Fact]
    public async Task Planted_root_stops_signing()
    {
        await world.PublishAsync();
        var root = await File.ReadAllTextAsync(world.Keys.RootFile(DevelopmentKeys.WorstOf), TestContext.Current.CancellationToken);
        await ExecuteAsync("insert into publishing.file (list, path, sha256, content) values ('worst-of', 'tuf/2.root.json', '00', convert_to($1, 'UTF8'))",
            root.Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal));
        await Assert.ThrowsAsync<SigningException>(() => world.PublishAsync());
    }

    [Fact]
    public async Task Appended_ledger_rows_stop_publishing_although_their_chain_fits_what_a_thief_can_read()
    {
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        await world.PublishAsync();
        // He copies the newest row, moves it on, and chains it as well as he can without the publisher's ledger key.
        LedgerRow last = null!;
        await using (var connection = new NpgsqlConnection(world.Database.Publisher))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await foreach (var row in LedgerStore.ReadAsync(connection, 0, TestContext.Current.CancellationToken)) last = row;
            var forged = (last with { Position = last.Position + 1, DecisionId = Guid.CreateVersion7(), Sequence = last.Sequence + 1 }).ChainedAfter(last.ChainSha256, new LedgerKey(new byte[32]));
            await LedgerStore.AppendAsync(connection, [forged], TestContext.Current.CancellationToken);
        }
        await Assert.ThrowsAsync<LedgerBrokenException>(() => world.PublishAsync());
    }

    [Fact]
    public async Task Ledger_that_lost_its_newest_rows_stops_publishing()
    {
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        await world.ReviewAsync("bram", name);
        Assert.True(await world.IsPublishedAsync(name));
        await world.Database.ExecuteAsync("alter table publishing.ledger disable trigger all; delete from publishing.ledger where position > 1; alter table publishing.ledger enable trigger all");
        await using var fresh = world.NewPublisher();
        var publish = (PublishVersion)fresh.GetService(typeof(PublishVersion))!;
        await Assert.ThrowsAsync<LedgerBrokenException>(() => publish.RunAsync(DevelopmentKeys.WorstOf, null, TestContext.Current.CancellationToken));
    }

    private async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var connection = new NpgsqlConnection(world.Database.Publisher);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.AddWithValue(NpgsqlDbType.Text, value);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
