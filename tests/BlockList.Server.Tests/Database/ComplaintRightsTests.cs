using BlockList.Format;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Database;

/// <summary>Who may decide about complaints, as the database itself refuses it to whoever has the curation login.</summary>
public sealed class ComplaintRightsTests(DecisionTable decisions) : IClassFixture<DecisionTable>
{
    private const string Role = "decision_person_holds_the_role";
    private const string Involved = "decision_complaint_by_the_uninvolved";
    private const string Appeal = "decision_appeal_by_oversight";

    private static int _names;

    private static string NewName => $"complaint{Interlocked.Increment(ref _names)}.example";

    [Fact]
    public async Task Officer_of_no_agency_suspends_ends_that_and_decides()
    {
        var (proposal, carlo) = (await ProposeAsync(), await OfficerAsync("complaints-officer"));
        await decisions.InsertAsync(proposal.OfComplaint("suspension", carlo));
        await decisions.InsertAsync(proposal.OfComplaint("suspension-end", carlo));
        await decisions.InsertAsync(proposal.OfComplaint("complaint-outcome", carlo, outcome: "upheld"));
    }

    [Theory]
    [InlineData("suspension", null)]
    [InlineData("suspension-end", null)]
    [InlineData("complaint-outcome", "rejected")]
    public async Task Nobody_decides_about_complaints_without_the_role(string kind, string? outcome)
    {
        var proposal = await ProposeAsync();
        await RefusedAsync(Role, proposal.OfComplaint(kind, DecisionTable.Bela, outcome: outcome));
        await RefusedAsync(Role, proposal.OfComplaint(kind, await OfficerAsync("provider-manager"), outcome: outcome));
    }

    [Fact]
    public async Task Complaints_officer_decides_nothing_else()
    {
        var (proposal, carlo) = (await ProposeAsync(), await OfficerAsync("complaints-officer"));
        await RefusedAsync("decision_of_no_agency", proposal.Removal(carlo));
        await RefusedAsync("decision_of_no_agency", proposal.Assessment(carlo));
        await RefusedAsync("decision_of_no_agency", DecisionRow.Proposal(carlo, NewName));
        await RefusedAsync(Role, proposal.Removal(await OfficerAsync("complaints-officer", "hotline")));
    }

    [Fact]
    public async Task Person_who_had_a_part_and_everybody_of_their_agency_decide_no_complaint()
    {
        var (proposal, police, hotline) = (await ProposeAsync(), await OfficerAsync("complaints-officer", "police"), await OfficerAsync("complaints-officer", "hotline"));
        await RefusedAsync(Involved, proposal.OfComplaint("suspension", police));
        // The other agency had none, until one of its people saw the material.
        await decisions.InsertAsync(proposal.OfComplaint("suspension", hotline));
        await decisions.InsertAsync(proposal.Sighting(DecisionTable.Bela, TimeProvider.System.GetUtcNow().AddHours(-1)));
        await RefusedAsync(Involved, proposal.OfComplaint("complaint-outcome", hotline, outcome: "upheld"));
    }

    [Fact]
    public async Task Part_in_an_earlier_life_of_the_name_is_one_and_part_in_another_scope_is_none()
    {
        var (proposal, hotline) = (await ProposeAsync(), await OfficerAsync("complaints-officer", "hotline"));
        await decisions.InsertAsync(proposal.Assessment(DecisionTable.Bela));
        await decisions.CloseEpisodeAsync(proposal);
        var later = DecisionRow.Proposal(DecisionTable.Anna, proposal.Name);
        var host = later with { Scope = "host", Id = Guid.CreateVersion7() };
        host = host with { Episode = host.Id, Sequence = later.Sequence + 1_000_000 };
        await decisions.InsertAsync(later);
        await decisions.InsertAsync(host);
        await RefusedAsync(Involved, later.OfComplaint("suspension", hotline));
        await decisions.InsertAsync(host.OfComplaint("suspension", hotline));
    }

    [Fact]
    public async Task One_outcome_and_one_appeal_by_oversight_that_is_somebody_else()
    {
        var (proposal, carlo, both, otto) = (await ProposeAsync(), await OfficerAsync("complaints-officer"), await OfficerAsync("complaints-officer", null, "oversight"), await OfficerAsync("oversight"));
        var rejected = proposal.OfComplaint("complaint-outcome", both, outcome: "rejected");
        await decisions.InsertAsync(rejected);
        await RefusedAsync("decision_outcome_once", proposal.OfComplaint("complaint-outcome", otto, outcome: "rejected"));
        await RefusedAsync(Appeal, proposal.OfComplaint("complaint-outcome", both, outcome: "upheld", appeals: rejected));
        await RefusedAsync(Appeal, proposal.OfComplaint("complaint-outcome", carlo, outcome: "upheld", appeals: rejected));
        await RefusedAsync(Appeal, proposal.OfComplaint("suspension", carlo));
        await RefusedAsync("decision_appeals_a_rejection", proposal.OfComplaint("complaint-outcome", otto, "BL-9TT3HJ6C", "upheld", appeals: rejected));
        var appeal = proposal.OfComplaint("complaint-outcome", otto, outcome: "rejected", appeals: rejected);
        await decisions.InsertAsync(appeal);
        await RefusedAsync("decision_outcome_once", proposal.OfComplaint("complaint-outcome", await OfficerAsync("oversight"), outcome: "upheld", appeals: rejected));
        await RefusedAsync("decision_appeals_a_rejection", proposal.OfComplaint("complaint-outcome", await OfficerAsync("oversight"), outcome: "upheld", appeals: appeal));
        // Another complaint about the same entry is another complaint.
        await decisions.InsertAsync(proposal.OfComplaint("complaint-outcome", carlo, "BL-9TT3HJ6C", "rejected"));
    }

    [Fact]
    public async Task What_was_upheld_is_not_appealed()
    {
        var (proposal, carlo, otto) = (await ProposeAsync(), await OfficerAsync("complaints-officer"), await OfficerAsync("oversight"));
        var upheld = proposal.OfComplaint("complaint-outcome", carlo, outcome: "upheld");
        await decisions.InsertAsync(upheld);
        await RefusedAsync("decision_appeals_a_rejection", proposal.OfComplaint("complaint-outcome", otto, outcome: "rejected", appeals: upheld));
    }

    [Theory]
    [InlineData("suspension", null, "BL-7KQ4M2XW", "decision_names_its_complaint")]
    [InlineData("suspension", null, "owner@bad.example", "decision_complaint_reference")]
    [InlineData("suspension", "upheld", "BL-7KQ4M2XW", "decision_outcome_of_a_complaint")]
    [InlineData("complaint-outcome", null, "BL-7KQ4M2XW", "decision_outcome_of_a_complaint")]
    [InlineData("complaint-outcome", "granted", "BL-7KQ4M2XW", "decision_outcome_check")]
    public async Task Row_has_the_fields_of_its_kind(string kind, string? outcome, string reference, string constraint)
    {
        var row = (await ProposeAsync()).OfComplaint(kind, await OfficerAsync("complaints-officer"), reference, outcome);
        await RefusedAsync(constraint, constraint == "decision_names_its_complaint" ? row with { Case = null } : row);
    }

    [Fact]
    public async Task Entry_of_one_host_is_not_narrowed()
    {
        var proposal = DecisionRow.Proposal(DecisionTable.Anna, NewName) with { Scope = "host" };
        await decisions.InsertAsync(proposal);
        await RefusedAsync("decision_narrows_a_domain", proposal.OfComplaint("complaint-outcome", await OfficerAsync("complaints-officer"), outcome: "partly"));
    }

    [Fact]
    public async Task Credential_of_no_agency_is_of_a_person_who_decides_complaints()
    {
        var problem = await Assert.ThrowsAsync<PostgresException>(() => decisions.ExecuteAsync("insert into access.credential values ($1, 'anna', null, '', '{curator}')", new string('e', 64)));
        Assert.Equal("credential_of_no_agency", problem.ConstraintName);
        var nobody = await Assert.ThrowsAsync<PostgresException>(() => decisions.ExecuteAsync("insert into access.credential values ($1, 'nobody', null, '', '{oversight}')", new string('e', 64)));
        Assert.Equal("credential_of_a_person", nobody.ConstraintName);
    }

    private async Task<DecisionRow> ProposeAsync()
    {
        var proposal = DecisionRow.Proposal(DecisionTable.Anna, NewName);
        await decisions.InsertAsync(proposal);
        return proposal;
    }

    private async Task<Signer> OfficerAsync(string role, string? agency = null, params string[] more)
    {
        var person = $"officer{Interlocked.Increment(ref _names)}";
        var signer = new Signer(agency, person, Hashes.Sha256(System.Text.Encoding.UTF8.GetBytes(person)));
        string[] roles = [role, .. more];
        await decisions.ExecuteAsync("insert into access.person (id, agency, name, roles) values ($1, $2, $1, $3)", person, agency, roles);
        await decisions.ExecuteAsync("insert into access.credential values ($1, $2, $3, '', '{oversight}')", signer.Credential, person, agency);
        return signer;
    }

    private async Task RefusedAsync(string constraint, params DecisionRow[] rows)
    {
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => decisions.InsertAsync(rows));
        Assert.Equal(constraint, refusal.ConstraintName);
    }
}
