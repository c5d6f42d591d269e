using BlockList.Format.Statements;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static BlockList.Server.Tests.Publishing.CarelessAgencies;
using static BlockList.Server.Tests.Publishing.ComplaintSteps;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Decisions about complaints while the ledger does not hold: they take entries off like removals, and bring none back.</summary>
public sealed class PublishComplaintsFromBrokenTests(PostgresFixture postgres) : FromBrokenTests(postgres)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Suspended_and_upheld_go_out_and_what_is_over_does_not(bool verifierStartsAnew)
    {
        await BreakAsync();
        if (verifierStartsAnew) await World.StartVerifierAsync();
        Decided(await World.SuspendAsync("carlo", "kept0.example"));
        Decided(await World.DecideComplaintAsync("otto", "kept1.example", ComplaintOutcome.Cleaned));
        Decided(await World.SuspendAsync("carlo", "kept2.example"));
        Decided(await World.ResumeAsync("carlo", "kept2.example"));
        Decided(await World.DecideComplaintAsync("carlo", "kept3.example", ComplaintOutcome.Rejected));

        await LookAsync();

        Assert.Equal(["kept2.example", "kept3.example"], (await World.ReadListAsync()).Lines);
        Assert.True((await World.VerifyAsClientAsync()).Urgent);
        Assert.Equal("complaint upheld", await World.Database.ScalarAsync<string>("select string_agg(removed_because, ' ' order by line) from publishing.entry where removed_serial = 2"));
        Assert.Equal("broken", await World.Database.ScalarAsync<string>("select form from publishing.candidate order by created_at desc limit 1"));

        await RestoreAsync();
        Decided(await World.ResumeAsync("otto", "kept0.example"));
        Assert.IsType<PublishOutcome.Published>(await Publisher.GetRequiredService<PublishVersion>().RunAsync(List, null, Ct));
        Assert.Equal(["kept0.example", "kept2.example", "kept3.example"], (await World.ReadListAsync()).Lines);
        await RequireRebuiltAsync();
    }

    /// <summary>Whoever has the curation login keeps nobody blocked while the ledger does not hold; an officer's signature does.</summary>
    [Theory]
    [InlineData("otto", "otto", 4)]
    [InlineData("otto", "carlo", 3)]
    [InlineData("elise", "elise", 3)]
    public async Task Suspension_is_ended_by_who_may_end_it_and_by_nobody_else(string person, string signedBy, int left)
    {
        await BreakAsync();
        Decided(await World.SuspendAsync("carlo", "kept0.example"));
        // Whatever the tables say of their role.
        await World.Database.ExecuteAsync("update access.person set roles = array['complaints-officer'] where id = 'elise'");
        await World.ForgeComplaintDecisionAsync(person, DecisionKind.SuspensionEnd, "kept0.example", signedBy);
        await LookAsync();
        Assert.Equal(left, (await World.ReadListAsync()).Count);
    }

    [Fact]
    public async Task Complaints_go_before_removals_within_the_ceiling_of_a_day()
    {
        await World.ListAsync(Numbered("site", 6));
        await World.PublishAsync();
        await BreakAsync();
        foreach (var name in Numbered("site", 6)) await World.DecideAsync("olav", DecisionKind.Removal, name);
        Decided(await World.SuspendAsync("carlo", "kept0.example"));
        await LookAsync();
        var lines = (await World.ReadListAsync()).Lines;
        Assert.Equal(5, lines.Count);
        Assert.DoesNotContain("kept0.example", lines);
    }

    [Fact]
    public async Task Upheld_appeal_goes_out()
    {
        Decided(await World.DecideComplaintAsync("carlo", "kept0.example", ComplaintOutcome.Rejected));
        await World.PublishAsync();
        await BreakAsync();
        Decided(await World.DecideComplaintAsync("otto", "kept0.example", ComplaintOutcome.Upheld));
        await LookAsync();
        Assert.Equal(["kept1.example", "kept2.example", "kept3.example"], (await World.ReadListAsync()).Lines);
        await Assert.ThrowsAsync<LedgerBrokenException>(() => Publisher.GetRequiredService<PublishVersion>().RunAsync(List, null, Ct));
        Assert.Equal(3, (await World.ReadListAsync()).Count);
    }
}
