using System.Security.Cryptography;
using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Gates;
using BlockList.Server.Publishing.Ledger;
using BlockList.Server.Publishing.Rebuilding;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;
using static BlockList.Server.Tests.Publishing.CarelessAgencies;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Somebody changed a row of the ledger, as its owner: what a publisher that starts then still lets out, and what it does not.</summary>
public sealed class PublishFromBrokenTests(PostgresFixture postgres) : FromBrokenTests(postgres)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Removal_goes_out_and_nothing_else_until_the_ledger_is_restored(bool verifierStartsAnew)
    {
        await BreakAsync();
        if (verifierStartsAnew) await World.StartVerifierAsync();
        await World.ListAsync(["new.example"]);
        await World.DecideAsync("bram", DecisionKind.Withdrawal, "kept1.example");
        await World.DecideAsync("olav", DecisionKind.Removal, "kept0.example");
        var before = (await World.VerifyAsClientAsync(), Rows: await LedgerRowsAsync());

        await LookAsync();

        // The withdrawal takes a name off by the votes that are left, and a vote may be what was changed.
        Assert.Equal(["kept1.example", "kept2.example", "kept3.example"], (await World.ReadListAsync()).Lines);
        var facts = await World.VerifyAsClientAsync();
        Assert.Equal((2, 3, 0, 1, true), (facts.Version.Value, facts.Count, facts.Added, facts.Removed, facts.Urgent));
        Assert.Equal(before.Item1.EvaluatedAt, facts.EvaluatedAt);
        Assert.Equal(before.Rows, await LedgerRowsAsync());
        Assert.Equal("removed olav", await World.Database.ScalarAsync<string>("select e.removed_because || ' ' || d.person from publishing.entry e join publishing.version v on v.list = e.list and v.serial = e.removed_serial join curation.decision d on d.id = any (v.removed_by) and d.episode_id = e.removed_episode_id where e.line = 'kept0.example'"));
        Assert.True(await World.Database.ScalarAsync<bool>("select v.ledger_position = b.ledger_position and v.evaluated_at = b.evaluated_at from publishing.version v join publishing.version b on b.list = v.list and b.serial = 1 where v.serial = 2"));
        Assert.Equal("broken", await World.Database.ScalarAsync<string>("select form from publishing.candidate order by created_at desc limit 1"));
        await RequirePagedAsync();

        // A publisher that starts then finds the same, and nothing more to do.
        await using (var another = World.NewPublisher())
        {
            await LookAsync(another);
            await Assert.ThrowsAsync<LedgerBrokenException>(() => another.GetRequiredService<PublishVersion>().RunAsync(List, null, Ct));
        }
        Assert.Equal(2, (await World.VerifyAsClientAsync()).Version.Value);
        Assert.Equal(["raised"], await AlarmEventsAsync());

        await RestoreAsync();
        await LookAsync();
        Assert.Equal(["raised", "cleared"], await AlarmEventsAsync());
        Assert.Equal(["kept2.example", "kept3.example"], (await World.ReadListAsync()).Lines);
        Assert.IsType<PublishOutcome.Published>(await Publisher.GetRequiredService<PublishVersion>().RunAsync(List, null, Ct));
        Assert.Equal(["kept2.example", "kept3.example", "new.example"], (await World.ReadListAsync()).Lines);
        await RequireRebuiltAsync();
    }

    [Theory]
    [InlineData("update publishing.ledger set received_at = 'infinity' where position = 2")]
    [InlineData("update publishing.ledger set outcome = 'refused', reason = 'x' where position = 2")]
    [InlineData("delete from publishing.ledger where position = 2")]
    [InlineData("delete from publishing.ledger where position > 2")]
    [InlineData("alter table publishing.ledger alter column leaf type bigint")]
    public async Task Removal_goes_out_however_the_ledger_was_changed(string change)
    {
        await World.Database.ExecuteAsync($"alter table publishing.ledger disable trigger all; {change}; alter table publishing.ledger enable trigger all");
        await World.StartVerifierAsync();
        await World.DecideAsync("olav", DecisionKind.Removal, "kept0.example");
        await LookAsync();
        Assert.Equal(3, (await World.ReadListAsync()).Count);
        Assert.Equal(["raised"], await AlarmEventsAsync());
    }

    [Fact]
    public async Task Publisher_that_replayed_the_ledger_before_it_was_changed_comes_to_the_same_beside_a_verifier_that_starts()
    {
        await BreakAsync();
        await World.StartVerifierAsync();
        await World.DecideAsync("olav", DecisionKind.Removal, "kept0.example");

        await LookAsync(World.Publisher);
        Assert.Equal(4, (await World.ReadListAsync()).Count);
        Assert.Contains(World.VerifierLog.At(LogLevel.Critical), line => line.Contains("is not the one that was verified before", StringComparison.Ordinal));
        await LookAsync(World.Publisher);

        Assert.Equal(3, (await World.ReadListAsync()).Count);
        await RequirePagedAsync();
    }

    [Fact]
    public async Task Removal_that_its_rules_refuse_is_listed_again_when_the_ledger_is_back()
    {
        await BreakAsync();
        await World.DecideAsync("olav", DecisionKind.Removal, "kept0.example");
        await LookAsync();
        Assert.Equal(3, (await World.ReadListAsync()).Count);
        await RestoreAsync();
        // By the register that is in force then, Olav is no release officer: his removal is taken without effect.
        var register = World.Keys.ComposeRegister(World.Cast, 2);
        var credential = register.Credentials[World.CredentialOf("olav")];
        await World.TakeRegisterAsync(register with { Credentials = register.Credentials.Values.Select(c => c == credential ? c with { Roles = [RegisteredCredential.Curator] } : c).ToDictionary(c => c.Id, StringComparer.Ordinal) });

        Assert.IsType<PublishOutcome.Published>(await Publisher.GetRequiredService<PublishVersion>().RunAsync(List, null, Ct));
        Assert.Equal(4, (await World.ReadListAsync()).Count);
        await RequireRebuiltAsync();
    }

    [Fact]
    public async Task Removal_that_nobody_signed_does_not_go_out()
    {
        await BreakAsync();
        var removal = Assert.Single(await World.Curation.GetRequiredService<PrepareDecisions>().ForEntryAsync(DecisionKind.Removal, List, PublishingWorld.Listed("kept0.example"), null, null, World.CredentialOf("olav"), Ct));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var nonce = RandomNumberGenerator.GetBytes(DecisionChallenge.NonceLength);
        await ForgedDecision.InsertAsync(World.Database.Curation, World.CredentialOf("olav"), false, nonce, Assertion.Create(key, DecisionChallenge.ForStatement(nonce, removal.Bytes), DevelopmentKeys.RelyingParty), removal);

        await LookAsync();

        Assert.Equal(4, (await World.ReadListAsync()).Count);
        await RequirePagedAsync();
    }

    [Fact]
    public async Task Removal_of_an_earlier_life_of_the_name_does_not_go_out()
    {
        await World.DecideAsync("olav", DecisionKind.Removal, "kept0.example");
        await World.PublishAsync();
        // Within the minutes that a person's clock may be behind the publisher's.
        await World.ListAsync(["kept0.example"]);
        await World.PublishAsync();
        Assert.Equal(4, (await World.ReadListAsync()).Count);
        await BreakAsync();

        await LookAsync();

        Assert.Equal(4, (await World.ReadListAsync()).Count);
    }

    [Fact]
    public async Task More_than_five_in_a_day_wait_and_the_last_entry_stays()
    {
        await World.ListAsync(Numbered("site", 3));
        await World.PublishAsync();
        await BreakAsync();
        foreach (var name in Numbered("site", 3).Concat(Numbered("kept", 4))) await World.DecideAsync("olav", DecisionKind.Removal, name);

        await LookAsync();
        await LookAsync();

        // The oldest first.
        Assert.Equal(["kept2.example", "kept3.example"], (await World.ReadListAsync()).Lines);
        Assert.Contains("2 more removals wait", await World.Database.ScalarAsync<string>("select message from publishing.alarm where cleared_at is null"), StringComparison.Ordinal);
        World.MoveClockTo(World.Now.AddDays(1).AddMinutes(1));
        await LookAsync();
        await LookAsync();
        Assert.Equal(["kept3.example"], (await World.ReadListAsync()).Lines);
        Assert.Equal(["raised"], await AlarmEventsAsync());
        await RestoreAsync();
        await RequireRebuiltAsync();
    }

    [Fact]
    public async Task Removal_that_a_second_person_discarded_stays_discarded()
    {
        await World.ListAsync(Numbered("site", 20));
        await World.PublishAsync();
        foreach (var name in Numbered("site", 6)) await World.DecideAsync("olav", DecisionKind.Removal, name);
        await LookAsync();
        Assert.Equal(19, (await World.ReadListAsync()).Count);
        Assert.IsType<DecideHeldOutcome.Done>(await World.SayOfHeldAsync("pieter", VersionAction.Discard));
        await BreakAsync();
        await using var another = World.NewPublisher();
        World.MoveClockTo(World.Now.AddDays(1).AddMinutes(1));

        await LookAsync(another);

        Assert.Equal(19, (await World.ReadListAsync()).Count);
        Assert.Equal(1L, await World.Database.ScalarAsync<long>("select count(*) from publishing.alarm where kind = 'ledger' and cleared_at is null"));
    }

    [Fact]
    public async Task Metadata_is_signed_anew_while_the_ledger_is_broken_and_leases_do_not_seem_looked_after()
    {
        await BreakAsync();
        var (first, facts) = (await World.ReadHeadAsync(), await World.VerifyAsClientAsync());
        World.MoveClockTo(first.TimestampSignedAt.AddHours(7));
        Assert.True(await Publisher.GetRequiredService<RenewMetadata>().RunAsync(List, Ct));
        await World.VerifyAsClientAsync();
        World.MoveClockTo(first.TargetsSignedAt.AddDays(3));

        await LookAsync();
        await LookAsync();

        var head = await World.ReadHeadAsync();
        Assert.Equal((first.Serial, first.TargetsVersion + 1), (head.Serial, head.TargetsVersion));
        Assert.Equal(facts, await World.VerifyAsClientAsync());
        Assert.Equal("resigned", await World.Database.ScalarAsync<string>("select form from publishing.candidate order by created_at desc limit 1"));
    }

    [Fact]
    public async Task Version_is_not_made_again_without_the_ledger_or_the_decision_that_it_rests_on()
    {
        await BreakAsync();
        await World.DecideAsync("olav", DecisionKind.Removal, "kept0.example");
        await LookAsync();
        await Assert.ThrowsAsync<LedgerBrokenException>(() => Publisher.GetRequiredService<RebuildVersion>().RunAsync(List, 2, Ct));
        await RestoreAsync();
        await RequireRebuiltAsync();
        await World.Database.ExecuteAsync("alter table curation.assertion disable trigger all; update curation.assertion set signature = 'x' where id = (select assertion_id from curation.decision where kind = 'removal')");

        var problem = await Assert.ThrowsAsync<RebuildException>(() => Publisher.GetRequiredService<RebuildVersion>().RunAsync(List, 2, Ct));

        Assert.Contains("by 1 removals of release officers or decisions about complaints; of these 0", problem.Message, StringComparison.Ordinal);
    }

    private async Task RequirePagedAsync()
    {
        Assert.Equal("ledger worst-of", await World.Database.ScalarAsync<string>("select string_agg(kind || ' ' || list, ', ' order by list desc) from publishing.alarm where cleared_at is null and list = 'worst-of'"));
        Assert.Contains(World.PublisherLog.At(LogLevel.Critical), line => line.Contains("List worst-of: The ledger is not intact at position 1", StringComparison.Ordinal));
    }

    private async Task<string[]> AlarmEventsAsync() =>
        await World.Database.ScalarAsync<string[]>("select array_agg(e.event order by e.id) from publishing.alarm_event e join publishing.alarm a on a.id = e.alarm_id where a.list = 'worst-of'") ?? [];

    private Task<long> LedgerRowsAsync() => World.Database.ScalarAsync<long>("select count(*) from publishing.ledger");
}
