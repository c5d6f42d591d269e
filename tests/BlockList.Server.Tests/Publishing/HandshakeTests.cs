using BlockList.Format.Json;
using BlockList.Server.Publishing;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Two roles sign, and either may be away, die between two steps, or come late.</summary>
public sealed class HandshakeTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string List = DevelopmentKeys.WorstOf;
    private readonly PublishingWorld world = new(postgres);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => world.InitializeAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Without_the_verifier_nothing_is_published_and_with_it_the_next_run_publishes()
    {
        await world.PublishAsync();
        var name = world.NewName();
        await DecideAsync(name);
        await world.StopVerifierAsync();
        await using (var hasty = world.NewPublisher(("Publishing:VerifierSeconds", "1")))
        {
            var silent = await Assert.ThrowsAsync<NotCountersignedException>(() => hasty.GetRequiredService<PublishVersion>().RunAsync(List, null, Ct));
            Assert.Contains("did not answer within 1 seconds", silent.Message, StringComparison.Ordinal);
        }
        Assert.Equal(1, (await world.VerifyAsClientAsync()).Version.Value);
        // Nobody waits for that candidate any more, and no number is used up by it.
        await world.StartVerifierAsync();
        Assert.True(await world.IsPublishedAsync(name));
        Assert.Equal(2, (await world.VerifyAsClientAsync()).Version.Value);
        Assert.Equal(1L, await world.Database.ScalarAsync<long>("select count(*) from publishing.candidate c where not exists (select from verifying.answer where candidate_id = c.id)"));
    }

    [Fact]
    public async Task Verifier_that_starts_while_the_publisher_waits_answers_it()
    {
        await world.StopVerifierAsync();
        var publishing = world.PublishAsync();
        await world.StartVerifierAsync();
        Assert.IsType<PublishOutcome.Published>(await publishing);
    }

    [Fact]
    public async Task Publisher_that_dies_after_the_signature_burns_no_serial_when_the_list_is_the_same()
    {
        await world.PublishAsync();
        var name = world.NewName();
        await DecideAsync(name);
        await DieAfterSignatureAsync();
        Assert.True(await world.IsPublishedAsync(name));
        Assert.Equal(2, (await world.VerifyAsClientAsync()).Version.Value);
        // One list, two documents, each with a number of its own.
        Assert.Equal("2 2, 2 3", await world.Database.ScalarAsync<string>("select string_agg(serial || ' ' || targets_version, ', ' order by targets_version) from verifying.answer where list = 'worst-of' and outcome = 'signed' and serial > 1"));
        Assert.Equal(3, (await world.ReadHeadAsync()).TargetsVersion);
    }

    [Fact]
    public async Task Publisher_that_dies_after_the_signature_leaves_its_serial_to_its_list()
    {
        await world.PublishAsync();
        var (first, second) = (world.NewName(), world.NewName());
        await DecideAsync(first);
        await DieAfterSignatureAsync();
        await DecideAsync(second);
        Assert.True(await world.IsPublishedAsync(second));
        var facts = await world.VerifyAsClientAsync();
        Assert.Equal((3, 2), (facts.Version.Value, facts.Added));
        // There is no step to it from version 1, and the next one has its step again.
        Assert.Equal("whole list", await StepToAsync(3));
        await DecideAsync(world.NewName());
        await world.PublishAsync();
        Assert.Equal("step", await StepToAsync(4));
        Assert.Equal(4, (await world.VerifyAsClientAsync()).Version.Value);
    }

    [Fact]
    public async Task Repository_from_before_the_verifier_goes_on_alone_and_has_two_signatures_after_a_rotation()
    {
        world.Keys.SignRoot(List, 2, withVerifier: false);
        await TakeRootAsync(2);
        await world.StopVerifierAsync();
        var name = world.NewName();
        await DecideAsync(name);
        Assert.True(await world.IsPublishedAsync(name));

        world.Keys.SignRoot(List, 3);
        await TakeRootAsync(3);
        await world.StartVerifierAsync();
        var before = await world.ReadHeadAsync();
        await world.Publisher.GetRequiredService<SweepSchedule>().RunAsync(Ct);
        Assert.Equal((before.TargetsVersion + 1, 3), ((await world.ReadHeadAsync()).TargetsVersion, (await world.ReadHeadAsync()).RootVersion));
        await world.VerifyAsClientAsync();
    }

    [Fact]
    public async Task Replaced_key_of_the_verifier_is_taken_by_a_root()
    {
        await world.PublishAsync();
        world.Keys.ReplaceVerifierKey(List);
        world.Keys.SignRoot(List, 2);
        await TakeRootAsync(2);
        Assert.True(await world.Publisher.GetRequiredService<RenewMetadata>().RunAsync(List, Ct));
        Assert.Equal(2, (await world.ReadHeadAsync()).RootVersion);
        await world.VerifyAsClientAsync();
    }

    /// <summary>What a publisher got signed and never exposed is no ground for the next one: it goes on from what is served.</summary>
    [Fact]
    public async Task Publisher_that_dies_after_an_evaluation_was_signed_leaves_a_list_that_can_be_signed_anew()
    {
        await world.PublishAsync();
        world.MoveClockTo(world.Now.AddDays(1));
        var thief = new TakenOverPublisher(world);
        var served = await thief.CurrentAsync();
        Assert.NotNull(await thief.EvaluateAsync(CandidateForm.Unchanged, Timestamp.Truncate(world.Now)));

        world.Keys.ReplaceVerifierKey(List);
        world.Keys.SignRoot(List, 2);
        await TakeRootAsync(2);
        Assert.True(await world.Publisher.GetRequiredService<RenewMetadata>().RunAsync(List, Ct));
        Assert.Equal((2, served.Head!.TargetsVersion + 2), ((await world.ReadHeadAsync()).RootVersion, (await world.ReadHeadAsync()).TargetsVersion));
        Assert.Equal(served.Facts!.EvaluatedAt, (await world.VerifyAsClientAsync()).EvaluatedAt);
    }

    [Fact]
    public async Task Quiet_list_is_signed_anew_and_evaluated_after_the_register_gave_it_another_lease()
    {
        await world.PublishAsync();
        var register = world.Keys.ComposeRegister(world.Cast, 2);
        await world.TakeRegisterAsync(register with { Lists = register.Lists.ToDictionary(l => l.Key, l => l.Key == List ? l.Value with { LeaseMonths = 4 } : l.Value, StringComparer.Ordinal) });
        world.Keys.ReplaceVerifierKey(List);
        world.Keys.SignRoot(List, 2);
        await TakeRootAsync(2);
        // Only signed anew it says what it said; evaluated under the new register it says what that says.
        Assert.True(await world.Publisher.GetRequiredService<RenewMetadata>().RunAsync(List, Ct));
        Assert.Equal(3, (await world.VerifyAsClientAsync()).LeaseMonths);
        world.MoveClockTo(world.Now.AddDays(4));
        Assert.IsType<PublishOutcome.Unchanged>(await world.PublishAsync());
        Assert.Equal((1, 4), ((await world.VerifyAsClientAsync()).Version.Value, (await world.VerifyAsClientAsync()).LeaseMonths));
    }

    [Fact]
    public async Task Two_verifiers_give_one_answer()
    {
        await using var other = await RunningVerifier.StartAsync(world.Database.Verifier, world.Keys, world.Clock, world.VerifierLog, ("Verifying:RecordFile", world.Keys.VerifierRecordFile + ".other"));
        for (var i = 0; i < 3; i++)
        {
            var name = world.NewName();
            await DecideAsync(name);
            Assert.True(await world.IsPublishedAsync(name));
        }
        Assert.Equal(3, (await world.VerifyAsClientAsync()).Version.Value);
    }

    private Task<string?> StepToAsync(int serial) => world.Database.ScalarAsync<string>(
        "select case when convert_from(content, 'UTF8') like 'blocklist-delta/1 %' then 'step' else 'whole list' end from publishing.candidate where serial = $1 order by created_at desc limit 1", serial);

    private async Task DecideAsync(string name)
    {
        await world.ProposeAsync("anna", name);
        await world.ReviewAsync("bram", name);
    }

    private async Task TakeRootAsync(int version) =>
        await world.Publisher.GetRequiredService<TakeRoot>().RunAsync(await File.ReadAllBytesAsync(world.Keys.RootFile(List, version), Ct), Ct);

    /// <summary>Leaves what a publisher leaves that is killed between the verifier's answer and its commit.</summary>
    private async Task DieAfterSignatureAsync()
    {
        var thief = new TakenOverPublisher(world);
        var register = await world.Publisher.GetRequiredService<PinnedRegister>().TakeAsync(Ct);
        await world.Publisher.GetRequiredService<Server.Publishing.Ledger.LedgerReplay>().UseAsync(register, state => world.Publisher.GetRequiredService<TakeDecisions>().RunAsync(state, register, Ct), Ct);
        var names = await world.Database.ScalarAsync<string[]>("select array_agg(distinct name order by name) from curation.episode");
        Assert.NotNull((await thief.AskAsync(Format.Lists.ListFile.OfLines(names!))).Signed);
    }
}
