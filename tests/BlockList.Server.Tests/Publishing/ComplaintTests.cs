using BlockList.Format.Statements;
using BlockList.Server.Complaints.Cases;
using BlockList.Server.Curation;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Gates;
using BlockList.Server.Publishing.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;
using static BlockList.Server.Tests.Publishing.CarelessAgencies;
using static BlockList.Server.Tests.Publishing.ComplaintSteps;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Complaints from the officer's signature to the published list, through publisher and verifier. A world for each test, with
/// four entries that Anna and Bram listed.</summary>
public sealed class ComplaintTests(PostgresFixture postgres) : PublishingTests(postgres)
{
    private const string Name = "kept0.example";

    protected override async Task PrepareAsync()
    {
        await World.ListAsync(Numbered("kept", 4));
        await World.PublishAsync();
    }

    [Fact]
    public async Task Suspended_entry_leaves_at_once_and_comes_back_when_the_suspension_ends()
    {
        Decided(await World.SuspendAsync("carlo", Name));
        await World.PublishUrgentAsync();

        Assert.DoesNotContain(Name, await LinesAsync());
        var facts = await World.VerifyAsClientAsync();
        Assert.Equal((2, 3, 0, 1, true), (facts.Version.Value, facts.Count, facts.Added, facts.Removed, facts.Urgent));
        Assert.Equal("complaint", await BecauseAsync());
        Assert.Equal("suspended", await StageAsync());
        // A slot brings nothing back, however long it lasts.
        World.MoveClockTo(World.Now.AddDays(40));
        await World.PublishAsync();
        Assert.DoesNotContain(Name, await LinesAsync());

        Decided(await World.ResumeAsync("carlo", Name));
        Assert.Equal("eligible", await StageAsync());
        // An urgent version adds nothing: it comes with the next slot.
        await World.PublishUrgentAsync();
        Assert.DoesNotContain(Name, await LinesAsync());
        await World.PublishAsync();
        Assert.Contains(Name, await LinesAsync());
    }

    [Theory]
    [InlineData(ComplaintOutcome.Upheld)]
    [InlineData(ComplaintOutcome.Cleaned)]
    [InlineData(ComplaintOutcome.Partly)]
    internal async Task Entry_that_was_freed_never_comes_back_by_old_votes(ComplaintOutcome outcome)
    {
        Decided(await World.DecideComplaintAsync("carlo", Name, outcome));
        await World.PublishUrgentAsync();
        Assert.DoesNotContain(Name, await LinesAsync());
        Assert.True((await World.VerifyAsClientAsync()).Urgent);
        Assert.Equal("upheld removed", $"{await BecauseAsync()} {await StageAsync()}");

        // Neither a sighting nor a vote wakes it, and what is proposed anew needs a second agency again.
        await Assert.ThrowsAsync<CurationException>(() => World.DecideAsync("anna", DecisionKind.Sighting, Name, World.Now));
        await World.ProposeAsync("anna", Name, sightedAt: World.Now.AddMinutes(-1));
        await World.PublishAsync();
        Assert.DoesNotContain(Name, await LinesAsync());
        await World.ReviewAsync("bram", Name);
        await World.PublishAsync();
        Assert.Contains(Name, await LinesAsync());
    }

    [Fact]
    public async Task Rejected_complaint_ends_its_suspension_and_changes_nothing_else()
    {
        Decided(await World.SuspendAsync("carlo", Name));
        Decided(await World.SuspendAsync("otto", Name, "BL-9TT3HJ6C"));
        await World.PublishUrgentAsync();
        Decided(await World.DecideComplaintAsync("carlo", Name, ComplaintOutcome.Rejected));
        await World.PublishAsync();
        // Another complaint keeps it off still.
        Assert.DoesNotContain(Name, await LinesAsync());
        Decided(await World.DecideComplaintAsync("carlo", Name, ComplaintOutcome.Rejected, "BL-9TT3HJ6C"));
        await World.PublishAsync();
        Assert.Contains(Name, await LinesAsync());
        Assert.Equal(2L, await World.Database.ScalarAsync<long>("select count(*) from publishing.ledger l join curation.decision d on d.id = l.decision_id where d.kind = 'complaint-outcome' and l.outcome = 'accepted'"));
        Assert.Equal("{\"case\": \"BL-9TT3HJ6C\", \"list\": \"worst-of\", \"kinds\": \"complaint-outcome\", \"agency\": null, \"decisions\": 1}",
            await World.Database.ScalarAsync<string>("select (detail - 'first')::text from oversight.audit where action = 'decision.submit' and actor = 'carlo' order by id desc limit 1"));
    }

    [Fact]
    public async Task Appeal_is_oversights_and_never_theirs_who_rejected()
    {
        await World.GiveRolesAsync("carlo", RegisteredCredential.ComplaintsOfficer, RegisteredCredential.Oversight);
        var rejected = Decided(await World.DecideComplaintAsync("carlo", Name, ComplaintOutcome.Rejected));
        Assert.Contains("yourself", Refused(await World.DecideComplaintAsync("carlo", Name, ComplaintOutcome.Upheld)), StringComparison.Ordinal);
        Decided(await World.SuspendAsync("otto", Name));
        var appeal = Decided(await World.DecideComplaintAsync("otto", Name, ComplaintOutcome.Upheld));
        Assert.Equal(rejected, await World.Database.ScalarAsync<Guid>("select supersedes from curation.decision where id = $1", appeal));
        await World.PublishUrgentAsync();
        Assert.DoesNotContain(Name, await LinesAsync());
    }

    [Fact]
    public async Task Complaints_officer_decides_no_appeal_and_nothing_follows_the_appeal()
    {
        Decided(await World.DecideComplaintAsync("otto", Name, ComplaintOutcome.Rejected));
        Assert.Contains("oversight's", Refused(await World.DecideComplaintAsync("carlo", Name, ComplaintOutcome.Upheld)), StringComparison.Ordinal);
        Assert.Contains("oversight's", Refused(await World.SuspendAsync("carlo", Name)), StringComparison.Ordinal);
        await World.GiveRolesAsync("carlo", RegisteredCredential.Oversight);
        Decided(await World.DecideComplaintAsync("carlo", Name, ComplaintOutcome.Rejected));
        Assert.Contains("over", Refused(await World.SuspendAsync("carlo", Name)), StringComparison.Ordinal);
        await World.PublishAsync();
        Assert.Contains(Name, await LinesAsync());
    }

    [Fact]
    public async Task Suspension_is_made_once_ended_once_and_names_a_day()
    {
        Assert.Contains("not suspended", Refused(await World.ResumeAsync("carlo", Name)), StringComparison.Ordinal);
        Decided(await World.SuspendAsync("carlo", Name));
        Assert.Contains("already", Refused(await World.SuspendAsync("otto", Name)), StringComparison.Ordinal);
        var entry = await World.EntryAsync(Name, "BL-9TT3HJ6C");
        foreach (var until in new[] { World.Now, World.Now.AddDays(32) })
        {
            Assert.Contains("ten working days", Refused(await World.InTransactionAsync(connection =>
                World.Curation.GetRequiredService<SuspendEntry>().RunAsync(connection, CastSigner.ViewerOf(World.Cast["carlo"]), entry, until, Ct))), StringComparison.Ordinal);
        }
        Assert.Equal(1L, await World.Database.ScalarAsync<long>("select count(*) from curation.decision where kind = 'suspension'"));
    }

    [Theory]
    [InlineData("olav")]
    [InlineData("bram")]
    [InlineData("lena")]
    public async Task Nobody_without_the_role_decides(string person)
    {
        Assert.Contains("not the role", Refused(await World.SuspendAsync(person, Name)), StringComparison.Ordinal);
        Assert.Contains("not the role", Refused(await World.DecideComplaintAsync(person, Name, ComplaintOutcome.Upheld)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decisions_of_one_transaction_follow_one_another_and_are_gone_with_it()
    {
        var entries = new[] { await World.EntryAsync(Name), await World.EntryAsync("kept1.example") };
        foreach (var commits in new[] { false, true })
        {
            await using var connection = await World.Curation.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(Ct);
            await using var transaction = await connection.BeginTransactionAsync(Ct);
            await ForgedDecision.ExecuteAsync(connection, "insert into curation.saved_filter (id, person, name, filter) values (gen_random_uuid(), 'carlo', 'beside', '{}')");
            foreach (var entry in entries)
                Decided(await World.Curation.GetRequiredService<DecideComplaint>().RunAsync(connection, CastSigner.ViewerOf(World.Cast["carlo"]), entry, ComplaintOutcome.Upheld, Ct));
            if (commits) await transaction.CommitAsync(Ct);
            else await transaction.RollbackAsync(Ct);
            Assert.Equal(commits ? "2 1" : "0 0", await World.Database.ScalarAsync<string>("select (select count(*) from curation.decision where person = 'carlo') || ' ' || (select count(*) from curation.saved_filter)"));
        }
        await World.PublishUrgentAsync();
        Assert.Equal(["kept2.example", "kept3.example"], await LinesAsync());
    }

    /// <summary>Nobody asks for a second connection while they hold one: as many as there are connections come through at once.</summary>
    [Fact]
    public async Task As_many_decide_at_once_as_there_are_connections()
    {
        var entries = await Task.WhenAll(Numbered("kept", 4).Select(name => World.EntryAsync(name)));
        var everybody = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ready = 0;
        var decided = await Task.WhenAll(entries.Select(entry => World.InTransactionAsync(async connection =>
        {
            if (Interlocked.Increment(ref ready) == entries.Length) everybody.SetResult();
            await everybody.Task;
            return await World.Curation.GetRequiredService<DecideComplaint>().RunAsync(connection, CastSigner.ViewerOf(World.Cast[entry == entries[0] ? "otto" : "carlo"]), entry, ComplaintOutcome.Upheld, Ct);
        })));

        // One passkey signs one after the other: who was overtaken tries again.
        Assert.All(decided, d => Assert.True(d is CaseDecision.Decided or CaseDecision.Overtaken));
        Decided(decided[0]);
        Assert.Contains(decided[1..], d => d is CaseDecision.Decided);
    }

    [Fact]
    public async Task What_lapsed_and_stands_on_the_list_still_leaves_at_once_for_a_complaint()
    {
        // The slot that would take it off has not come.
        World.MoveClockTo(World.Now.AddMonths(3).AddHours(1));
        Decided(await World.SuspendAsync("carlo", Name));
        await World.PublishUrgentAsync();
        Assert.Equal(["kept1.example", "kept2.example", "kept3.example"], await LinesAsync());
        Decided(await World.DecideComplaintAsync("carlo", "kept1.example", ComplaintOutcome.Upheld, "BL-9TT3HJ6C"));
        await World.PublishUrgentAsync();
        Assert.Equal(["kept2.example", "kept3.example"], await LinesAsync());
    }

    [Fact]
    public async Task Last_entry_leaves_for_a_complaint_without_the_word_of_the_lists_owner()
    {
        foreach (var name in Numbered("kept", 4)) Decided(await World.SuspendAsync("carlo", name));
        await World.PublishUrgentAsync();
        Assert.Empty(await LinesAsync());
        Assert.Equal(0L, await World.Database.ScalarAsync<long>("select count(*) from publishing.held"));
    }

    /// <summary>Whoever has an officer's passkey frees no more in a day than whoever has a release officer's.</summary>
    [Fact]
    public async Task Complaints_count_in_the_ceiling_of_a_day_go_first_and_go_on_with_a_second_signature()
    {
        await World.ListAsync(Numbered("site", 20));
        await World.PublishAsync();
        foreach (var name in Numbered("site", 4)) await World.DecideAsync("olav", DecisionKind.Removal, name);
        await World.PublishUrgentAsync();
        await World.DecideAsync("olav", DecisionKind.Removal, "site4.example");
        Decided(await World.SuspendAsync("carlo", "site9.example"));
        Decided(await World.DecideComplaintAsync("carlo", "site8.example", ComplaintOutcome.Upheld));
        await World.PublishUrgentAsync();

        // 24 entries: five may go within a day, four went before.
        var lines = await LinesAsync();
        Assert.Equal(19, lines.Count);
        Assert.Contains("site4.example", lines);
        Assert.Equal("{ceiling} 2", await World.Database.ScalarAsync<string>("select gates::text || ' ' || removed from publishing.held where id not in (select held_id from publishing.held_end)"));
        Assert.Equal(DecideHeld.NotYours, Assert.IsType<DecideHeldOutcome.Refused>(await World.SayOfHeldAsync("olav", VersionAction.Confirm)).Because);
        Assert.IsType<DecideHeldOutcome.Done>(await World.SayOfHeldAsync("pieter", VersionAction.Confirm));
        await World.PublishUrgentAsync();
        Assert.Equal(17, (await LinesAsync()).Count);
    }

    [Fact]
    public async Task Discarding_keeps_no_entry_on_the_list_that_is_suspended()
    {
        foreach (var name in Numbered("kept", 4)) await World.DecideAsync("bram", DecisionKind.Withdrawal, name);
        await World.PublishUrgentAsync();
        Assert.IsType<DecideHeldOutcome.Done>(await World.SayOfHeldAsync("lena", VersionAction.Discard));
        await World.PublishUrgentAsync();
        Assert.Equal(4, (await LinesAsync()).Count);
        Decided(await World.SuspendAsync("carlo", Name));
        await World.PublishUrgentAsync();
        Assert.Equal(["kept1.example", "kept2.example", "kept3.example"], await LinesAsync());
    }

    [Fact]
    public async Task Ledger_with_decisions_about_complaints_verifies_from_its_first_row()
    {
        Decided(await World.SuspendAsync("carlo", Name));
        Decided(await World.DecideComplaintAsync("otto", Name, ComplaintOutcome.Rejected));
        Decided(await World.DecideComplaintAsync("carlo", "kept1.example", ComplaintOutcome.Upheld));
        await World.PublishAsync();
        await World.StartVerifierAsync();
        await using var fresh = World.NewPublisher();
        Assert.Null((await fresh.GetRequiredService<VerifyLedger>().RunAsync(Ct)).Problem);
        Assert.IsType<PublishOutcome.Unchanged>(await fresh.GetRequiredService<PublishVersion>().RunAsync(Tools.Deployments.DevelopmentKeys.WorstOf, null, Ct));
    }

    private async Task<IReadOnlyList<string>> LinesAsync() => [.. (await World.ReadListAsync()).Lines];

    private Task<string?> BecauseAsync() => World.Database.ScalarAsync<string?>("select removed_because from publishing.entry where line = $1", Name);

    private Task<string?> StageAsync() => World.Database.ScalarAsync<string?>("select stage from curation.episode where name = $1 and is_current", Name);
}
