using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Format.Tuf;
using BlockList.Server.Curation;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>
/// The publisher was taken over: whoever has it has its login, the ledger's secret, the online keys and the program, and plays
/// what can be played with them. The verifier signs none of it, says why, and what is published stays.
/// </summary>
public sealed class TakenOverPublisherTests(PostgresFixture postgres) : PublishingTests(postgres)
{
    private TakenOverPublisher thief = null!;

    protected override async Task PrepareAsync()
    {
        thief = new TakenOverPublisher(World);
        await ListAsync(World.NewName());
    }

    [Fact]
    public async Task Decision_that_nobody_signed_lists_nobody()
    {
        var name = World.NewName();
        await World.ProposeAsync("anna", name);
        await World.PublishAsync();
        await thief.ForgeAsync(await PrepareReviewAsync("bram", name));
        await RefusesAsync(() => World.PublishAsync(), "does not hold");
        Assert.False((await World.ReadListAsync()).Contains(name));
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
        var name = World.NewName();
        await ListAsync(name);
        Assert.IsType<SubmitOutcome.Accepted>(await World.DecideAsync("anna", DecisionKind.Withdrawal, name));
        // For a few minutes it may have come while the version was made.
        var list = (await thief.CurrentAsync()).List;
        await World.Database.ExecuteAsync("alter table curation.decision disable trigger all; update curation.decision set received_at = received_at - interval '1 hour'; alter table curation.decision enable trigger all");
        await RefusesAsync(() => thief.AskAsync(list), "left out of the ledger");
        await RefusesAsync(async () => await thief.AskAsync(list, CandidateForm.Unchanged, (await thief.CurrentAsync()).Serial, c => c with { Content = null }), "left out of the ledger");
        // The publisher as it should be takes it.
        Assert.False(await World.IsPublishedAsync(name));
    }

    [Fact]
    public async Task Withdrawal_that_is_refused_against_the_rules_stops_every_signature()
    {
        await World.KeepListedAsync();
        var name = World.NewName();
        await ListAsync(name);
        var decisions = await World.Curation.GetRequiredService<PrepareDecisions>().ForEntryAsync(DecisionKind.Withdrawal, List, PublishingWorld.Listed(name), null, null, World.CredentialOf("anna"), Ct);
        var signed = World.Sign("anna", decisions);
        await World.Curation.GetRequiredService<SubmitDecisions>().RunAsync(signed, null, Ct);
        await thief.TakeAsync(decisions[0], signed, "the episode is closed");
        await RefusesAsync(async () => await thief.AskAsync((await thief.CurrentAsync()).List), "nothing speaks against it");
    }

    [Fact]
    public async Task Decision_that_is_dated_ahead_is_refused()
    {
        var name = World.NewName();
        await ListAsync(name);
        var decisions = await PrepareReviewsAsync("cora", name, Verdict.NotMet);
        var signed = World.Sign("cora", decisions);
        await World.Curation.GetRequiredService<SubmitDecisions>().RunAsync(signed, null, Ct);
        // The clock of the re-review would begin in ten years, and the entry stay until then.
        await thief.TakeAsync(decisions[0], signed, null, World.Now.AddYears(10));
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
        var name = World.NewName();
        await World.ProposeAsync("anna", name);
        await World.ReviewAsync("bram", name);
        await using var fresh = World.NewPublisher();
        await RefusesAsync(() => fresh.GetRequiredService<PublishVersion>().RunAsync(List, null, Ct), "written anew");
        await World.StartVerifierAsync();
        await RefusesAsync(() => fresh.GetRequiredService<PublishVersion>().RunAsync(List, null, Ct), "is not the one that was verified before");
    }

    [Fact]
    public async Task Serial_gets_one_list_and_the_next_version_goes_on_above_it()
    {
        var (first, second) = (World.NewName(), World.NewName());
        var serial = (await thief.CurrentAsync()).NextSerial;
        await World.ProposeAsync("anna", first);
        await World.ReviewAsync("bram", first);
        // Taken and signed, and kept from everyone.
        await TakeAsync();
        var list = (await thief.CurrentAsync()).List.Union(ListFile.OfLines([first]));
        Assert.NotNull((await thief.AskAsync(list)).Signed);
        await World.ProposeAsync("anna", second);
        await World.ReviewAsync("bram", second);
        await TakeAsync();
        await RefusesAsync(() => thief.AskAsync(list.Union(ListFile.OfLines([second])), serial: serial), "another list was signed");
        await RefusesAsync(() => thief.AskAsync(list.Union(ListFile.OfLines([second])), serial: serial.Next().Next()), "is due");

        var published = Assert.IsType<PublishOutcome.Published>(await World.PublishAsync());
        Assert.Equal(serial.Next(), published.Serial);
        Assert.Equal(published.Serial, (await World.VerifyAsClientAsync()).Version);
        Assert.True((await World.ReadListAsync()).Contains(second));
        // A version that is out is not passed over.
        await RefusesAsync(() => thief.AskAsync(list, change: c => c with { Previous = (Serial.First, c.Previous!.Value.Sha256) }), "goes on from");
    }

    [Fact]
    public async Task Targets_that_the_publisher_signs_alone_are_refused_by_clients()
    {
        var before = await World.ReadHeadAsync();
        await thief.PublishAloneAsync(ListFile.OfLines(["innocent.example"]));
        var refused = await Assert.ThrowsAsync<RefusedException>(() => World.VerifyAsClientAsync());
        Assert.Equal(RefusalReason.Signature, refused.Reason);
        // What was published before still verifies, whoever serves it.
        await World.Database.ExecuteAsync("update publishing.head set serial = $1, targets_version = $2, snapshot_version = $3, timestamp_version = $4, timestamp_content = $5",
            before.Serial, before.TargetsVersion, before.SnapshotVersion, before.TimestampVersion, before.TimestampContent);
        await World.VerifyAsClientAsync();
    }

    [Fact]
    public async Task Publication_that_never_was_is_refused()
    {
        var name = World.NewName();
        await World.ProposeAsync("anna", name);
        await World.PublishAsync();
        var episode = await World.Database.ScalarAsync<Guid>("select id from curation.episode where name = $1", name);
        // A published entry would not be guarded any more.
        await thief.ForgePublicationAsync(episode, (await World.ReadHeadAsync()).Serial);
        await RefusesAsync(async () => await thief.AskAsync((await thief.CurrentAsync()).List), "does not stand in version");
    }

    [Fact]
    public async Task Register_that_is_kept_back_stops_every_signature()
    {
        var old = await File.ReadAllTextAsync(World.Keys.RegisterFile, Ct);
        var register = World.Keys.ComposeRegister(World.Cast, 2);
        World.Keys.SignRegister(register with { Credentials = register.Credentials.Where(c => c.Value.Person != "bram").ToDictionary(StringComparer.Ordinal) });
        await File.WriteAllTextAsync(World.Keys.RegisterFile, old, Ct);
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
        await World.Database.ExecuteAsync("insert into publishing.file (list, path, sha256, content) values ('worst-of', $1, $2, $3)", $"targets/{Hashes.Sha256(evil.Bytes)}.list.txt", Hashes.Sha256(evil.Bytes), evil.ToBytes());
        await using (var connection = new NpgsqlConnection(World.Database.Verifier))
        {
            await connection.OpenAsync(Ct);
            await ForgedDecision.ExecuteAsync(connection, "insert into verifying.serial (list, serial, list_sha256, ledger_position, code) values ('worst-of', 2, $1, 1, $2)", Hashes.Sha256(evil.Bytes), new byte[32]);
        }
        await RefusesAsync(() => thief.AskAsync(evil, CandidateForm.Partial, Serial.Create(3), c => c with { Previous = (Serial.Create(2), Hashes.Sha256(evil.Bytes)) }), "did not write");
        // Where its rows are gone, its own file says so; and where that is gone too, the first version must be all that is decided.
        await World.Database.ExecuteAsync("alter table verifying.serial disable trigger all; delete from verifying.serial; alter table verifying.serial enable trigger all");
        await RefusesAsync(async () => await thief.AskAsync((await thief.CurrentAsync()).List), "by the record file on its own host");
        await World.StopVerifierAsync();
        File.Delete(World.Keys.VerifierRecordFile);
        await World.StartVerifierAsync();
        await RefusesAsync(() => thief.AskAsync(evil, CandidateForm.Partial, Serial.Create(3), c => c with { Previous = (Serial.Create(2), Hashes.Sha256(evil.Bytes)), Content = Delta.Between(Serial.Create(2), evil, Serial.Create(3), evil).ToBytes() }), "was never signed here");
    }

    /// <summary>Two agencies were careless with many names. No gate holds fifty of them: so they come as many versions within minutes.</summary>
    [Fact]
    public async Task Many_versions_within_a_day_are_held_to_one_limit()
    {
        var names = Enumerable.Range(0, 250).Select(i => $"site{i}.example").ToArray();
        await World.ListAsync(names);
        await TakeAsync();
        var list = (await thief.CurrentAsync()).List;
        // One came with the World.
        for (var i = 0; i < 4; i++) await thief.PublishAsync(list = list.Union(ListFile.OfLines(names.Skip(i * 49).Take(49))), CandidateForm.Partial);
        await RefusesAsync(() => thief.AskAsync(list.Union(ListFile.OfLines(names.Skip(200).Take(10))), CandidateForm.Partial), "it adds 10 entries to 197 within a day");
        // A verifier that starts anew has not forgotten them.
        await World.StartVerifierAsync();
        await RefusesAsync(() => thief.AskAsync(list.Union(ListFile.OfLines(names.Skip(200).Take(10))), CandidateForm.Partial), "within a day");
        World.MoveClockTo(World.Now.AddDays(1));
        await thief.PublishAsync(list.Union(ListFile.OfLines(names.Skip(200).Take(10))), CandidateForm.Partial);
        Assert.Equal(207, (await World.ReadListAsync()).Count);
    }

    [Fact]
    public async Task Removals_at_once_are_counted_over_the_day_and_never_empty_a_list()
    {
        var names = Enumerable.Range(0, 8).Select(_ => World.NewName()).ToArray();
        await World.ListAsync(names);
        await World.PublishAsync();
        var list = (await thief.CurrentAsync()).List;
        await RemoveAsync(names.Take(4));
        await thief.PublishAsync(list = list.Except(ListFile.OfLines(names.Take(4))), CandidateForm.Urgent);
        await RemoveAsync(names.Skip(4).Take(2));
        await RefusesAsync(() => thief.AskAsync(list.Except(ListFile.OfLines(names.Skip(4).Take(2))), CandidateForm.Urgent), "removes 2 entries at once after 4 within a day");
        World.MoveClockTo(World.Now.AddDays(1));
        await World.Publisher.GetRequiredService<RenewMetadata>().RunAsync(List, Ct);
        await thief.PublishAsync(list = list.Except(ListFile.OfLines(names.Skip(4).Take(2))), CandidateForm.Urgent);
        await RemoveAsync(list.Lines);
        await RefusesAsync(() => thief.AskAsync(ListFile.Empty, CandidateForm.Urgent), "empties the list");

        async Task RemoveAsync(IEnumerable<string> removed)
        {
            foreach (var name in removed) await World.DecideAsync("olav", DecisionKind.Removal, name);
            await TakeAsync();
        }
    }

    [Fact]
    public async Task Two_agencies_list_a_name_through_the_very_same_publisher()
    {
        var name = World.NewName();
        await ListAsync(name);
        Assert.Empty(World.VerifierLog.At(LogLevel.Critical));
    }

    private async Task ListAsync(string name)
    {
        await World.ProposeAsync("anna", name);
        await World.ReviewAsync("bram", name);
        Assert.True(await World.IsPublishedAsync(name));
    }

    /// <summary>Nothing more is signed, the refusal stands with its reason, somebody is paged, and clients find what they found before.</summary>
    private async Task RefusesAsync(Func<Task> play, string reason)
    {
        var head = await World.ReadHeadAsync();
        var (signed, refused) = (await CountAsync("signed"), await CountAsync("refused"));
        var paged = World.VerifierLog.At(LogLevel.Critical).Count();
        var problem = await Assert.ThrowsAsync<NotCountersignedException>(play);
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
        Assert.Equal((signed, refused + 1), (await CountAsync("signed"), await CountAsync("refused")));
        Assert.Contains(reason, await World.Database.ScalarAsync<string>("select reason from verifying.answer order by answered_at desc limit 1"), StringComparison.Ordinal);
        Assert.Contains(reason, World.VerifierLog.At(LogLevel.Critical).Skip(paged).First(), StringComparison.Ordinal);
        Assert.Equal("blocklist_verifier", await World.Database.ScalarAsync<string>("select login from oversight.audit where action = 'version.refuse' order by id desc limit 1"));
        Assert.Equal(head.TimestampVersion, (await World.ReadHeadAsync()).TimestampVersion);
        await World.VerifyAsClientAsync();
    }

    private Task<long> CountAsync(string outcome) => World.Database.ScalarAsync<long>("select count(*) from verifying.answer where outcome = $1", outcome);

    /// <summary>Takes new decisions into the ledger and publishes nothing.</summary>
    private async Task TakeAsync()
    {
        var register = await World.Publisher.GetRequiredService<PinnedRegister>().TakeAsync(Ct);
        await World.Publisher.GetRequiredService<LedgerReplay>().UseAsync(register, state => World.Publisher.GetRequiredService<TakeDecisions>().RunAsync(state, register, Ct), Ct);
    }

    private async Task<PreparedDecision> PrepareReviewAsync(string person, string name) => Assert.Single(await PrepareReviewsAsync(person, name, Verdict.Met));

    private Task<IReadOnlyList<PreparedDecision>> PrepareReviewsAsync(string person, string name, Verdict verdict) =>
        World.Curation.GetRequiredService<PrepareDecisions>().ForReviewAsync(List, [name], verdict, null, World.CredentialOf(person), Ct);
}
