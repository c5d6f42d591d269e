using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Alarms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>What is signed anew and not evaluated: whoever took the publisher over keeps no name on a list by it, and an honest
/// list whose removals wait for a person goes on being signed, with an alarm that says how long already.</summary>
public sealed class ResignedTests(PostgresFixture postgres) : PublishingTests(postgres)
{
    private TakenOverPublisher thief = null!;

    protected override async Task PrepareAsync()
    {
        thief = new TakenOverPublisher(World);
        var name = World.NewName();
        await World.ProposeAsync("anna", name);
        await World.ReviewAsync("bram", name);
        await World.PublishAsync();
    }

    [Fact]
    public async Task Lapsed_name_is_kept_for_a_week_and_no_longer()
    {
        var name = World.NewName();
        await World.ProposeAsync("anna", name, sightedAt: World.Now.AddMonths(-3).AddDays(1));
        await World.ReviewAsync("bram", name);
        Assert.True(await World.IsPublishedAsync(name));
        await PassAsync(3);
        var evaluated = (await thief.CurrentAsync()).Facts!.EvaluatedAt;
        // As a publisher does whose keys are replaced between two slots.
        Assert.NotNull(await thief.EvaluateAsync(CandidateForm.Resigned, evaluated));
        await PassAsync(5);
        var problem = await Assert.ThrowsAsync<NotCountersignedException>(() => thief.EvaluateAsync(CandidateForm.Resigned, evaluated));
        Assert.Contains("no gate holds them", problem.Message, StringComparison.Ordinal);
        // The publisher as it should be lets it go.
        Assert.False(await World.IsPublishedAsync(name));
    }

    [Fact]
    public async Task Decision_that_is_kept_back_is_not_outlived_by_signing_anew()
    {
        var name = World.NewName();
        await World.ProposeAsync("anna", name);
        await World.ReviewAsync("bram", name);
        Assert.True(await World.IsPublishedAsync(name));
        Assert.IsType<SubmitOutcome.Accepted>(await World.DecideAsync("anna", DecisionKind.Withdrawal, name));
        await AgeAsync("curation.decision");
        var problem = await Assert.ThrowsAsync<NotCountersignedException>(async () => await thief.EvaluateAsync(CandidateForm.Resigned, (await thief.CurrentAsync()).Facts!.EvaluatedAt));
        Assert.Contains("left out of the ledger", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Word_on_a_held_version_that_is_kept_back_stops_every_signature()
    {
        await HoldAsync();
        Assert.IsType<Server.Publishing.Gates.DecideHeldOutcome.Done>(await World.SayOfHeldAsync("lena", VersionAction.Confirm));
        await AgeAsync("publishing.version_decision");
        foreach (var form in new[] { CandidateForm.Resigned, CandidateForm.Unchanged })
        {
            var problem = await Assert.ThrowsAsync<NotCountersignedException>(async () => await thief.EvaluateAsync(form, form == CandidateForm.Resigned ? (await thief.CurrentAsync()).Facts!.EvaluatedAt : Format.Json.Timestamp.Truncate(World.Now)));
            Assert.Contains("about a held version is authentic", problem.Message, StringComparison.Ordinal);
        }
        await World.Publisher.GetRequiredService<PublishUrgent>().RunAsync(Ct);
        Assert.Empty((await World.ReadListAsync()).Lines);
    }

    /// <summary>Nobody decides for ten weeks: agents withdraw the list after three months, and until then it verifies.</summary>
    [Fact]
    public async Task List_whose_removals_wait_for_a_person_is_signed_anew_for_as_long_as_it_takes_and_alarms_say_so()
    {
        await HoldAsync();
        var (before, evaluated) = (await World.ReadHeadAsync(), (await World.VerifyAsClientAsync()).EvaluatedAt);
        for (var week = 0; week < 10; week++)
        {
            await PassAsync(7);
            Assert.IsType<PublishOutcome.Held>(await World.PublishAsync());
            Assert.Equal(evaluated, (await World.VerifyAsClientAsync()).EvaluatedAt);
        }
        Assert.Equal(before.TargetsVersion + 10, (await World.ReadHeadAsync()).TargetsVersion);
        await World.Publisher.GetRequiredService<WatchLists>().LookAtAgeAsync(List, Ct);
        Assert.Contains("was last evaluated on", await World.Database.ScalarAsync<string>("select message from publishing.alarm where cause = 'evaluation:worst-of' and cleared_at is null"), StringComparison.Ordinal);
        // The verifier says it too, to whoever reads its log: it was not told by the publisher.
        var began = TimeProvider.System.GetTimestamp();
        while (!World.VerifierLog.At(LogLevel.Critical).Any(line => line.Contains("worst-of was last evaluated at", StringComparison.Ordinal)))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30));
            await Task.Delay(100, Ct);
        }
        Assert.DoesNotContain(World.VerifierLog.At(LogLevel.Critical), line => line.Contains("REFUSED", StringComparison.Ordinal));

        Assert.IsType<Server.Publishing.Gates.DecideHeldOutcome.Done>(await World.SayOfHeldAsync("lena", VersionAction.Confirm));
        await World.PublishAsync();
        await World.Publisher.GetRequiredService<WatchLists>().LookAtAgeAsync(List, Ct);
        Assert.Equal(0L, await World.Database.ScalarAsync<long>("select count(*) from publishing.alarm where cause = 'evaluation:worst-of' and cleared_at is null"));
    }

    /// <summary>A publisher that was away for a day finds decisions and a new root at once.</summary>
    [Fact]
    public async Task Keys_are_replaced_while_decisions_wait_to_be_taken()
    {
        var name = World.NewName();
        await World.ProposeAsync("anna", name);
        await AgeAsync("curation.decision");
        World.Keys.ReplaceVerifierKey(List);
        World.Keys.SignRoot(List, 2);
        await World.Publisher.GetRequiredService<TakeRoot>().RunAsync(await File.ReadAllBytesAsync(World.Keys.RootFile(List, 2), Ct), Ct);
        Assert.True(await World.Publisher.GetRequiredService<RenewMetadata>().RunAsync(List, Ct));
        await World.VerifyAsClientAsync();
        Assert.Empty(World.VerifierLog.At(LogLevel.Critical));
    }

    /// <summary>Somebody broke the ledger: on that day above all keys must be replaceable.</summary>
    [Fact]
    public async Task Keys_are_replaced_while_the_ledger_does_not_hold()
    {
        await thief.RewriteAsync(1, row => row with { ReceivedAt = row.ReceivedAt.AddDays(-1) });
        World.Keys.ReplaceVerifierKey(List);
        World.Keys.SignRoot(List, 2);
        await World.Publisher.GetRequiredService<TakeRoot>().RunAsync(await File.ReadAllBytesAsync(World.Keys.RootFile(List, 2), Ct), Ct);
        Assert.True(await World.Publisher.GetRequiredService<RenewMetadata>().RunAsync(List, Ct));
        await World.VerifyAsClientAsync();
        Assert.Contains(World.VerifierLog.At(LogLevel.Critical), line => line.Contains("without a look at the ledger", StringComparison.Ordinal));
    }

    /// <summary>All that is listed is removed: to empty a list takes its owner.</summary>
    private async Task HoldAsync()
    {
        await World.DecideAsync("olav", DecisionKind.Removal, (await World.ReadListAsync()).Lines.Single());
        Assert.IsType<PublishOutcome.Held>(await World.PublishAsync());
    }

    /// <summary>Days in which timestamp and snapshot are signed anew, and no slot comes.</summary>
    private async Task PassAsync(int days)
    {
        for (var day = 0; day < days; day++)
        {
            World.MoveClockTo(World.Now.AddDays(1));
            await World.Publisher.GetRequiredService<RenewMetadata>().RunAsync(List, Ct);
        }
    }

    private async Task AgeAsync(string table) =>
        await World.Database.ExecuteAsync($"alter table {table} disable trigger all; update {table} set received_at = received_at - interval '1 hour'; alter table {table} enable trigger all");
}
