using System.Security.Cryptography;
using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>
/// What a thief of the curation login can do: write any row that its grants allow, forged agencies, people and keys
/// included. None of it lists a name. A world for each test, since a stopped credential stays stopped.
/// </summary>
public sealed class StolenLoginTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly PublishingWorld world = new(postgres);

    public ValueTask InitializeAsync() => world.InitializeAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Forged_agencies_people_and_keys_list_nothing()
    {
        var name = world.NewName();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await world.ProposeAsync("anna", name);
        await using (var connection = new NpgsqlConnection(world.Database.Curation))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await ForgedDecision.ExecuteAsync(connection, "insert into access.agency (id, name, country) values ('de-police', 'Forged', 'DE')");
            await ForgedDecision.ExecuteAsync(connection, "insert into access.person (id, agency, name, roles) values ('mallory', 'de-police', 'Mallory', array['curator'])");
            await ForgedDecision.ExecuteAsync(connection, "insert into access.credential (id, person, agency, public_key, roles) values ($1, 'mallory', 'de-police', $2, array['curator'])",
                Format.Hashes.Sha256(key.ExportSubjectPublicKeyInfo()), key.ExportSubjectPublicKeyInfo());
        }
        // With the tables forged, the application itself accepts the vote: it cannot know better.
        var vote = await PrepareReviewAsync(name, Format.Hashes.Sha256(key.ExportSubjectPublicKeyInfo()));
        await SubmitAsync(key, vote);
        Assert.False(await world.IsPublishedAsync(name));
        Assert.Equal(0L, await world.Database.ScalarAsync<long>("select count(*) from publishing.ledger where credential = $1", vote.Statement.Credential));
    }

    [Fact]
    public async Task Key_of_another_agency_swapped_in_the_tables_lists_nothing()
    {
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        // Anna's own valid signature under a vote in the name of Bram's agency and credential.
        var vote = await PrepareReviewAsync(name, world.CredentialOf("bram"));
        await InsertAsync("anna", world.CredentialOf("bram"), isBatch: false, vote);
        Assert.False(await world.IsPublishedAsync(name));
        Assert.Contains(world.PublisherLog.At(LogLevel.Critical), line => line.Contains(vote.Statement.Credential, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Statement_of_another_agency_slipped_into_a_signed_batch_lists_nothing()
    {
        var (first, second) = (world.NewName(), world.NewName());
        await world.ProposeAsync("anna", first);
        var own = await PrepareProposalAsync("anna", second);
        var foreign = await PrepareReviewAsync(first, world.CredentialOf("bram"));
        // One batch, one signature by Anna over both leaves: her own proposal, and a vote in Bram's name.
        await InsertAsync("anna", world.CredentialOf("anna"), isBatch: true, own, foreign);
        Assert.False(await world.IsPublishedAsync(first));
        Assert.False((await world.ReadListAsync()).Contains(second));
    }

    [Fact]
    public async Task Signature_over_one_decision_carries_no_second_one_although_the_table_lets_it_through()
    {
        var (seen, other) = (world.NewName(), world.NewName());
        await world.ProposeAsync("anna", seen);
        await world.ProposeAsync("anna", other);
        var vote = await PrepareReviewAsync(seen, world.CredentialOf("bram"));
        var next = (await PrepareReviewAsync(other, world.CredentialOf("bram"))).Statement with { Sequence = 2, Previous = Format.Hashes.Sha256(vote.Bytes) };
        var signed = world.Sign("bram", [vote]);
        await world.Database.ExecuteAsync("alter table curation.assertion drop constraint assertion_signs_one_or_batch");
        await ForgedDecision.InsertAsync(world.Database.Curation, world.CredentialOf("bram"), false, signed.Nonce, signed.Assertion, vote, new PreparedDecision(next, next.ToCanonicalBytes(), null));
        Assert.False(await world.IsPublishedAsync(other));
    }

    [Theory]
    [InlineData("authenticator_data")]
    [InlineData("client_data")]
    [InlineData("signature")]
    public async Task Assertion_of_a_size_that_no_authenticator_makes_cannot_be_stored(string column)
    {
        await using var connection = new NpgsqlConnection(world.Database.Curation);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var columns = new[] { "authenticator_data", "client_data", "signature" }.Select(c => c == column ? "convert_to(repeat('x', 5000), 'UTF8')" : "'x'");
        var problem = await Assert.ThrowsAsync<PostgresException>(() => ForgedDecision.ExecuteAsync(connection,
            $"insert into curation.assertion (id, credential, form, statements, nonce, authenticator_data, client_data, signature) values ($1, $2, 'decision', 1, $3, {string.Join(", ", columns)})",
            Guid.CreateVersion7(), world.CredentialOf("bram"), new byte[32]));
        Assert.Equal(PostgresErrorCodes.CheckViolation, problem.SqlState);
    }

    [Fact]
    public async Task Valid_assertion_cannot_be_put_under_another_statement()
    {
        var (seen, other) = (world.NewName(), world.NewName());
        await world.ProposeAsync("anna", seen);
        await world.ProposeAsync("anna", other);
        var vote = await PrepareReviewAsync(seen, world.CredentialOf("bram"));
        var signed = world.Sign("bram", [vote]);
        var swapped = await PrepareReviewAsync(other, world.CredentialOf("bram"));
        await ForgedDecision.InsertAsync(world.Database.Curation, world.CredentialOf("bram"), false, signed.Nonce, signed.Assertion, swapped);
        Assert.False(await world.IsPublishedAsync(other));
        Assert.False((await world.ReadListAsync()).Contains(seen));
    }

    [Fact]
    public async Task Row_columns_that_lie_about_their_statement_list_nothing()
    {
        var (voted, wanted) = (world.NewName(), world.NewName());
        await world.ProposeAsync("anna", voted);
        await world.ProposeAsync("anna", wanted);
        var vote = await PrepareReviewAsync(voted, world.CredentialOf("bram"));
        var wantedEpisode = await PrepareReviewAsync(wanted, world.CredentialOf("bram"));
        var signed = world.Sign("bram", [vote]);
        // The row claims the wanted name and episode; the signed bytes speak of the other.
        var lying = vote with { Statement = vote.Statement with { Name = wantedEpisode.Statement.Name, Episode = wantedEpisode.Statement.Episode } };
        await ForgedDecision.InsertAsync(world.Database.Curation, world.CredentialOf("bram"), false, signed.Nonce, signed.Assertion, lying);
        Assert.False(await world.IsPublishedAsync(wanted));
        Assert.True((await world.ReadListAsync()).Contains(voted));
    }

    [Fact]
    public async Task Missing_decision_stops_its_credential_and_keeps_what_is_published()
    {
        var (published, lost, later) = (world.NewName(), world.NewName(), world.NewName());
        await world.ProposeAsync("anna", published);
        await world.ReviewAsync("bram", published);
        Assert.True(await world.IsPublishedAsync(published));
        await world.ProposeAsync("anna", lost);
        await world.ProposeAsync("anna", later);
        await world.ReviewAsync("bram", later);
        // Only the owner of the table can do this, triggers off.
        await world.Database.ExecuteAsync("alter table curation.decision disable trigger all; delete from curation.annotation where decision_id in (select id from curation.decision where name = '" + lost + "'); delete from curation.decision where name = '" + lost + "'; alter table curation.decision enable trigger all");
        Assert.False(await world.IsPublishedAsync(later));
        Assert.True((await world.ReadListAsync()).Contains(published));
        Assert.Contains(world.PublisherLog.At(LogLevel.Critical), line => line.Contains("is missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Decision_changed_after_it_was_taken_changes_nothing()
    {
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        await world.ReviewAsync("bram", name);
        Assert.True(await world.IsPublishedAsync(name));
        await world.Database.ExecuteAsync("alter table curation.decision disable trigger all; update curation.decision set statement = 'x' where name = '" + name + "'; alter table curation.decision enable trigger all");
        Assert.True(await world.IsPublishedAsync(name));
    }

    [Fact]
    public async Task Altered_ledger_row_stops_publishing()
    {
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        await world.PublishAsync();
        await world.Database.ExecuteAsync("alter table publishing.ledger disable trigger all; update publishing.ledger set credential = credential || ' ' where position = 1; alter table publishing.ledger enable trigger all");
        await using var fresh = world.NewPublisher();
        var publish = fresh.GetRequiredService<Server.Publishing.PublishVersion>();
        await Assert.ThrowsAsync<Server.Publishing.Ledger.LedgerBrokenException>(() => publish.RunAsync(DevelopmentKeys.WorstOf, null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Register_without_enough_root_signatures_is_refused_and_an_older_one_too()
    {
        var register = world.Keys.ComposeRegister(world.Cast, 2);
        world.Keys.SignRegister(register);
        await world.PublishAsync();
        world.Keys.SignRegister(world.Keys.ComposeRegister(world.Cast, 1));
        await Assert.ThrowsAsync<Server.Signing.SigningException>(() => world.PublishAsync());
        world.Keys.SignRegister(world.Keys.ComposeRegister(world.Cast, 3));
        var bytes = await File.ReadAllTextAsync(world.Keys.RegisterFile, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(world.Keys.RegisterFile, bytes.Replace("\"country\":\"NL\"", "\"country\":\"BE\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<Server.Signing.SigningException>(() => world.PublishAsync());
    }

    private async Task<PreparedDecision> PrepareReviewAsync(string name, string credential) =>
        Assert.Single(await Prepare().ForReviewAsync("worst-of", [name], Verdict.Met, null, credential, TestContext.Current.CancellationToken));

    /// <summary>A proposal, made from a staged import's statement without submitting it.</summary>
    private async Task<PreparedDecision> PrepareProposalAsync(string person, string name)
    {
        var csv = $"domain,scope,sighted_at,c1,c2,c3,reference,note\n{name},domain,{world.Now.AddDays(-1).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'},met,met,met,,\n";
        var staged = await world.Curation.GetRequiredService<Server.Curation.Importing.StageImport>()
            .RunAsync(System.Text.Encoding.UTF8.GetBytes(csv), "x.csv", "worst-of", person, false, false, null, TestContext.Current.CancellationToken);
        return Assert.Single(await Prepare().ForImportAsync(Assert.IsType<Server.Curation.Importing.StageOutcome.Staged>(staged).Import!.Value, world.CredentialOf(person), TestContext.Current.CancellationToken));
    }

    private PrepareDecisions Prepare() => world.Curation.GetRequiredService<PrepareDecisions>();

    private async Task InsertAsync(string signer, string assertionCredential, bool isBatch, params PreparedDecision[] decisions)
    {
        var signed = world.Sign(signer, decisions, isBatch);
        await ForgedDecision.InsertAsync(world.Database.Curation, assertionCredential, signed.IsBatch, signed.Nonce, signed.Assertion, decisions);
    }

    private async Task SubmitAsync(ECDsa key, PreparedDecision decision)
    {
        var nonce = RandomNumberGenerator.GetBytes(DecisionChallenge.NonceLength);
        var assertion = Assertion.Create(key, DecisionChallenge.ForStatement(nonce, decision.Bytes), DevelopmentKeys.RelyingParty);
        var submit = world.Curation.GetRequiredService<SubmitDecisions>();
        Assert.IsType<SubmitOutcome.Accepted>(await submit.RunAsync(new SignedDecisions([decision], false, nonce, assertion), null, TestContext.Current.CancellationToken));
    }
}
