using Npgsql;
using Xunit;
using static BlockList.Server.Tests.Database.DecisionTable;

namespace BlockList.Server.Tests.Database;

/// <summary>Who may decide, as the database itself refuses it to whoever has the curation login.</summary>
public sealed class DecisionRightsTests(DecisionTable decisions) : IClassFixture<DecisionTable>
{
    private const string Role = "decision_person_holds_the_role";
    private const string Claimed = "decision_not_claimed_by_a_colleague";
    private const string Conflict = "decision_without_conflict_of_interest";
    private const string Removal = "decision_removal_by_another_person";

    private static int _names;

    private static string NewName => $"right{Interlocked.Increment(ref _names)}.example";

    [Fact]
    public async Task Administrator_cannot_vote_although_the_register_still_lists_their_passkey()
    {
        var proposal = await ProposeAsync();
        var admin = await AddAsync("adam", "agency-administrator");

        await RefusedAsync(Role, DecisionRow.Proposal(admin, NewName));
        await RefusedAsync(Role, proposal.Assessment(admin));
        await RefusedAsync(Role, proposal.Removal(admin));
        var both = await Assert.ThrowsAsync<PostgresException>(() => decisions.ExecuteAsync(
            "insert into access.person (id, agency, name, roles) values ('both', 'hotline', 'Both', array['curator', 'agency-administrator'])"));
        Assert.Equal("person_administrator_has_no_vote", both.ConstraintName);
    }

    [Fact]
    public async Task Role_withdrawn_a_moment_ago_is_gone()
    {
        var proposal = await ProposeAsync();
        var leaver = await AddAsync("lena", "curator");
        await decisions.InsertAsync(proposal.Sighting(leaver, TimeProvider.System.GetUtcNow().AddHours(-1)));

        await AddAsync("chef", "agency-administrator");
        await decisions.ExecuteAsync("select access.change_roles('chef', 'lena', '{}', now())");

        await RefusedAsync(Role, proposal.Assessment(leaver));
        await RefusedAsync(Role, proposal.Sighting(leaver, TimeProvider.System.GetUtcNow().AddHours(-1)));
    }

    [Fact]
    public async Task Curator_removes_nothing_and_one_row_without_right_takes_the_whole_batch_down()
    {
        var proposal = await ProposeAsync();
        var curator = await AddAsync("carl", "curator");
        var other = DecisionRow.Proposal(curator, NewName);

        await RefusedAsync(Role, other, proposal.Removal(curator));
        await decisions.InsertAsync(DecisionRow.Proposal(curator, other.Name));
    }

    [Fact]
    public async Task Vote_on_what_a_colleague_has_claimed_is_refused_until_the_claim_ends()
    {
        var proposal = await ProposeAsync();
        await decisions.ExecuteAsync("insert into curation.claim (episode_id, agency, person, expires_at) values ($1, 'police', 'anna', clock_timestamp() + interval '30 minutes')", proposal.Episode);

        await RefusedAsync(Claimed, proposal.Assessment(Arne, supersedes: proposal));
        await RefusedAsync(Claimed, proposal.Withdrawal(proposal) with { By = Arne });
        // Another agency neither sees the claim nor is kept out by it, and a sighting judges nothing.
        await decisions.InsertAsync(proposal.Assessment(Bela), proposal.Sighting(Arne, TimeProvider.System.GetUtcNow().AddHours(-1)));
        await decisions.ExecuteAsync("update curation.claim set taken_at = clock_timestamp() - interval '31 minutes', expires_at = clock_timestamp() - interval '1 minute' where episode_id = $1", proposal.Episode);
        await decisions.InsertAsync(proposal.Assessment(Arne, supersedes: proposal));
    }

    [Fact]
    public async Task Claim_lasts_half_an_hour_at_most()
    {
        var proposal = await ProposeAsync();

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => decisions.ExecuteAsync(
            "insert into curation.claim (episode_id, agency, person, expires_at) values ($1, 'police', 'anna', clock_timestamp() + interval '2 hours')", proposal.Episode));
        Assert.Equal("claim_ends", refusal.ConstraintName);
    }

    [Fact]
    public async Task Person_with_a_declared_conflict_of_interest_judges_neither_this_episode_nor_a_later_one()
    {
        var proposal = await ProposeAsync();
        await decisions.ExecuteAsync("insert into curation.conflict (person, subject_id) select 'bela', subject_id from curation.episode where id = $1", proposal.Episode);

        await RefusedAsync(Conflict, proposal.Assessment(Bela));
        await RefusedAsync(Conflict, proposal.Removal(Bela));
        await decisions.CloseEpisodeAsync(proposal);
        await RefusedAsync(Conflict, DecisionRow.Proposal(Bela, proposal.Name));
        await decisions.InsertAsync(DecisionRow.Proposal(Bela, proposal.Name) with { Scope = "host" });
    }

    [Fact]
    public async Task Nobody_removes_what_they_voted_on()
    {
        var proposal = await ProposeAsync();

        await RefusedAsync(Removal, proposal.Removal(Anna));
        await decisions.InsertAsync(proposal.Removal(Arne));
    }

    private async Task<DecisionRow> ProposeAsync()
    {
        var proposal = DecisionRow.Proposal(Anna, NewName);
        await decisions.InsertAsync(proposal);
        return proposal;
    }

    private async Task<Signer> AddAsync(string person, string role)
    {
        var signer = new Signer("hotline", person, Format.Hashes.Sha256(System.Text.Encoding.UTF8.GetBytes(person)));
        await decisions.ExecuteAsync("insert into access.person (id, agency, name, roles) values ($1, 'hotline', $1, array[$2])", person, role);
        await decisions.ExecuteAsync("insert into access.credential values ($1, $2, 'hotline', '', '{curator,release-officer}')", signer.Credential, person);
        return signer;
    }

    /// <summary>All of the rows are refused, by this rule.</summary>
    private async Task RefusedAsync(string constraint, params DecisionRow[] rows)
    {
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => decisions.InsertAsync(rows));
        Assert.Equal(constraint, refusal.ConstraintName);
    }
}
