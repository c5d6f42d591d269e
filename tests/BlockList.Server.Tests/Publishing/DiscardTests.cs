using BlockList.Format.Statements;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Gates;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;
using static BlockList.Server.Tests.Publishing.CarelessAgencies;

namespace BlockList.Server.Tests.Publishing;

/// <summary>What one person's no does, and for how long: it holds what they saw, and nothing that came since.</summary>
public sealed class DiscardTests(PostgresFixture postgres) : PublishingTests(postgres)
{
    private const string Kept = "discarded:worst-of";

    protected override async Task PrepareAsync()
    {
        await World.ListAsync(Numbered("kept", 3));
        await World.PublishAsync();
        await World.ListAsync(Numbered("site", 70), World.Now.AddMonths(-3).AddDays(3));
        await World.PublishConfirmedAsync();
    }

    [Fact]
    public async Task Later_decision_frees_an_entry_at_once_whose_removal_was_discarded()
    {
        await DiscardWithdrawalsAsync(60);
        Assert.Equal("60", await AlarmAsync());
        await World.DecideAsync("olav", DecisionKind.Removal, "site0.example");

        await UrgentAsync();

        var list = await World.ReadListAsync();
        Assert.Equal((72, false, true), (list.Count, list.Contains("site0.example"), list.Contains("site1.example")));
        Assert.Equal("59", await AlarmAsync());
        Assert.DoesNotContain(World.VerifierLog.At(LogLevel.Critical), line => line.Contains("REFUSED", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Alarm_stands_until_what_was_discarded_is_confirmed_after_all()
    {
        await DiscardWithdrawalsAsync(60);
        // A slot later nothing has changed, and others go on.
        await World.ListAsync(["fresh.example"]);
        Assert.Equal(74, Assert.IsType<PublishOutcome.Published>(await World.PublishAsync()).Count);
        Assert.Equal("60", await AlarmAsync());

        Assert.IsType<DecideHeldOutcome.Done>(await World.SayOfHeldAsync("pieter", VersionAction.Confirm));
        await UrgentAsync();

        Assert.Equal(14, (await World.ReadListAsync()).Count);
        Assert.Null(await AlarmAsync());
    }

    [Fact]
    public async Task Lapse_after_the_word_is_no_part_of_it()
    {
        await DiscardWithdrawalsAsync(60);
        World.MoveClockTo(World.Now.AddDays(5));

        Assert.IsType<PublishOutcome.Held>(await World.PublishAsync());

        Assert.Equal("{shrinkage} 70", await World.Database.ScalarAsync<string>("select gates::text || ' ' || removed from publishing.held order by held_at desc limit 1"));
        Assert.Null(await AlarmAsync());
    }

    /// <summary>Eight are suspended, of which five may go within a day; the other three stand in what is discarded.</summary>
    [Fact]
    public async Task Suspension_is_kept_on_the_list_by_nobodys_word()
    {
        var suspended = Numbered("site", 8);
        foreach (var name in suspended) await World.ReviewAsync("cora", name, Verdict.NotMet);
        // The clock of a re-review runs from when it is taken.
        await World.PublishAsync();
        World.MoveClockTo(World.Now.AddHours(24).AddSeconds(1));

        await DiscardWithdrawalsAsync(70, from: 8, remaining: 65);

        var list = await World.ReadListAsync();
        Assert.Equal(0, suspended.Count(list.Contains));
        Assert.Equal("65", await World.Database.ScalarAsync<string>("select removed::text from publishing.held order by held_at desc limit 1"));
        Assert.Equal("62", await AlarmAsync());
    }

    [Fact]
    public async Task Officer_of_another_country_has_no_word_on_a_national_list()
    {
        await World.Database.ExecuteAsync("""
            insert into publishing.held (id, list, gates, serial, change, added, removed, may_add, may_remove, ledger_position, evaluated_at)
            select gen_random_uuid(), 'no-national', array['growth'], 1,
              convert_to('blocklist-delta/1 from=1 to=2 from-sha256=' || repeat('0', 64) || ' to-sha256=' || repeat('1', 64) || e'\n+n.example\n', 'SQL_ASCII'), 1, 0, 50, 50, 1, now()
            """);
        Assert.Contains("national list of NO", Assert.IsType<DecideHeldOutcome.Refused>(await World.SayOfHeldAsync("pieter", VersionAction.Confirm)).Because, StringComparison.Ordinal);
        var word = await SignedWord.InsertAsync(World, "pieter", statement => statement with { List = DevelopmentKeys.NoNational });
        Assert.IsType<DecideHeldOutcome.Done>(await World.SayOfHeldAsync("olav", VersionAction.Confirm));
        await World.ListAsync(["fresh.example"]);

        Assert.IsType<PublishOutcome.Published>(await World.PublishAsync());

        Assert.Equal("the list is of another country than the agency", await World.Database.ScalarAsync<string>("select reason from publishing.ledger where decision_id = $1", word));
        Assert.Equal(1L, await World.Database.ScalarAsync<long>("select count(*) from publishing.ledger where kind = 'version' and outcome = 'accepted' and list = 'no-national'"));
    }

    /// <summary>An agency takes its votes back in many entries, a slot holds that, and somebody else says no.</summary>
    private async Task DiscardWithdrawalsAsync(int upTo, int from = 0, int remaining = 73)
    {
        var token = Ct;
        foreach (var name in Numbered("site", upTo).Skip(from))
            await World.SignAsync("bram", p => p.ForEntryAsync(DecisionKind.Withdrawal, DevelopmentKeys.WorstOf, PublishingWorld.Listed(name), null, null, World.CredentialOf("bram"), token));
        await World.PublishAsync();
        Assert.IsType<DecideHeldOutcome.Done>(await World.SayOfHeldAsync("pieter", VersionAction.Discard));
        await World.PublishAsync();
        Assert.Equal(remaining, (await World.ReadListAsync()).Count);
    }

    private Task<bool> UrgentAsync() => World.Publisher.GetRequiredService<PublishUrgent>().RunAsync(Ct);

    /// <summary>How many entries the alarm speaks of; null where none stands.</summary>
    private Task<string?> AlarmAsync() => World.Database.ScalarAsync<string?>("select split_part(message, ' ', 1) from publishing.alarm where cause = $1 and cleared_at is null", Kept);
}
