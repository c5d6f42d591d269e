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

    /// <summary>Once such a number is signed and served, no client takes a lower one, until the root holders meet.</summary>
    [Theory]
    [InlineData("timestamp_version = 2147483646")]
    [InlineData("snapshot_version = 2147483646")]
    [InlineData("serial = 2147483646")]
    public async Task Number_that_was_pushed_ahead_in_the_head_is_not_gone_on_from(string change)
    {
        await world.PublishAsync();
        await ExecuteAsync("insert into publishing.file (list, path, sha256, content) select list, 'tuf/2147483646.snapshot.json', sha256, content from publishing.file where list = 'worst-of' and path = 'tuf/1.snapshot.json'");
        await ExecuteAsync($"update publishing.head set {change} where list = 'worst-of'");
        world.MoveClockTo(world.Now.AddHours(30));
        Assert.Contains("the numbers in publishing.head", (await Assert.ThrowsAsync<SigningException>(RenewAsync)).Message, StringComparison.Ordinal);
        Assert.Equal(0L, await world.Database.ScalarAsync<long>("select count(*) from publishing.file where path like 'tuf/2147483647.%'"));
    }

    [Fact]
    public async Task Time_of_signing_that_was_set_ahead_keeps_nothing_from_being_signed_anew()
    {
        await world.PublishAsync();
        var before = await world.ReadHeadAsync();
        await ExecuteAsync("update publishing.head set timestamp_signed_at = timestamp_signed_at + interval '3 days', snapshot_signed_at = snapshot_signed_at + interval '3 days' where list = 'worst-of'");
        world.MoveClockTo(world.Now.AddHours(30));
        Assert.True(await RenewAsync());
        var after = await world.ReadHeadAsync();
        Assert.Equal((before.TimestampVersion + 1, before.SnapshotVersion + 1), (after.TimestampVersion, after.SnapshotVersion));
    }

    [Fact]
    public async Task Targets_number_far_ahead_is_not_signed_by_the_verifier()
    {
        await world.PublishAsync();
        // The document itself needs no key to write: the one that was signed, under another number.
        var asked = await PlantAsync("targets_version, signed", "2000000000, convert_to(replace(convert_from(signed, 'UTF8'), '\"version\":1}', '\"version\":2000000000}'), 'UTF8')");
        Assert.Contains("further ahead", await ReasonAsync(asked), StringComparison.Ordinal);
        world.MoveClockTo(world.Now.AddDays(4));
        Assert.IsType<PublishOutcome.Unchanged>(await world.PublishAsync());
        Assert.Equal(2, (await world.ReadHeadAsync()).TargetsVersion);
    }

    [Fact]
    public async Task When_a_candidate_came_is_not_the_publishers_to_say()
    {
        await world.PublishAsync();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync("""
            insert into publishing.candidate (id, list, serial, form, targets_version, ledger_position, evaluated_at, register_version, suffixes_sha256, list_sha256, signed, expires_at, created_at)
            select gen_random_uuid(), list, serial, 'resigned', 2, 0, evaluated_at, 1, suffixes_sha256, list_sha256, signed, now(), timestamptz '2000-01-01' from publishing.candidate limit 1
            """));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Theory]
    [InlineData("previous_serial", "0", "candidate_goes_on_from_a_version")]
    [InlineData("evaluated_at", "timestamptz '4000-01-01 BC'", "candidate_instant_is_one")]
    [InlineData("expires_at", "timestamptz '9000-01-01'", "candidate_ends_soon")]
    public async Task Candidate_that_no_publisher_writes_is_refused_by_the_database_and_answered_all_the_same(string column, string value, string constraint)
    {
        await world.PublishAsync();
        Assert.Equal(constraint, (await Assert.ThrowsAsync<PostgresException>(() => PlantAsync(column, value))).ConstraintName);
        // And where the table has lost its rules, the verifier answers it and goes on.
        await world.Database.ExecuteAsync($"alter table publishing.candidate drop constraint {constraint}");
        Assert.NotEmpty(await ReasonAsync(await PlantAsync(column, value)));
        await world.KeepListedAsync();
        Assert.IsType<PublishOutcome.Published>(await world.PublishAsync());
    }

    /// <summary>Asks the verifier to sign the newest version again, with something changed.</summary>
    private async Task<Guid> PlantAsync(string columns, string values)
    {
        var id = Guid.CreateVersion7();
        var all = new[] { "previous_serial", "previous_sha256", "evaluated_at", "expires_at", "targets_version", "signed" }.Except(columns.Split(", ")).ToArray();
        var others = all.Select(column => column switch { "previous_sha256" => "list_sha256", "previous_serial" => "serial", "expires_at" => "now() + interval '1 minute'", "targets_version" => "2", _ => column });
        await ExecuteAsync($"""
            insert into publishing.candidate (id, list, serial, form, ledger_position, register_version, suffixes_sha256, list_sha256, {columns}, {string.Join(", ", all)})
            select $1::uuid, list, serial, 'unchanged', ledger_position, register_version, suffixes_sha256, list_sha256, {values}, {string.Join(", ", others)} from publishing.candidate where list = 'worst-of' limit 1
            """, id.ToString());
        return id;
    }

    private async Task<string> ReasonAsync(Guid candidate)
    {
        var limit = TimeProvider.System.GetTimestamp();
        while (await world.Database.ScalarAsync<string?>("select reason from verifying.answer where candidate_id = $1", candidate) is var reason)
        {
            if (reason is not null) return reason;
            Assert.True(TimeProvider.System.GetElapsedTime(limit) < TimeSpan.FromSeconds(30), "the verifier did not answer");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        return "";
    }

    private Task<bool> RenewAsync() => ((RenewMetadata)world.Publisher.GetService(typeof(RenewMetadata))!).RunAsync(DevelopmentKeys.WorstOf, TestContext.Current.CancellationToken);

    private async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var connection = new NpgsqlConnection(world.Database.Publisher);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.AddWithValue(NpgsqlDbType.Text, value);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
