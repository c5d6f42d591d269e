using Npgsql;
using Xunit;
using static BlockList.Server.Tests.Database.DecisionTable;

namespace BlockList.Server.Tests.Database;

/// <summary>What the database refuses to whoever has the curation login, and by which rule.</summary>
public sealed class ConstraintTests(DecisionTable decisions) : IClassFixture<DecisionTable>
{
    private const string VoteChain = "decision_vote_chain";
    private const string OwnVoteOfTheEpisode = "decision_supersedes_episode_id_agency_fkey";
    private const string EarlierVote = "decision_supersedes_an_earlier_vote";
    private const string NameOfTheEpisode = "decision_episode_id_list_name_scope_fkey";
    private const string PersonOfTheCredential = "decision_credential_person_agency_fkey";

    private static int _names;

    private static string NewName => $"name{Interlocked.Increment(ref _names)}.example";

    [Fact]
    public async Task Agency_changes_its_mind_and_takes_its_vote_back()
    {
        var proposal = await ProposeAsync();
        var changed = proposal.Assessment(Arne, supersedes: proposal) with { Met = false };
        var withdrawn = proposal.Withdrawal(changed);

        await decisions.InsertAsync(changed, withdrawn, proposal.Assessment(Anna, supersedes: withdrawn));
    }

    [Fact]
    public async Task Other_agency_votes_and_anyone_sees_the_material_again()
    {
        var proposal = await ProposeAsync();

        await decisions.InsertAsync(proposal.Assessment(Bela), proposal.Sighting(Bela, TimeProvider.System.GetUtcNow().AddHours(-1)), proposal.Sighting(Anna, TimeProvider.System.GetUtcNow().AddHours(-2)), proposal.Removal(Arne));
    }

    [Fact]
    public async Task Name_is_proposed_anew_when_its_episode_is_closed_and_for_another_scope_at_any_time()
    {
        var proposal = await ProposeAsync();

        await decisions.InsertAsync(DecisionRow.Proposal(Bela, proposal.Name) with { Scope = "host" });
        await decisions.CloseEpisodeAsync(proposal);
        await decisions.InsertAsync(DecisionRow.Proposal(Bela, proposal.Name));
    }

    [Fact]
    public async Task Second_root_of_an_agencys_votes_is_refused()
    {
        var proposal = await ProposeAsync();
        await decisions.InsertAsync(proposal.Assessment(Bela));

        await RefusedAsync(VoteChain, proposal.Assessment(Bela));
        await RefusedAsync(VoteChain, proposal.Assessment(Arne));
    }

    [Fact]
    public async Task Fork_of_an_agencys_votes_is_refused()
    {
        var proposal = await ProposeAsync();
        await decisions.InsertAsync(proposal.Assessment(Anna, supersedes: proposal));

        await RefusedAsync(VoteChain, proposal.Assessment(Arne, supersedes: proposal));
        await RefusedAsync(VoteChain, proposal.Withdrawal(proposal));
    }

    [Fact]
    public async Task Vote_of_another_agency_is_not_to_be_superseded()
    {
        var proposal = await ProposeAsync();

        await RefusedAsync(OwnVoteOfTheEpisode, proposal.Assessment(Bela, supersedes: proposal));
        await RefusedAsync(OwnVoteOfTheEpisode, proposal.Withdrawal(proposal) with { By = Bela });
    }

    [Fact]
    public async Task Vote_of_another_episode_is_not_to_be_superseded()
    {
        var proposal = await ProposeAsync();
        var other = await ProposeAsync();

        await RefusedAsync(OwnVoteOfTheEpisode, proposal.Assessment(Anna, supersedes: other));
    }

    [Fact]
    public async Task Vote_supersedes_neither_itself_nor_a_later_one_nor_one_that_is_not_there()
    {
        var proposal = await ProposeAsync();
        var id = Guid.CreateVersion7();
        var (first, second) = (proposal.Assessment(Bela), proposal.Assessment(Bela));

        await RefusedAsync(EarlierVote, proposal.Assessment(Bela) with { Id = id, Supersedes = id });
        await RefusedAsync(EarlierVote, first with { Supersedes = second.Id }, second with { Supersedes = first.Id });
        await RefusedAsync(EarlierVote, first with { Supersedes = second.Id }, second);
        await RefusedAsync(EarlierVote, first with { Supersedes = Guid.CreateVersion7() });
    }

    [Fact]
    public async Task Vote_supersedes_a_vote_and_nothing_else()
    {
        var proposal = await ProposeAsync();
        var sighting = proposal.Sighting(Bela, TimeProvider.System.GetUtcNow().AddHours(-1));
        await decisions.InsertAsync(sighting);

        await RefusedAsync(EarlierVote, proposal.Assessment(Bela, supersedes: sighting));
    }

    [Fact]
    public async Task Only_votes_supersede_a_proposal_never_does_and_a_withdrawal_always()
    {
        var proposal = await ProposeAsync();

        await RefusedAsync("decision_only_votes_supersede", proposal.Sighting(Anna, TimeProvider.System.GetUtcNow().AddHours(-1)) with { Supersedes = proposal.Id });
        await RefusedAsync("decision_only_votes_supersede", proposal.Removal(Anna) with { Supersedes = proposal.Id });
        await RefusedAsync("decision_proposal_supersedes_nothing", DecisionRow.Proposal(Anna, NewName) with { Supersedes = proposal.Id });
        await RefusedAsync("decision_withdrawal_supersedes_a_vote", proposal.Withdrawal(proposal) with { Supersedes = null });
    }

    [Fact]
    public async Task Decision_for_another_name_scope_list_or_episode_than_it_belongs_to_is_refused()
    {
        var proposal = await ProposeAsync();

        await RefusedAsync(NameOfTheEpisode, proposal.Assessment(Bela) with { Name = NewName });
        await RefusedAsync(NameOfTheEpisode, proposal.Assessment(Bela) with { Scope = "host" });
        await RefusedAsync(NameOfTheEpisode, proposal.Assessment(Bela) with { List = "enforcement-test" });
        await RefusedAsync(NameOfTheEpisode, proposal.Assessment(Bela) with { Episode = Guid.CreateVersion7() });
    }

    [Fact]
    public async Task Credential_of_another_person_or_agency_is_refused()
    {
        var proposal = await ProposeAsync();

        await RefusedAsync(PersonOfTheCredential, proposal.Assessment(Bela with { Person = "anna" }));
        await RefusedAsync(PersonOfTheCredential, proposal.Assessment(Anna with { Agency = "hotline" }));
        await RefusedAsync(PersonOfTheCredential, proposal.Assessment(Bela with { Credential = Anna.Credential }));
    }

    [Fact]
    public async Task Sighting_that_is_yet_to_come_is_refused()
    {
        var proposal = await ProposeAsync();
        var later = TimeProvider.System.GetUtcNow().AddMinutes(5);

        await RefusedAsync("decision_sighting_is_not_to_come", proposal.Sighting(Bela, later));
        await RefusedAsync("decision_sighting_is_not_to_come", DecisionRow.Proposal(Bela, NewName) with { SightedAt = later });
        await RefusedAsync("decision_sighting_is_not_to_come", proposal.Assessment(Bela) with { SightedAt = later });
    }

    [Fact]
    public async Task Proposal_or_sighting_without_a_sighting_and_assessment_without_a_verdict_are_refused()
    {
        var proposal = await ProposeAsync();

        await RefusedAsync("decision_rests_on_a_sighting", DecisionRow.Proposal(Bela, NewName) with { SightedAt = null });
        await RefusedAsync("decision_rests_on_a_sighting", proposal.Sighting(Bela, default) with { SightedAt = null });
        await RefusedAsync("decision_assessment_has_verdict", proposal.Assessment(Bela) with { Met = null });
        await RefusedAsync("decision_assessment_has_verdict", proposal.Removal(Bela) with { Met = true });
    }

    [Fact]
    public async Task Second_open_episode_of_a_name_is_refused()
    {
        var proposal = await ProposeAsync();

        await RefusedAsync("episode_open", DecisionRow.Proposal(Bela, proposal.Name));
    }

    [Fact]
    public async Task Proposal_that_is_not_its_own_episode_is_refused_and_so_is_another_decision_that_is_one()
    {
        var proposal = await ProposeAsync();
        await decisions.CloseEpisodeAsync(proposal);
        var empty = Guid.CreateVersion7();
        await decisions.OpenEpisodeAsync(empty, List, proposal.Name, "domain");

        await RefusedAsync("decision_proposal_opens_its_episode", DecisionRow.Proposal(Bela, NewName) with { Id = Guid.CreateVersion7() });
        await RefusedAsync("decision_proposal_opens_its_episode", proposal.Assessment(Bela) with { Id = empty, Episode = empty });
    }

    [Fact]
    public async Task Credential_counts_up_and_names_what_came_before()
    {
        var proposal = await ProposeAsync();
        var removal = proposal.Removal(Arne);

        await RefusedAsync("decision_credential_sequence_key", removal, proposal.Removal(Arne) with { Sequence = removal.Sequence });
        await RefusedAsync("decision_credential_sequence_key", proposal.Removal(Anna) with { Sequence = proposal.Sequence });
        await RefusedAsync("decision_first_has_no_previous", proposal.Removal(Anna) with { Previous = null });
        await RefusedAsync("decision_first_has_no_previous", proposal.Removal(Anna) with { Sequence = 1 });
        await RefusedAsync("decision_sequence_check", proposal.Removal(Anna) with { Sequence = 0 });
    }

    [Fact]
    public async Task Place_in_a_batch_is_taken_once()
    {
        var proposal = await ProposeAsync();

        await RefusedAsync("decision_assertion_id_leaf_key", proposal.Removal(Anna), proposal.Removal(Anna) with { Leaf = 0 });
    }

    [Fact]
    public async Task Statement_has_at_most_8192_bytes()
    {
        var proposal = await ProposeAsync();

        await decisions.InsertAsync(proposal.Removal(Arne) with { Statement = new byte[8192] });
        await RefusedAsync("decision_statement_is_short", proposal.Removal(Arne) with { Statement = new byte[8193] });
    }

    private async Task<DecisionRow> ProposeAsync()
    {
        var proposal = DecisionRow.Proposal(Anna, NewName);
        await decisions.InsertAsync(proposal);
        return proposal;
    }

    /// <summary>All of the rows are refused, by this rule.</summary>
    private async Task RefusedAsync(string constraint, params DecisionRow[] rows)
    {
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => decisions.InsertAsync(rows));
        Assert.Equal(constraint, refusal.ConstraintName);
    }
}
