using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Publishing.Ledger;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>The whole ledger, verified again. A world for each test.</summary>
public sealed class VerifyLedgerTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly PublishingWorld world = new(postgres);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await world.InitializeAsync();
        await world.ProtectAsync("olav", "critical.example");
        await world.ProposeAsync("anna", "one.example");
        await world.ProposeAsync("bram", "two.example");
        // One batch over two statements.
        await world.SignAsync("elise", p => p.ForReviewAsync(DevelopmentKeys.WorstOf, [], Verdict.Met, null, world.CredentialOf("elise"), Ct));
        await world.PublishAsync();
    }

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Ledger_that_nobody_touched_holds_with_every_signature_under_it()
    {
        var verdict = await VerifyAsync();

        // A row of the register, two proposals, two reviews under one signature, the first publication of both.
        Assert.Equal((6, 4, null), (verdict.Rows, verdict.Signatures, verdict.Problem));
        Assert.Equal(0L, await AlarmsAsync());
        Assert.Equal(1L, await world.Database.ScalarAsync<long>("select count(*) from oversight.audit where action = 'ledger.verify' and detail ->> 'holds' = 'true'"));
    }

    [Fact]
    public async Task Batch_of_which_a_part_was_taken_holds_with_what_was_received_beside_it()
    {
        Assert.IsType<SubmitOutcome.Accepted>(await world.ProposeAsync("anna", "three.example"));
        Assert.IsType<SubmitOutcome.Accepted>(await world.ProposeAsync("anna", "four.example"));
        await world.SignAsync("elise", p => p.ForReviewAsync(DevelopmentKeys.WorstOf, [], Verdict.Met, null, world.CredentialOf("elise"), Ct));
        await using (var publisher = world.NewPublisher(("Publishing:TakeAtOnce", "1")))
            await publisher.GetRequiredService<Server.Publishing.PublishVersion>().RunAsync(DevelopmentKeys.WorstOf, null, Ct);

        Assert.Null((await VerifyAsync()).Problem);
    }

    [Theory]
    [InlineData("update publishing.ledger set outcome = 'refused', reason = 'x' where position = 3", "Row 3 ")]
    [InlineData("update publishing.ledger set statement = replace(encode(statement, 'escape'), 'two', 'six')::bytea where position = 3", "Row 3 ")]
    [InlineData("update publishing.ledger set received_at = received_at - interval '1 day' where position = 1", "Row 1 ")]
    [InlineData("delete from publishing.ledger where position = 4", "Row 4 ")]
    [InlineData("delete from publishing.ledger where position = 7; update publishing.version set ledger_position = 7", "Row 7 ")]
    [InlineData("update publishing.ledger_assertion set signature = set_byte(signature, 20, get_byte(signature, 20) # 1) where id = (select assertion_id from publishing.ledger where position = 2)", "Row 2 ")]
    [InlineData("update publishing.ledger_assertion set statements = 1 where form = 'batch'", " does not hold")]
    [InlineData("delete from publishing.ledger_assertion where id = (select assertion_id from publishing.ledger where position = 1)", "Row 1 ")]
    public async Task Row_that_somebody_changed_is_named_with_what_to_restore(string change, string named)
    {
        await world.Database.ExecuteAsync("alter table publishing.ledger disable trigger all; alter table publishing.ledger_assertion disable trigger all; alter table publishing.version disable trigger all");
        await world.Database.ExecuteAsync(change);

        var verdict = await VerifyAsync();

        Assert.Contains(named, verdict.Problem, StringComparison.Ordinal);
        Assert.Contains("restore publishing.ledger", verdict.Problem, StringComparison.Ordinal);
        Assert.Equal(1L, await AlarmsAsync());
        Assert.Contains(world.PublisherLog.At(LogLevel.Critical), line => line.Contains(verdict.Problem!, StringComparison.Ordinal));
    }

    private Task<LedgerVerdict> VerifyAsync() => world.Publisher.GetRequiredService<VerifyLedger>().RunAsync(Ct);

    private Task<long> AlarmsAsync() => world.Database.ScalarAsync<long>("select count(*) from publishing.alarm where kind = 'ledger' and cleared_at is null");
}
