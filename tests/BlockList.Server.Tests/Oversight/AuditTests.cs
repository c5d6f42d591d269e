using System.Text.Json.Nodes;
using BlockList.Server.Oversight;
using BlockList.Server.Tests.Database;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Oversight;

public sealed class AuditTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>, IAsyncLifetime
{
    private const string Unfollowed = "it does not follow the seal before it: one of them was changed, or one was removed";

    private readonly NpgsqlDataSource _worker = NpgsqlDataSource.Create(database.Worker);
    private readonly NpgsqlDataSource _curation = NpgsqlDataSource.Create(database.Curation);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private SealAudit Seal => new(_worker);

    /// <summary>Each test has a log of its own.</summary>
    public async ValueTask InitializeAsync() => await database.ExecuteAsync("truncate oversight.audit, oversight.seal");

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _curation.DisposeAsync();
    }

    [Fact]
    public async Task Row_bears_the_login_that_wrote_it_whatever_actor_it_names()
    {
        await AppendAsync("blocklist_publisher");
        await using var publisher = new NpgsqlConnection(database.Publisher);
        await publisher.OpenAsync(Ct);
        await AuditLog.AppendAsync(publisher, "publisher", "version.publish", "worst-of 1", null, Ct);

        Assert.Equal("blocklist_curation as blocklist_publisher, blocklist_publisher as publisher", await database.ScalarAsync<string>(
            "select string_agg(login || ' as ' || actor, ', ' order by id) from oversight.audit"));
    }

    [Fact]
    public async Task Row_bears_the_time_of_the_database_and_what_was_said()
    {
        await using (var connection = await _curation.OpenConnectionAsync(Ct))
            await AuditLog.AppendAsync(connection, "anna", "decision.submit", "subject", new JsonObject { ["count"] = 3 }, Ct);

        Assert.True(await database.ScalarAsync<bool>("""
            select actor = 'anna' and action = 'decision.submit' and subject = 'subject' and detail = '{"count": 3}' and at between now() - interval '1 minute' and now() from oversight.audit
            """));
    }

    [Fact]
    public async Task Rolled_back_change_leaves_no_row()
    {
        await using (var connection = await _curation.OpenConnectionAsync(Ct))
        {
            await using var transaction = await connection.BeginTransactionAsync(Ct);
            await AuditLog.AppendAsync(connection, "anna", "decision.submit", "subject", null, Ct);
            await transaction.RollbackAsync(Ct);
        }

        Assert.Equal(0, await database.ScalarAsync<long>("select count(*) from oversight.audit"));
    }

    [Fact]
    public async Task One_call_seals_all_that_was_committed()
    {
        await AppendAsync("anna", count: 300);

        Assert.Equal(300, await Seal.RunAsync(Ct));
        Assert.Equal(0, await Seal.RunAsync(Ct));
        Assert.Equal(0, await database.ScalarAsync<long>("select count(*) from oversight.audit where seal_id is null"));
        Assert.Equal(300, await database.ScalarAsync<int>("select rows from oversight.seal"));
        Assert.Null(await Seal.FindBrokenAsync(Ct));
    }

    [Fact]
    public async Task Row_that_is_committed_late_joins_the_next_seal()
    {
        await using var late = await _curation.OpenConnectionAsync(Ct);
        await using var transaction = await late.BeginTransactionAsync(Ct);
        await AuditLog.AppendAsync(late, "late", "decision.submit", "subject", null, Ct);
        await AppendAsync("early");

        Assert.Equal(1, await Seal.RunAsync(Ct));
        await transaction.CommitAsync(Ct);
        Assert.Equal(1, await Seal.RunAsync(Ct));

        Assert.Equal("early, late", await database.ScalarAsync<string>("select string_agg(actor, ', ' order by seal_id) from oversight.audit"));
        Assert.Equal("late, early", await database.ScalarAsync<string>("select string_agg(actor, ', ' order by id) from oversight.audit"));
        Assert.Null(await Seal.FindBrokenAsync(Ct));
    }

    [Fact]
    public async Task Two_sealers_at_once_seal_each_row_once()
    {
        await AppendAsync("anna", count: 20);
        await using var gate = await database.Superuser.OpenConnectionAsync(Ct);
        await using var transaction = await gate.BeginTransactionAsync(Ct);
        await using (var hold = new NpgsqlCommand("lock table oversight.seal in exclusive mode", gate)) await hold.ExecuteNonQueryAsync(Ct);

        var sealers = new[] { Seal.RunAsync(Ct), Seal.RunAsync(Ct) };
        await UntilAsync("select count(*) = 2 from pg_stat_activity where datname = current_database() and usename = 'blocklist_worker' and wait_event_type = 'Lock'");
        await transaction.CommitAsync(Ct);

        Assert.Equal([0, 20], (await Task.WhenAll(sealers)).Order());
        Assert.Equal(1, await database.ScalarAsync<long>("select count(*) from oversight.seal"));
        Assert.Null(await Seal.FindBrokenAsync(Ct));
    }

    [Fact]
    public async Task Sealing_while_rows_are_written_leaves_none_out_and_none_twice()
    {
        var sealers = Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            var sealedRows = 0;
            for (var i = 0; i < 20; i++) sealedRows += await Seal.RunAsync(Ct);
            return sealedRows;
        }));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(writer => AppendAsync($"writer {writer}", count: 50)));

        Assert.Equal(150, (await sealers).Sum() + await Seal.RunAsync(Ct));
        Assert.Equal(150, await database.ScalarAsync<long>("select sum(rows) from oversight.seal"));
        Assert.Null(await Seal.FindBrokenAsync(Ct));
    }

    /// <summary>What someone with every right over the database could do to three seals of two rows each.</summary>
    [Theory]
    [InlineData("update oversight.audit set detail = '[1]' where id = (select min(id) from oversight.audit where seal_id = $2)", 2, "a row was changed")]
    [InlineData("update oversight.audit set actor = 'someone else' where seal_id = $2", 2, "a row was changed")]
    [InlineData("update oversight.audit set at = at + interval '1 microsecond' where seal_id = $2", 2, "a row was changed")]
    [InlineData("update oversight.audit set login = 'blocklist_worker', row_sha256 = oversight.audit_row_sha256(id, at, 'blocklist_worker', actor, action, subject, detail) where seal_id = $2", 2, "the seal was changed")]
    [InlineData("delete from oversight.audit where id = (select min(id) from oversight.audit where seal_id = $2)", 2, "rows were added or removed")]
    [InlineData("delete from oversight.audit where seal_id = $2", 2, "rows were added or removed")]
    [InlineData("update oversight.audit set seal_id = $3 where seal_id = $2", 2, "rows were added or removed")]
    [InlineData("update oversight.seal set rows = rows + 1 where id = $2", 2, "rows were added or removed")]
    [InlineData("update oversight.seal set sha256 = sha256('x') where id = $2", 2, "the seal was changed")]
    [InlineData("update oversight.seal set sealed_at = sealed_at - interval '1 hour' where id = $2", 2, "the seal was changed")]
    [InlineData("update oversight.seal set previous_sha256 = sha256('x') where id = $2", 2, Unfollowed)]
    [InlineData("update oversight.seal set previous_sha256 = sha256('x') where id = $1", 1, Unfollowed)]
    [InlineData("with freed as (update oversight.audit set seal_id = null where seal_id = $2) delete from oversight.seal where id = $2", 3, Unfollowed)]
    [InlineData("with gone as (delete from oversight.audit where seal_id = $1) delete from oversight.seal where id = $1", 2, Unfollowed)]
    [InlineData("delete from oversight.seal where id = $3", 3, "the seal was removed, its rows are still here")]
    public async Task Change_after_the_fact_is_found(string sql, int broken, string reason)
    {
        var seals = new object[3];
        for (var i = 0; i < seals.Length; i++)
        {
            await AppendAsync("anna", count: 2);
            await Seal.RunAsync(Ct);
            seals[i] = await database.ScalarAsync<long>("select max(id) from oversight.seal");
        }
        Assert.Null(await Seal.FindBrokenAsync(Ct));

        await TamperAsync(sql, seals);

        Assert.Equal(((long)seals[broken - 1], reason), await Seal.FindBrokenAsync(Ct));
    }

    /// <summary>As a superuser who has switched off foreign keys as well.</summary>
    private async Task TamperAsync(string sql, object[] seals)
    {
        await using var connection = await database.Superuser.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await using (var free = new NpgsqlCommand("set local session_replication_role = replica", connection)) await free.ExecuteNonQueryAsync(Ct);
        // Prepared, because a statement need not name all three.
        await using var command = new NpgsqlCommand($"prepare tamper (bigint, bigint, bigint) as {sql}; execute tamper ({string.Join(", ", seals)}); deallocate tamper", connection);
        await command.ExecuteNonQueryAsync(Ct);
        await transaction.CommitAsync(Ct);
    }

    private async Task AppendAsync(string actor, int count = 1)
    {
        await using var connection = await _curation.OpenConnectionAsync(Ct);
        for (var i = 0; i < count; i++) await AuditLog.AppendAsync(connection, actor, "decision.submit", "subject", null, Ct);
    }

    private async Task UntilAsync(string condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await database.ScalarAsync<bool>(condition)) await Task.Delay(TimeSpan.FromMilliseconds(10), patience.Token);
    }
}
