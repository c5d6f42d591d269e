using BlockList.Format.Signatures;
using BlockList.Format.Statements;
using BlockList.Format.Tuf;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Gates;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;
using static BlockList.Server.Tests.Publishing.CarelessAgencies;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Versions that change too much at once, through publisher and verifier: what goes out, what waits, and whose word counts.</summary>
public sealed class GateTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly PublishingWorld world = new(postgres);

    public async ValueTask InitializeAsync()
    {
        await world.InitializeAsync();
        await ListAsync(Numbered("kept", 3));
        await world.PublishAsync();
    }

    public ValueTask DisposeAsync() => world.DisposeAsync();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>March 2012: one officer's upload blocked about 8,000 legitimate sites for hours. Here two agencies were careless, with
    /// names that no register knows.</summary>
    [Fact]
    public async Task Denmark_2012_eight_thousand_names_at_once_wait_for_somebody_who_decided_none_of_them()
    {
        await ListAsync(Numbered("site", 8000));
        await world.DecideAsync("olav", DecisionKind.Removal, "kept0.example");

        var published = Assert.IsType<PublishOutcome.Published>(await world.PublishAsync());

        // The removal went out at once; what one version may not add waits.
        Assert.Equal((2, 0, 1), (published.Count, published.Added, published.Removed));
        Assert.Equal("{growth}", await HeldAsync("gates::text"));
        Assert.Equal("8000", await HeldAsync("added::text"));
        Assert.Equal(1L, await world.Database.ScalarAsync<long>("select count(*) from publishing.alarm where kind = 'held' and cleared_at is null"));
        Assert.Contains(world.PublisherLog.At(LogLevel.Critical), line => line.Contains("is held: it would add 8000 entries, 50 may come at once", StringComparison.Ordinal));
        Assert.IsType<PublishOutcome.Held>(await world.PublishAsync());
        Assert.Equal(1L, await world.Database.ScalarAsync<long>("select count(*) from publishing.held"));

        // A curator has no word on it, and who signed part of it is nobody's second pair of eyes.
        Assert.Contains("does not stand in the agency register as a release officer's", Assert.IsType<DecideHeldOutcome.Refused>(await world.SayOfHeldAsync("anna", VersionAction.Confirm)).Because, StringComparison.Ordinal);
        Assert.IsType<DecideHeldOutcome.Done>(await world.SayOfHeldAsync("pieter", VersionAction.Discard));
        Assert.IsType<PublishOutcome.Unchanged>(await world.PublishAsync());
        Assert.Equal(0L, await world.Database.ScalarAsync<long>("select count(*) from publishing.alarm where kind = 'held' and cleared_at is null"));

        // A normal addition is not kept waiting by what was discarded.
        await ListAsync(["fresh.example"]);
        Assert.Equal((3, 1), await PublishedAsync());
    }

    [Fact]
    public async Task Confirmed_version_is_published_at_once_and_only_with_what_was_confirmed()
    {
        await ListAsync(Numbered("site", 60));
        Assert.IsType<PublishOutcome.Held>(await world.PublishAsync());
        Assert.IsType<DecideHeldOutcome.Done>(await world.SayOfHeldAsync("pieter", VersionAction.Confirm));

        await UrgentAsync();

        Assert.Equal(63, (await world.ReadListAsync()).Count);
        Assert.Equal("published", await world.Database.ScalarAsync<string>("select outcome from publishing.held_end"));
        Assert.Equal(1L, await world.Database.ScalarAsync<long>("select count(*) from publishing.ledger where kind = 'version' and outcome = 'accepted'"));
        Assert.Equal(1L, await world.Database.ScalarAsync<long>("select count(*) from oversight.audit where action = 'version.confirm' and actor = 'pieter'"));
        Assert.Equal(1L, await world.Database.ScalarAsync<long>("select count(*) from oversight.audit where action = 'version.hold'"));
    }

    [Fact]
    public async Task Person_who_removed_part_of_it_confirms_nothing_even_past_the_application()
    {
        await ListAsync(Numbered("site", 60));
        await world.PublishAsync();
        await world.SayOfHeldAsync("pieter", VersionAction.Confirm);
        await UrgentAsync();
        foreach (var name in Numbered("site", 60)) await world.DecideAsync("olav", DecisionKind.Removal, name);
        await UrgentAsync();

        Assert.Equal("{ceiling}", await HeldAsync("gates::text"));
        Assert.Equal(58, (await world.ReadListAsync()).Count);
        Assert.Equal(DecideHeld.NotYours, Assert.IsType<DecideHeldOutcome.Refused>(await world.SayOfHeldAsync("olav", VersionAction.Confirm)).Because);

        await world.SayOfHeldAsync("pieter", VersionAction.Confirm);
        await UrgentAsync();
        Assert.Equal(["kept0.example", "kept1.example", "kept2.example"], (await world.ReadListAsync()).Lines);
    }

    [Fact]
    public async Task Last_entry_goes_by_a_removal_only_with_the_word_of_the_lists_owner()
    {
        foreach (var name in Numbered("kept", 3)) await world.DecideAsync("olav", DecisionKind.Removal, name);
        Assert.IsType<PublishOutcome.Held>(await world.PublishAsync());
        Assert.Equal("{empty}", await HeldAsync("gates::text"));
        Assert.Contains("Only the list's owner", Assert.IsType<DecideHeldOutcome.Refused>(await world.SayOfHeldAsync("pieter", VersionAction.Confirm)).Because, StringComparison.Ordinal);

        Assert.IsType<DecideHeldOutcome.Done>(await world.SayOfHeldAsync("lena", VersionAction.Confirm));
        await UrgentAsync();
        Assert.Empty((await world.ReadListAsync()).Lines);
    }

    [Fact]
    public async Task Removal_of_the_last_entry_is_held_once_however_often_somebody_looks()
    {
        foreach (var name in Numbered("kept", 3)) await world.DecideAsync("olav", DecisionKind.Removal, name);
        for (var look = 0; look < 3; look++) await UrgentAsync();
        Assert.IsType<PublishOutcome.Held>(await world.PublishAsync());
        await UrgentAsync();

        Assert.Equal(1L, await world.Database.ScalarAsync<long>("select count(*) from publishing.held"));
        Assert.Equal("raised", await world.Database.ScalarAsync<string>("select string_agg(event, ' ' order by id) from publishing.alarm_event"));
        Assert.IsType<DecideHeldOutcome.Done>(await world.SayOfHeldAsync("lena", VersionAction.Confirm));
        await UrgentAsync();
        Assert.Empty((await world.ReadListAsync()).Lines);
        Assert.Equal("raised cleared", await world.Database.ScalarAsync<string>("select string_agg(event, ' ' order by id) from publishing.alarm_event"));
    }

    /// <summary>Agents withdraw a list one lease after it was evaluated last: what one person left undecided must not end all of it.</summary>
    [Fact]
    public async Task List_goes_on_being_evaluated_while_additions_are_held_and_not_while_removals_are()
    {
        await ListAsync(Numbered("site", 60));
        await world.PublishAsync();
        foreach (var word in new VersionAction?[] { null, VersionAction.Discard })
        {
            if (word is { } said) Assert.IsType<DecideHeldOutcome.Done>(await world.SayOfHeldAsync("pieter", said));
            world.MoveClockTo(world.Now.AddDays(4));
            await world.PublishAsync();
            Assert.True(world.Now - await EvaluatedAsync() < TimeSpan.FromMinutes(5));
        }
        foreach (var name in Numbered("kept", 3)) await world.DecideAsync("olav", DecisionKind.Removal, name);
        var before = await EvaluatedAsync();
        world.MoveClockTo(world.Now.AddDays(4));
        Assert.IsType<PublishOutcome.Held>(await world.PublishAsync());
        Assert.Equal(before, await EvaluatedAsync());

        async Task<DateTimeOffset> EvaluatedAsync()
        {
            var content = await world.Database.ScalarAsync<byte[]>($"select content from publishing.file f join publishing.head h on h.list = f.list and f.path = 'tuf/' || h.targets_version || '.targets.json' where f.list = '{DevelopmentKeys.WorstOf}'");
            return ListFacts.Parse(TargetsDocument.Parse(SignedDocument.Parse(content!).Signed).Files["list.txt"].Custom!.Value).EvaluatedAt;
        }
    }

    [Fact]
    public async Task Removal_is_served_at_once_marked_urgent_and_lapses_and_additions_wait_for_the_slot()
    {
        await ListAsync(["new.example"]);
        await world.DecideAsync("bram", DecisionKind.Withdrawal, "kept1.example");
        await UrgentAsync();

        Assert.Equal(["kept0.example", "kept2.example"], (await world.ReadListAsync()).Lines);
        Assert.True(await world.Database.ScalarAsync<bool>("select urgent and waiting is not null from publishing.version order by serial desc limit 1"));
        Assert.Equal("too-few", await world.Database.ScalarAsync<string>("select removed_because from publishing.entry where line = 'kept1.example'"));
        // Nothing more to do: no further version.
        var serial = await SerialAsync();
        await UrgentAsync();
        Assert.Equal(serial, await SerialAsync());
        Assert.Equal((3, 1), await PublishedAsync());
    }

    [Fact]
    public async Task More_than_five_removals_in_a_day_wait_for_a_second_person_or_the_slot()
    {
        await ListAsync(Numbered("site", 20));
        await world.PublishAsync();
        foreach (var name in Numbered("site", 4)) await world.DecideAsync("olav", DecisionKind.Removal, name);
        await UrgentAsync();
        foreach (var name in Numbered("site", 8).Skip(4)) await world.DecideAsync("olav", DecisionKind.Removal, name);
        await UrgentAsync();

        // 23 entries: 5 may go at once within a day, 4 went before.
        Assert.Equal(18, (await world.ReadListAsync()).Count);
        Assert.Equal("{ceiling} 3", await HeldAsync("gates::text || ' ' || removed"));
        Assert.Equal(1L, await world.Database.ScalarAsync<long>("select count(*) from publishing.alarm where cause = 'ceiling:worst-of' and cleared_at is null"));
        Assert.Equal((15, 0), await PublishedAsync());
        Assert.Equal(0L, await world.Database.ScalarAsync<long>("select count(*) from publishing.alarm where cleared_at is null"));
        Assert.Equal("published", await world.Database.ScalarAsync<string>("select outcome from publishing.held_end e join publishing.held h on h.id = e.held_id where 'ceiling' = any (h.gates)"));
    }

    [Fact]
    public async Task What_a_second_person_confirmed_uses_up_nothing_of_the_days_ceiling()
    {
        await ListAsync(Numbered("site", 20));
        await world.PublishAsync();
        var began = world.Now;
        foreach (var name in Numbered("site", 8)) await world.DecideAsync("olav", DecisionKind.Removal, name);
        await UrgentAsync();
        world.MoveClockTo(began.AddHours(23));
        Assert.IsType<DecideHeldOutcome.Done>(await world.SayOfHeldAsync("pieter", VersionAction.Confirm));
        await UrgentAsync();
        Assert.Equal(15, (await world.ReadListAsync()).Count);

        // The five of yesterday are over, and the three of an hour ago two people wanted.
        world.MoveClockTo(began.AddHours(24).AddMinutes(5));
        foreach (var name in Numbered("site", 12).Skip(8)) await world.DecideAsync("olav", DecisionKind.Removal, name);
        await UrgentAsync();
        Assert.Equal(11, (await world.ReadListAsync()).Count);
    }

    [Fact]
    public async Task Suspension_by_the_clock_leaves_at_once_with_no_decision_behind_it()
    {
        await world.ReviewAsync("cora", "kept0.example", Verdict.NotMet);
        await UrgentAsync();
        Assert.Equal(3, (await world.ReadListAsync()).Count);
        world.MoveClockTo(world.Now.AddHours(24).AddSeconds(1));
        await UrgentAsync();
        Assert.Equal(["kept1.example", "kept2.example"], (await world.ReadListAsync()).Lines);
    }

    [Fact]
    public async Task Word_that_is_written_past_the_application_counts_for_nothing()
    {
        await ListAsync(Numbered("site", 60));
        await world.PublishAsync();
        Assert.IsType<DecideHeldOutcome.Done>(await world.SayOfHeldAsync("pieter", VersionAction.Discard));
        // The stolen login turns a no into a yes: the statement that was signed still says no.
        await world.Database.ExecuteAsync("alter table publishing.version_decision disable trigger all; update publishing.version_decision set action = 'confirm'; alter table publishing.version_decision enable trigger all");
        await UrgentAsync();
        Assert.Equal(3, (await world.ReadListAsync()).Count);
    }

    /// <summary>What was confirmed only lapsed, and what lapsed meanwhile closes the gate again in the same version.</summary>
    [Fact]
    public async Task Confirmed_shrinkage_goes_out_and_what_lapsed_meanwhile_is_asked_about_by_itself()
    {
        var (early, late) = (world.Now.AddMonths(-3).AddDays(2), world.Now.AddMonths(-3).AddDays(2).AddHours(6));
        await world.ListAsync(Numbered("early", 60), early);
        await world.ListAsync(Numbered("late", 60), late);
        await world.PublishConfirmedAsync();
        world.MoveClockTo(early.AddMonths(3).AddMinutes(1));
        Assert.IsType<PublishOutcome.Held>(await world.PublishAsync());
        world.MoveClockTo(late.AddMonths(3).AddMinutes(1));
        Assert.IsType<DecideHeldOutcome.Done>(await world.SayOfHeldAsync("pieter", VersionAction.Confirm));

        var published = Assert.IsType<PublishOutcome.Published>(await world.PublishAsync());

        Assert.Equal((63, 60), (published.Count, published.Removed));
        Assert.Equal("{shrinkage} 60", await HeldAsync("gates::text || ' ' || removed"));
        Assert.IsType<DecideHeldOutcome.Done>(await world.SayOfHeldAsync("pieter", VersionAction.Confirm));
        await UrgentAsync();
        Assert.Equal(3, (await world.ReadListAsync()).Count);
    }

    [Fact]
    public async Task Additions_that_are_held_do_not_stand_in_for_entries_so_that_a_list_is_emptied()
    {
        await ListAsync(Numbered("site", 60));
        foreach (var name in Numbered("kept", 3)) await world.DecideAsync("olav", DecisionKind.Removal, name);

        Assert.IsType<PublishOutcome.Held>(await world.PublishAsync());

        Assert.Equal("{growth,empty} 60 3", await HeldAsync("gates::text || ' ' || added || ' ' || removed"));
        Assert.Equal(3, (await world.ReadListAsync()).Count);
        Assert.IsType<DecideHeldOutcome.Done>(await world.SayOfHeldAsync("lena", VersionAction.Confirm));
        await UrgentAsync();
        Assert.Equal(60, (await world.ReadListAsync()).Count);
    }

    [Fact]
    public async Task Change_is_held_for_people_also_where_the_version_beside_it_is_not_signed()
    {
        await ListAsync(Numbered("site", 60));
        await world.DecideAsync("olav", DecisionKind.Removal, "kept0.example");
        await world.StopVerifierAsync();
        await using var alone = world.NewPublisher(("Publishing:VerifierSeconds", "1"));
        for (var look = 0; look < 2; look++)
            await Assert.ThrowsAsync<NotCountersignedException>(() => alone.GetRequiredService<PublishVersion>().RunAsync(DevelopmentKeys.WorstOf, null, Ct));

        Assert.Equal("{growth} 60 0", await HeldAsync("gates::text || ' ' || added || ' ' || removed"));
        Assert.Equal(1L, await world.Database.ScalarAsync<long>("select count(*) from publishing.held"));
        Assert.IsType<DecideHeldOutcome.Done>(await world.SayOfHeldAsync("pieter", VersionAction.Confirm));
        await world.StartVerifierAsync();
        Assert.Equal((62, 60), await PublishedAsync());
    }

    private Task ListAsync(IReadOnlyList<string> names) => world.ListAsync(names);

    private Task<bool> UrgentAsync() => world.Publisher.GetRequiredService<PublishUrgent>().RunAsync(Ct);

    private async Task<(int Count, int Added)> PublishedAsync()
    {
        var published = Assert.IsType<PublishOutcome.Published>(await world.PublishAsync());
        return (published.Count, published.Added);
    }

    private Task<string?> HeldAsync(string columns) =>
        world.Database.ScalarAsync<string?>($"select {columns} from publishing.held h where not exists (select from publishing.held_end where held_id = h.id) order by held_at desc limit 1");

    private Task<int> SerialAsync() => world.Database.ScalarAsync<int>($"select max(serial) from publishing.version where list = '{DevelopmentKeys.WorstOf}'");
}
