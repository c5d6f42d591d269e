using BlockList.Format.Names;
using BlockList.Server.DnsChecks;
using BlockList.Server.Tests.Database;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.DnsChecks;

/// <summary>From "publish this" to "proven", with a real zone and the rows and audit rows of it.</summary>
public sealed class ProofTests(DnsWorld world, MigratedDatabase database) : IClassFixture<DnsWorld>, IClassFixture<MigratedDatabase>, IAsyncDisposable
{
    private static readonly ProofOwner Owner = ProofOwner.Agency("kripos");

    private readonly NpgsqlDataSource checker = NpgsqlDataSource.Create(database.Checker);
    private readonly NpgsqlDataSource curation = NpgsqlDataSource.Create(database.Curation);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private AskProof Ask => new(MigratedDatabase.Contexts(database.Curation), TimeProvider.System);

    private ReadProofs Read => new(MigratedDatabase.Contexts(database.Curation));

    private RecheckProof Recheck => new(curation);

    public async ValueTask DisposeAsync()
    {
        await checker.DisposeAsync();
        await curation.DisposeAsync();
    }

    [Fact]
    public async Task Domain_is_proven_when_its_record_appears_and_the_server_without_it_is_named()
    {
        // What other tests left due is not what is counted here.
        await database.ExecuteAsync("update dnschecks.proof set next_check_at = null");
        var publish = Assert.IsType<AskProofOutcome.Publish>(await Ask.RunAsync(Domain("good.example"), Owner, "anna", Ct));
        Assert.Equal("_blocklist-challenge.good.example", publish.Name);
        Assert.Matches("^blocklist-challenge=[0-9a-f]{32}$", publish.Value);
        Assert.Equal(publish, await Ask.RunAsync(Domain("good.example"), Owner, "berit", Ct));

        Assert.Equal(1, await CheckAsync());
        var before = (await Read.FindAsync(publish.Id, Ct))!;
        Assert.Equal((ProofAnswer.Absent, "insecure", "good.example"), (before.Last!.Outcome, before.Last.Verdict, before.Last.Zone));
        Assert.All(before.Last.Servers, server => Assert.Equal("does not have the text yet", server.Said));
        Assert.InRange(before.Proof.NextCheckAt!.Value - before.Last.At, TimeSpan.FromSeconds(55), TimeSpan.FromSeconds(65));
        Assert.Equal(0, await CheckAsync());

        await world.Primary.ReplaceAsync(DnsWorld.Good, world.GoodZone($"_blocklist-challenge TXT \"{publish.Value}\"\n"));
        await ServedAsync(publish);
        Assert.Equal(RecheckProofOutcome.TooSoon, await Recheck.RunAsync(publish.Id, "anna", Ct));
        await LongAgoAsync(publish.Id);
        Assert.Equal(RecheckProofOutcome.Due, await Recheck.RunAsync(publish.Id, "anna", Ct));
        Assert.Equal(1, await CheckAsync());

        var after = (await Read.FindAsync(publish.Id, Ct))!;
        Assert.Equal(ProofAnswer.Proven, after.Last!.Outcome);
        Assert.Equal(["ns1.good.example True has the text", "ns2.good.example False does not have the text yet"], after.Last.Servers.Select(server => $"{server.Server} {server.Has} {server.Said}"));
        Assert.NotNull(after.Proof.ProvenAt);
        Assert.Null(after.Proof.NextCheckAt);
        Assert.Equal("good.example", Assert.Single(await Read.ProvenAsync(["good.example", "example"], Ct)).Proof.Domain);
        Assert.Equal(publish.Id, Assert.Single(await Read.OfOwnerAsync(Owner, null, 10, Ct), view => view.Proof.Domain == "good.example").Proof.Id);
        Assert.IsType<AskProofOutcome.AlreadyProven>(await Ask.RunAsync(Domain("good.example"), Owner, "anna", Ct));
        Assert.Equal(RecheckProofOutcome.Proven, await Recheck.RunAsync(publish.Id, "anna", Ct));
        Assert.Equal("blocklist_curation anna proof.ask, blocklist_curation anna proof.recheck, blocklist_checker checker proof.found", await database.ScalarAsync<string>(
            "select string_agg(concat_ws(' ', login, actor, action), ', ' order by id) from oversight.audit where subject = $1", publish.Id.ToString()));
    }

    [Fact]
    public async Task Text_that_dnssec_refuses_proves_nothing_and_the_answer_says_so()
    {
        var publish = Assert.IsType<AskProofOutcome.Publish>(await Ask.RunAsync(Domain("broken.example"), Owner, "anna", Ct));

        await CheckAsync();

        var view = (await Read.FindAsync(publish.Id, Ct))!;
        Assert.Equal((ProofAnswer.Failed, "bogus"), (view.Last!.Outcome, view.Last.Verdict));
        Assert.Contains("DNSSEC", view.Last.Problem ?? string.Join(' ', view.Last.Servers.Select(server => server.Said)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Looks_become_rarer_and_end_with_the_proof()
    {
        var id = await AskAsync("signed.example");
        var waits = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            await RecordAsync(id, ProofAnswer.Absent);
            waits.Add(await database.ScalarAsync<int>("select round(extract(epoch from next_check_at - clock_timestamp()) / 60)::int from dnschecks.proof where id = $1", id));
        }
        Assert.Equal([1, 5, 15, 60, 60], waits);

        await database.ExecuteAsync("update dnschecks.proof set asked_at = now() - interval '15 days', expires_at = now() - interval '1 second', next_check_at = now() - interval '1 hour' where id = $1", id);
        await CheckAsync();
        Assert.True(await database.ScalarAsync<bool>("select next_check_at is null and checks_made = 5 from dnschecks.proof where id = $1", id));
        Assert.False(await RecordAsync(id, ProofAnswer.Proven));
        Assert.Equal(RecheckProofOutcome.Expired, await Recheck.RunAsync(id, "anna", Ct));
        // A new one has a new text.
        Assert.NotEqual(id, await AskAsync("signed.example"));
    }

    [Fact]
    public async Task What_a_checker_took_and_died_with_is_due_again_and_two_checkers_share_the_work()
    {
        await database.ExecuteAsync("update dnschecks.proof set next_check_at = null");
        Guid[] asked = [await AskAsync("one.example"), await AskAsync("two.example")];
        await using var connection = await checker.OpenConnectionAsync(Ct);
        await using (var first = await connection.BeginTransactionAsync(Ct))
        {
            var taken = await TakeAsync(connection, 1);
            await using var other = await checker.OpenConnectionAsync(Ct);
            Assert.Equal(asked.Except(taken), await TakeAsync(other, 10));
            await first.RollbackAsync(Ct);
        }
        Assert.Single(await TakeAsync(connection, 10));
        Assert.Empty(await TakeAsync(connection, 10));
        await database.ExecuteAsync("update dnschecks.proof set next_check_at = next_check_at - interval '5 minutes' where next_check_at is not null");
        Assert.Equal(2, (await TakeAsync(connection, 10)).Count);
    }

    /// <summary>Servers that let everybody wait take all places but one: who has that one is followed by the next, and the next.</summary>
    [Fact]
    public async Task Slow_servers_of_others_hold_nobody_up()
    {
        await database.ExecuteAsync("update dnschecks.proof set next_check_at = null");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var contexts = world.Contexts(20);
        var places = contexts.Options.ProofsAtOnce;
        for (var i = 1; i < places; i++) await AskAsync($"n{i}.silent.example");
        var others = new List<Guid>();
        for (var i = 0; i < 5; i++) others.Add(await AskAsync($"n{i}.good.example"));
        var sweep = CheckAsync(contexts, stop.Token);
        while (await database.ScalarAsync<long>("select count(distinct proof_id) from dnschecks.proof_answer where proof_id = any ($1)", others.ToArray()) < others.Count)
        {
            Assert.False(sweep.IsCompleted, "the sweep ended before the others were answered");
            await Task.Delay(50, Ct);
        }
        Assert.Equal(0, await database.ScalarAsync<long>("select count(*) from dnschecks.proof_answer join dnschecks.proof p on p.id = proof_id where p.domain like '%.silent.example'"));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sweep);
    }

    [Theory]
    [InlineData("proof_answer_not_after_the_proof", "update dnschecks.proof set proven_at = now(), next_check_at = null where id = $1")]
    [InlineData("proof_answer_not_after_expiry", "update dnschecks.proof set asked_at = now() - interval '15 days', expires_at = now() where id = $1")]
    public async Task Answer_to_a_proof_that_is_over_is_refused_by_the_table_itself(string constraint, string sql)
    {
        var id = await AskAsync($"{constraint.Replace('_', '-')}.example");
        await database.ExecuteAsync(sql, id);

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => database.ExecuteAsync("insert into dnschecks.proof_answer (proof_id, outcome, verdict, servers) values ($1, 'absent', 'insecure', '[]')", id));

        Assert.Equal(constraint, refusal.ConstraintName);
    }

    [Fact]
    public async Task Token_is_nobody_elses_and_bogus_proves_nothing_whatever_the_checker_says()
    {
        var id = await AskAsync("token.example");
        var again = await Assert.ThrowsAsync<PostgresException>(() => database.ExecuteAsync(
            "insert into dnschecks.proof (id, domain, owner_kind, owner, token, asked_by) select gen_random_uuid(), domain, owner_kind, owner, token, asked_by from dnschecks.proof where id = $1", id));
        Assert.Equal("proof_token_is_new", again.ConstraintName);

        var bogus = await Assert.ThrowsAsync<PostgresException>(() => RecordAsync(id, ProofAnswer.Proven, "bogus"));
        Assert.Equal("proof_answer_bogus_proves_nothing", bogus.ConstraintName);
    }

    [Fact]
    public async Task Owner_has_a_hundred_open_proofs_at_most()
    {
        var owner = ProofOwner.Provider(Guid.CreateVersion7());
        for (var i = 0; i < AskProof.MostOpen; i++) Assert.IsType<AskProofOutcome.Publish>(await Ask.RunAsync(Domain($"n{i}.example"), owner, "anna", Ct));

        Assert.Equal(new AskProofOutcome.TooManyOpen(AskProof.MostOpen), await Ask.RunAsync(Domain("more.example"), owner, "anna", Ct));
        await database.ExecuteAsync("update dnschecks.proof set next_check_at = null where owner = $1", owner.Id);
    }

    private static DomainName Domain(string text) => DomainName.TryParse(text, out var name, out _) ? name : throw new ArgumentException(text);

    private async Task<Guid> AskAsync(string domain) => Assert.IsType<AskProofOutcome.Publish>(await Ask.RunAsync(Domain(domain), Owner, "anna", Ct)).Id;

    private Task<int> CheckAsync() => CheckAsync(world.Contexts(3), Ct);

    private Task<int> CheckAsync(UnboundContexts contexts, CancellationToken cancellationToken) =>
        new CheckProofs(checker, new ReadTxtAtAuthority(contexts), contexts, TimeProvider.System, NullLogger<CheckProofs>.Instance).RunAsync(cancellationToken);

    private async Task<bool> RecordAsync(Guid id, string outcome, string verdict = "insecure")
    {
        await using var command = checker.CreateCommand("select dnschecks.record_answer($1, $2, $3, null, '[]', null)");
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(outcome);
        command.Parameters.AddWithValue(verdict);
        // Nobody asked for another look meanwhile.
        await database.ExecuteAsync("update dnschecks.proof set next_check_at = now() + interval '5 minutes' where id = $1 and expires_at > now()", id);
        return (bool)(await command.ExecuteScalarAsync(Ct))!;
    }

    private static async Task<List<Guid>> TakeAsync(NpgsqlConnection connection, int limit)
    {
        await using var command = new NpgsqlCommand("select id from dnschecks.take_due($1, interval '5 minutes')", connection);
        command.Parameters.AddWithValue(limit);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var taken = new List<Guid>();
        while (await reader.ReadAsync(Ct)) taken.Add(reader.GetGuid(0));
        return taken;
    }

    /// <summary>NSD takes a moment to load its zone again.</summary>
    private async Task ServedAsync(AskProofOutcome.Publish publish)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!(await new ReadTxtAtAuthority(world.Contexts()).RunAsync(DnsWorld.Name(publish.Name), Ct)).Servers.Any(server => server.Has(publish.Value)))
            Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    /// <summary>Rows stay as they are, so the trigger that says so has to look away.</summary>
    private Task<int> LongAgoAsync(Guid proof) => database.ExecuteAsync($"""
        do $$ begin
          alter table dnschecks.proof_answer disable trigger proof_answer_append_only;
          update dnschecks.proof_answer set at = at - interval '1 minute' where proof_id = '{proof}';
          alter table dnschecks.proof_answer enable trigger proof_answer_append_only;
        end $$
        """);
}
