using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Format.Tuf;
using BlockList.Server.Curation;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Ledger;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>
/// The publisher was taken over: whoever has it has its login, the ledger's secret, the online keys and the program, and plays
/// what can be played with them. The verifier signs none of it, says why, and what is published stays.
/// </summary>
public sealed class TakenOverPublisherTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string List = DevelopmentKeys.WorstOf;
    private readonly PublishingWorld world = new(postgres);
    private TakenOverPublisher thief = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await world.InitializeAsync();
        thief = new TakenOverPublisher(world);
        await ListAsync(world.NewName());
    }

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Decision_that_nobody_signed_lists_nobody()
    {
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        await world.PublishAsync();
        await thief.ForgeAsync(await PrepareReviewAsync("bram", name));
        await RefusesAsync(() => world.PublishAsync(), "does not hold");
        Assert.False((await world.ReadListAsync()).Contains(name));
    }

    [Fact]
    public async Task Name_that_no_decision_supports_is_not_signed()
    {
        var list = (await thief.CurrentAsync()).List;
        await RefusesAsync(() => thief.AskAsync(list.Union(ListFile.OfLines(["innocent.example"]))), "1 entries too many");
        await RefusesAsync(() => thief.AskAsync(list.Union(ListFile.OfLines(["innocent.example"])), CandidateForm.Partial), "not decided");
        await RefusesAsync(() => thief.AskAsync(list.Union(ListFile.OfLines(["innocent.example"])), CandidateForm.Urgent), "only removes");
        await RefusesAsync(() => thief.AskAsync(ListFile.Empty), "empties the list");
    }

    [Fact]
    public async Task Withdrawal_that_is_kept_back_stops_every_signature()
    {
        var name = world.NewName();
        await ListAsync(name);
        Assert.IsType<SubmitOutcome.Accepted>(await world.DecideAsync("anna", DecisionKind.Withdrawal, name));
        // For a few minutes it may have come while the version was made.
        var list = (await thief.CurrentAsync()).List;
        await world.Database.ExecuteAsync("alter table curation.decision disable trigger all; update curation.decision set received_at = received_at - interval '1 hour'; alter table curation.decision enable trigger all");
        await RefusesAsync(() => thief.AskAsync(list), "left out of the ledger");
        await RefusesAsync(async () => await thief.AskAsync(list, CandidateForm.Unchanged, (await thief.CurrentAsync()).Serial, c => c with { Content = null }), "left out of the ledger");
        // The publisher as it should be takes it.
        Assert.False(await world.IsPublishedAsync(name));
    }

    [Fact]
    public async Task Withdrawal_that_is_refused_against_the_rules_stops_every_signature()
    {
        await world.KeepListedAsync();
        var name = world.NewName();
        await ListAsync(name);
        var decisions = await world.Curation.GetRequiredService<PrepareDecisions>().ForEntryAsync(DecisionKind.Withdrawal, List, PublishingWorld.Listed(name), null, null, world.CredentialOf("anna"), Ct);
        var signed = world.Sign("anna", decisions);
        await world.Curation.GetRequiredService<SubmitDecisions>().RunAsync(signed, null, Ct);
        await thief.TakeAsync(decisions[0], signed, "the episode is closed");
        await RefusesAsync(async () => await thief.AskAsync((await thief.CurrentAsync()).List), "nothing speaks against it");
    }

    [Fact]
    public async Task Decision_that_is_dated_ahead_is_refused()
    {
        var name = world.NewName();
        await ListAsync(name);
        var decisions = await PrepareReviewsAsync("cora", name, Verdict.NotMet);
        var signed = world.Sign("cora", decisions);
        await world.Curation.GetRequiredService<SubmitDecisions>().RunAsync(signed, null, Ct);
        // The clock of the re-review would begin in ten years, and the entry stay until then.
        await thief.TakeAsync(decisions[0], signed, null, world.Now.AddYears(10));
        await RefusesAsync(async () => await thief.AskAsync((await thief.CurrentAsync()).List), "in the future");
    }

    [Fact]
    public async Task Ledger_that_was_written_anew_is_found_by_the_running_verifier_and_by_one_that_starts()
    {
        await using (var connection = await thief.ConnectAsync())
        {
            await using var update = new NpgsqlCommand("update publishing.ledger set outcome = 'refused'", connection);
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => update.ExecuteNonQueryAsync(Ct))).SqlState);
        }
        await thief.RewriteAsync(1, row => row with { ReceivedAt = row.ReceivedAt.AddDays(-1) });
        // Its chain holds, as a publisher that starts now sees.
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        await world.ReviewAsync("bram", name);
        await using var fresh = world.NewPublisher();
        await RefusesAsync(() => fresh.GetRequiredService<PublishVersion>().RunAsync(List, null, Ct), "written anew");
        await world.StartVerifierAsync();
        await RefusesAsync(() => fresh.GetRequiredService<PublishVersion>().RunAsync(List, null, Ct), "is not the one that was verified before");
    }

    [Fact]
    public async Task Serial_gets_one_list_and_the_next_version_goes_on_above_it()
    {
        var (first, second) = (world.NewName(), world.NewName());
        var serial = (await thief.CurrentAsync()).NextSerial;
        await world.ProposeAsync("anna", first);
        await world.ReviewAsync("bram", first);
        // Taken and signed, and kept from everyone.
        await TakeAsync();
        var list = (await thief.CurrentAsync()).List.Union(ListFile.OfLines([first]));
        Assert.NotNull((await thief.AskAsync(list)).Signed);
        await world.ProposeAsync("anna", second);
        await world.ReviewAsync("bram", second);
        await TakeAsync();
        await RefusesAsync(() => thief.AskAsync(list.Union(ListFile.OfLines([second])), serial: serial), "another list was signed");
        await RefusesAsync(() => thief.AskAsync(list.Union(ListFile.OfLines([second])), serial: serial.Next().Next()), "is due");

        var published = Assert.IsType<PublishOutcome.Published>(await world.PublishAsync());
        Assert.Equal(serial.Next(), published.Serial);
        Assert.Equal(published.Serial, (await world.VerifyAsClientAsync()).Version);
        Assert.True((await world.ReadListAsync()).Contains(second));
        // A version that is out is not passed over.
        await RefusesAsync(() => thief.AskAsync(list, change: c => c with { Previous = (Serial.First, c.Previous!.Value.Sha256) }), "goes on from");
    }

    [Fact]
    public async Task Targets_that_the_publisher_signs_alone_are_refused_by_clients()
    {
        var before = await world.ReadHeadAsync();
        await thief.PublishAloneAsync(ListFile.OfLines(["innocent.example"]));
        var refused = await Assert.ThrowsAsync<RefusedException>(() => world.VerifyAsClientAsync());
        Assert.Equal(RefusalReason.Signature, refused.Reason);
        // What was published before still verifies, whoever serves it.
        await world.Database.ExecuteAsync("update publishing.head set serial = $1, targets_version = $2, snapshot_version = $3, timestamp_version = $4, timestamp_content = $5",
            before.Serial, before.TargetsVersion, before.SnapshotVersion, before.TimestampVersion, before.TimestampContent);
        await world.VerifyAsClientAsync();
    }

    [Fact]
    public async Task Publication_that_never_was_is_refused()
    {
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        await world.PublishAsync();
        var episode = await world.Database.ScalarAsync<Guid>("select id from curation.episode where name = $1", name);
        // A published entry would not be guarded any more.
        await thief.ForgePublicationAsync(episode, (await world.ReadHeadAsync()).Serial);
        await RefusesAsync(async () => await thief.AskAsync((await thief.CurrentAsync()).List), "does not stand in version");
    }

    [Fact]
    public async Task Register_that_is_kept_back_stops_every_signature()
    {
        var old = await File.ReadAllTextAsync(world.Keys.RegisterFile, Ct);
        var register = world.Keys.ComposeRegister(world.Cast, 2);
        world.Keys.SignRegister(register with { Credentials = register.Credentials.Where(c => c.Value.Person != "bram").ToDictionary(StringComparer.Ordinal) });
        await File.WriteAllTextAsync(world.Keys.RegisterFile, old, Ct);
        await RefusesAsync(async () => await thief.AskAsync((await thief.CurrentAsync()).List), "the verifier has register 2");
    }

    [Fact]
    public async Task Instant_of_another_day_is_refused()
    {
        var list = (await thief.CurrentAsync()).List;
        await RefusesAsync(() => thief.AskAsync(list, change: c => c with { EvaluatedAt = c.EvaluatedAt.AddDays(-1) }), "clock");
        await RefusesAsync(() => thief.AskAsync(list, change: c => c with { LedgerPosition = c.LedgerPosition + 7 }), "ends at row");
    }

    [Fact]
    public async Task Record_that_the_verifier_did_not_write_lets_no_list_through()
    {
        // With the verifier's login as well: a version before that was never derived, so that its names need not be added.
        var evil = ListFile.OfLines(Enumerable.Range(0, 100).Select(i => $"innocent{i}.example"));
        await world.Database.ExecuteAsync("insert into publishing.file (list, path, sha256, content) values ('worst-of', $1, $2, $3)", $"targets/{Hashes.Sha256(evil.Bytes)}.list.txt", Hashes.Sha256(evil.Bytes), evil.ToBytes());
        await using (var connection = new NpgsqlConnection(world.Database.Verifier))
        {
            await connection.OpenAsync(Ct);
            await ForgedDecision.ExecuteAsync(connection, "insert into verifying.serial (list, serial, list_sha256, ledger_position, code) values ('worst-of', 2, $1, 1, $2)", Hashes.Sha256(evil.Bytes), new byte[32]);
        }
        await RefusesAsync(() => thief.AskAsync(evil, CandidateForm.Partial, Serial.Create(3), c => c with { Previous = (Serial.Create(2), Hashes.Sha256(evil.Bytes)) }), "did not write");
        // And where its record is gone, the first version must be all that is decided.
        await world.Database.ExecuteAsync("alter table verifying.serial disable trigger all; delete from verifying.serial; alter table verifying.serial enable trigger all");
        await RefusesAsync(() => thief.AskAsync(evil, CandidateForm.Partial, Serial.Create(3), c => c with { Previous = (Serial.Create(2), Hashes.Sha256(evil.Bytes)), Content = Delta.Between(Serial.Create(2), evil, Serial.Create(3), evil).ToBytes() }), "was never signed here");
    }

    [Fact]
    public async Task Two_agencies_list_a_name_through_the_very_same_publisher()
    {
        var name = world.NewName();
        await ListAsync(name);
        Assert.Empty(world.VerifierLog.At(LogLevel.Critical));
    }

    private async Task ListAsync(string name)
    {
        await world.ProposeAsync("anna", name);
        await world.ReviewAsync("bram", name);
        Assert.True(await world.IsPublishedAsync(name));
    }

    /// <summary>Nothing more is signed, the refusal stands with its reason, somebody is paged, and clients find what they found before.</summary>
    private async Task RefusesAsync(Func<Task> play, string reason)
    {
        var head = await world.ReadHeadAsync();
        var (signed, refused) = (await CountAsync("signed"), await CountAsync("refused"));
        var paged = world.VerifierLog.At(LogLevel.Critical).Count();
        var problem = await Assert.ThrowsAsync<NotCountersignedException>(play);
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
        Assert.Equal((signed, refused + 1), (await CountAsync("signed"), await CountAsync("refused")));
        Assert.Contains(reason, await world.Database.ScalarAsync<string>("select reason from verifying.answer order by answered_at desc limit 1"), StringComparison.Ordinal);
        Assert.Contains(reason, world.VerifierLog.At(LogLevel.Critical).Skip(paged).First(), StringComparison.Ordinal);
        Assert.Equal("blocklist_verifier", await world.Database.ScalarAsync<string>("select login from oversight.audit where action = 'version.refuse' order by id desc limit 1"));
        Assert.Equal(head.TimestampVersion, (await world.ReadHeadAsync()).TimestampVersion);
        await world.VerifyAsClientAsync();
    }

    private Task<long> CountAsync(string outcome) => world.Database.ScalarAsync<long>("select count(*) from verifying.answer where outcome = $1", outcome);

    /// <summary>Takes new decisions into the ledger and publishes nothing.</summary>
    private async Task TakeAsync()
    {
        var register = await world.Publisher.GetRequiredService<PinnedRegister>().TakeAsync(Ct);
        await world.Publisher.GetRequiredService<LedgerReplay>().UseAsync(register, state => world.Publisher.GetRequiredService<TakeDecisions>().RunAsync(state, register, Ct), Ct);
    }

    private async Task<PreparedDecision> PrepareReviewAsync(string person, string name) => Assert.Single(await PrepareReviewsAsync(person, name, Verdict.Met));

    private Task<IReadOnlyList<PreparedDecision>> PrepareReviewsAsync(string person, string name, Verdict verdict) =>
        world.Curation.GetRequiredService<PrepareDecisions>().ForReviewAsync(List, [name], verdict, null, world.CredentialOf(person), Ct);
}
