using System.Security.Cryptography;
using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Ledger;
using BlockList.Server.Tests.Publishing;
using BlockList.Server.Tests.Publishing.Model;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Curation;

/// <summary>What an episode's row says, against the decisions it was computed from.</summary>
public sealed class SummaryTests(PublishingWorld world, ITestOutputHelper output) : IClassFixture<PublishingWorld>
{
    private const ulong Seed = 3_261_122;
    private static readonly string[] Curators = ["anna", "dirk", "cora", "bram", "elise"];

    private readonly Desk desk = new(world);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entry_of_two_countries_is_eligible_and_of_two_agencies_of_one_country_is_not()
    {
        var name = world.NewName();
        await desk.ProposeAsync("anna", name);
        Assert.Equal("review [no-police] 1/1", await desk.RowAsync(name));
        await desk.AssessAsync("cora", name);
        Assert.Equal("review [no-hotline no-police] 2/1", await desk.RowAsync(name));
        await desk.AssessAsync("bram", name);
        Assert.Equal("eligible [nl-hotline no-hotline no-police] 3/2", await desk.RowAsync(name));
    }

    [Fact]
    public async Task Decline_closes_the_episode_and_the_name_can_be_proposed_anew()
    {
        var name = world.NewName();
        await desk.ProposeAsync("anna", name);
        await desk.AssessAsync("bram", name, Verdict.NotMet);
        Assert.Equal("disputed [nl-hotline no-police] 1/1", await desk.RowAsync(name));
        await desk.AssessAsync("elise", name, Verdict.NotMet);
        Assert.Equal("declined [fr-police nl-hotline no-police] 1/1 closed", await desk.RowAsync(name));

        var first = await desk.EpisodeAsync(name);
        Assert.IsType<SubmitOutcome.Accepted>(await desk.ProposeAsync("anna", name));
        Assert.Equal("review [no-police] 1/1", await desk.RowAsync(name));
        Assert.NotEqual(first, await desk.EpisodeAsync(name));
        Assert.Equal("declined f", await world.Database.ScalarAsync<string>("select format('%s %s', stage, is_current) from curation.episode where id = $1", first));
    }

    [Fact]
    public async Task Removal_closes_and_withdrawal_of_every_vote_leaves_an_entry_that_waits_for_nobody()
    {
        var (removed, withdrawn) = (world.NewName(), world.NewName());
        await desk.ProposeAsync("anna", removed);
        await desk.DecideAsync("olav", DecisionKind.Removal, removed);
        Assert.Equal("removed [no-police] 1/1 closed", await desk.RowAsync(removed));
        await desk.ProposeAsync("anna", withdrawn);
        await desk.DecideAsync("dirk", DecisionKind.Withdrawal, withdrawn);
        Assert.Equal("withdrawn [no-police] 0/0", await desk.RowAsync(withdrawn));
    }

    [Fact]
    public async Task Published_entry_that_is_doubted_stays_in_for_a_day_and_is_then_suspended()
    {
        var name = world.NewName();
        await desk.ProposeAsync("anna", name);
        await desk.AssessAsync("bram", name);
        Assert.True(await world.IsPublishedAsync(name));
        await desk.AssessAsync("elise", name, Verdict.NotMet);
        Assert.StartsWith("disputed", await desk.RowAsync(name), StringComparison.Ordinal);

        await AdvanceAsync(world.Now.AddHours(23));
        Assert.StartsWith("disputed", await desk.RowAsync(name), StringComparison.Ordinal);
        await AdvanceAsync(world.Now.AddHours(25));
        Assert.StartsWith("suspended", await desk.RowAsync(name), StringComparison.Ordinal);
        await desk.AssessAsync("cora", name);
        Assert.StartsWith("eligible", await desk.RowAsync(name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_that_is_sent_twice_is_answered_with_what_it_did()
    {
        var (name, form) = (world.NewName(), new Guid(RandomNumberGenerator.GetBytes(16)));
        Assert.IsType<SubmitOutcome.Accepted>(await desk.ProposeAsync("anna", name, submission: form));
        var before = await CountAsync();

        var again = Assert.IsType<SubmitOutcome.AlreadySubmitted>(await desk.ProposeAsync("anna", world.NewName(), submission: form));
        Assert.Equal((Desk.List, "proposal", 1, (Guid?)await desk.HandleAsync(name)), (again.List, again.Kinds, again.Decisions, again.Subject));
        Assert.IsType<SubmitOutcome.Refused>(await desk.ProposeAsync("bram", world.NewName(), submission: form));
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task Form_that_is_sent_twice_at_once_acts_once()
    {
        var (name, form) = (world.NewName(), new Guid(RandomNumberGenerator.GetBytes(16)));
        var prepared = await desk.Get<PrepareDecisions>().ForProposalAsync(new ProposalRequest(Desk.List, name, Format.Names.Scope.Domain, await desk.JudgeAsync(Verdict.Met), world.Now.AddDays(-1)), world.CredentialOf("cora"), Ct);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => desk.SubmitAsync("cora", prepared, form))));

        Assert.Single(outcomes.OfType<SubmitOutcome.Accepted>());
        Assert.Equal(3, outcomes.OfType<SubmitOutcome.AlreadySubmitted>().Count());
        Assert.Equal(1L, await world.Database.ScalarAsync<long>("select count(*) from curation.decision where name = $1", name));
    }

    [Fact]
    public async Task Two_agencies_that_vote_at_once_are_both_counted()
    {
        var names = Enumerable.Range(0, 10).Select(_ => world.NewName()).ToArray();
        foreach (var name in names)
        {
            await desk.ProposeAsync("anna", name);
            await Task.WhenAll(new[] { "bram", "elise", "cora" }.Select(person => Task.Run(() => desk.AssessAsync(person, name))));
            Assert.Equal("eligible [fr-police nl-hotline no-hotline no-police] 4/3", await desk.RowAsync(name));
        }
    }

    [Fact]
    public async Task Row_says_what_the_publishers_ledger_says_after_any_history()
    {
        var random = new Seeded(Seed);
        var names = Enumerable.Range(0, 12).Select(_ => world.NewName()).ToArray();
        var steps = 0;
        for (var step = 0; step < 160; step++)
        {
            if (step % 40 == 39) await world.PublishAsync();
            if (await StepAsync(random, random.Of(names)) is SubmitOutcome.Accepted) steps++;
        }
        output.WriteLine($"seed {Seed}: {steps} decisions");
        Assert.True(steps > 80, "too few decisions were taken");

        var rules = await desk.RulesAsync();
        var register = world.Keys.ComposeRegister(world.Cast, 1);
        await world.PublishAsync();
        var stages = new HashSet<EpisodeStage>();
        await world.Publisher.GetRequiredService<LedgerReplay>().UseAsync(register, async state =>
        {
            await world.Publisher.GetRequiredService<TakeDecisions>().RunAsync(state, register, Ct);
            foreach (var name in names)
            {
                if (state.NewestOf(Desk.List, PublishingWorld.Listed(name)) is not { } episode) continue;
                var expected = EpisodeSummary.Of(episode, rules, world.Now, null);
                stages.Add(expected.Stage);
                Assert.Equal($"{EpisodeSummary.Print(expected.Stage)} [{expected.Voters}] {expected.MetAgencies}/{expected.MetCountries}{(expected.IsClosed ? " closed" : "")}", await desk.RowAsync(name));
                Assert.Equal(expected.LapsesAt, await world.Database.ScalarAsync<DateTime>("select lapses_at from curation.episode where name = $1 and is_current", name));
            }
            return 0;
        }, Ct);
        output.WriteLine(string.Join(' ', stages));
        Assert.True(stages.Count >= 4, "the histories show too little");
        await AssertTalliesAsync();
    }

    [Fact]
    public async Task What_time_does_is_the_same_in_the_database_and_in_the_formula()
    {
        var random = new Seeded(Seed + 1);
        var names = Enumerable.Range(0, 8).Select(_ => world.NewName()).ToArray();
        foreach (var name in names)
        {
            await desk.ProposeAsync("anna", name, random.OneIn(3) ? Verdict.NotMet : Verdict.Met, sightedAt: world.Now.AddDays(-1 - random.Below(80)));
            if (random.OneIn(2)) await desk.AssessAsync("bram", name);
        }
        var rules = await desk.RulesAsync();
        for (var days = 3; days < 120; days += 3)
        {
            var instant = world.Now.AddDays(days);
            await AdvanceAsync(instant);
            foreach (var name in names)
            {
                var (id, waited) = (await desk.EpisodeAsync(name), await world.Database.ScalarAsync<DateTime>("select opened_at from curation.episode where name = $1", name));
                await using var connection = new Npgsql.NpgsqlConnection(world.Database.Curation);
                await connection.OpenAsync(Ct);
                await using var transaction = await connection.BeginTransactionAsync(Ct);
                var replayed = (await ReplayEpisodes.RunAsync(connection, [id], new HashSet<Guid>(), rules, Ct))[id];
                var summary = EpisodeSummary.Of(replayed.State, rules, instant, new DateTimeOffset(waited, TimeSpan.Zero));
                Assert.Equal($"{EpisodeSummary.Print(summary.Stage)} [{summary.Voters}] {summary.MetAgencies}/{summary.MetCountries}{(summary.IsClosed ? " closed" : "")}{(summary.Overdue ? " overdue" : "")}{(summary.Lapsing ? " lapsing" : "")}",
                    await desk.RowAsync(name));
                var due = await world.Database.ScalarAsync<DateTime?>("select due_at from curation.episode where name = $1", name);
                Assert.True(due is null ? summary.DueAt is null : Math.Abs((summary.DueAt!.Value - due.Value).TotalSeconds) < 1, $"{name}: {summary.DueAt} and {due}");
            }
        }
        Assert.All(names, name => Assert.StartsWith("lapsed", desk.RowAsync(name).Result, StringComparison.Ordinal));
        await AssertTalliesAsync();
    }

    [Fact]
    public async Task Refusals_say_what_to_do()
    {
        var name = world.NewName();
        await desk.ProposeAsync("anna", name);
        await desk.DecideAsync("olav", DecisionKind.Removal, name);
        var gone = await Assert.ThrowsAsync<CurationException>(() => desk.AssessAsync("bram", name));
        Assert.Contains("propose it anew", gone.Message, StringComparison.Ordinal);
        var again = await Assert.ThrowsAsync<CurationException>(async () =>
        {
            var other = world.NewName();
            await desk.ProposeAsync("anna", other);
            await desk.ProposeAsync("bram", other);
        });
        Assert.Contains("waits for your agency's assessment", again.Message, StringComparison.Ordinal);
    }

    private async Task<SubmitOutcome?> StepAsync(Seeded random, string name)
    {
        var (person, verdict) = (random.Of(Curators), random.Of([Verdict.Met, Verdict.Met, Verdict.NotMet, Verdict.Unknown]));
        try
        {
            return random.Below(12) switch
            {
                0 => await desk.DecideAsync("olav", DecisionKind.Removal, name),
                1 => await desk.DecideAsync(person, DecisionKind.Withdrawal, name),
                2 => await desk.DecideAsync(person, DecisionKind.Sighting, name, world.Now.AddHours(-1 - random.Below(100))),
                3 or 4 or 5 => await desk.ProposeAsync(person, name, verdict),
                _ => await desk.AssessAsync(person, name, verdict),
            };
        }
        catch (CurationException)
        {
            return null;
        }
    }

    /// <summary>As the worker's sweep does, at an instant of the test's.</summary>
    private async Task AdvanceAsync(DateTimeOffset instant) => await world.Database.ScalarAsync<int>("select curation.advance_stages_at($1, 10000)", instant.UtcDateTime);

    private async Task AssertTalliesAsync()
    {
        const string Differences = """
            with counted as (
              select list, queue, voters, count(*) as n from curation.episode,
                lateral (values (stage, true), ('overdue', overdue), ('lapsing', lapsing), ('untold', closed_at is null and not told)) as q (queue, is_in)
              where is_current and is_in group by list, queue, voters),
            kept as (select list, queue, voters, sum(n) as n from curation.tally group by list, queue, voters having sum(n) <> 0)
            select count(*) from counted c full join kept k using (list, queue, voters) where c.n is distinct from k.n
            """;
        Assert.Equal(0L, await world.Database.ScalarAsync<long>(Differences));
        await world.Database.ScalarAsync<int>("select curation.fold_tallies()");
        Assert.Equal(0L, await world.Database.ScalarAsync<long>(Differences));
        Assert.Equal(0L, await world.Database.ScalarAsync<long>("select count(*) from (select from curation.tally group by list, queue, voters having count(*) > 1) as twice"));
    }

    private Task<string?> CountAsync() => world.Database.ScalarAsync<string>("""
        select concat_ws(' ', (select count(*) from curation.decision), (select count(*) from curation.assertion), (select count(*) from curation.submission), (select count(*) from curation.episode))
        """);
}
