using BlockList.Format.Statements;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Ledger;
using BlockList.Server.Publishing.Rebuilding;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static BlockList.Server.Tests.Publishing.CarelessAgencies;
using static BlockList.Server.Tests.Publishing.ComplaintSteps;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Decisions about complaints while the ledger does not hold: they take entries off like removals, and bring none back. A world
/// for each test, with four entries.</summary>
public sealed class PublishComplaintsFromBrokenTests(PostgresFixture postgres) : PublishingTests(postgres)
{
    private ServiceProvider publisher = null!;

    protected override async Task PrepareAsync()
    {
        await World.ListAsync(Numbered("kept", 4));
        await World.PublishAsync();
        publisher = World.NewPublisher();
    }

    public override async ValueTask DisposeAsync()
    {
        await publisher.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Suspended_and_upheld_go_out_and_what_is_over_does_not(bool verifierStartsAnew)
    {
        await MoveFirstRowAsync("-");
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

        await MoveFirstRowAsync("+");
        Decided(await World.ResumeAsync("otto", "kept0.example"));
        Assert.IsType<PublishOutcome.Published>(await publisher.GetRequiredService<PublishVersion>().RunAsync(List, null, Ct));
        Assert.Equal(["kept0.example", "kept2.example", "kept3.example"], (await World.ReadListAsync()).Lines);
        await RequireRebuiltAsync();
    }

    [Fact]
    public async Task Complaints_go_before_removals_within_the_ceiling_of_a_day()
    {
        await World.ListAsync(Numbered("site", 6));
        await World.PublishAsync();
        await MoveFirstRowAsync("-");
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
        await MoveFirstRowAsync("-");
        Decided(await World.DecideComplaintAsync("otto", "kept0.example", ComplaintOutcome.Upheld));
        await LookAsync();
        Assert.Equal(["kept1.example", "kept2.example", "kept3.example"], (await World.ReadListAsync()).Lines);
        await Assert.ThrowsAsync<LedgerBrokenException>(() => publisher.GetRequiredService<PublishVersion>().RunAsync(List, null, Ct));
        Assert.Equal(3, (await World.ReadListAsync()).Count);
    }

    private Task<int> MoveFirstRowAsync(string by) => World.Database.ExecuteAsync($"alter table publishing.ledger disable trigger all; update publishing.ledger set received_at = received_at {by} interval '1 day' where position = 1; alter table publishing.ledger enable trigger all");

    private Task<bool> LookAsync() => publisher.GetRequiredService<PublishUrgent>().RunAsync(Ct);

    private async Task RequireRebuiltAsync()
    {
        var versions = await World.Database.ScalarAsync<int>($"select max(serial) from publishing.version where list = '{List}'");
        for (var serial = 1; serial <= versions; serial++)
        {
            var files = await World.Publisher.GetRequiredService<RebuildVersion>().RunAsync(List, serial, Ct);
            Assert.NotNull(files);
            Assert.Equal(RebuiltFile.Comparison.Equal, files.Single(file => file.Path == "list.txt").Outcome);
        }
    }
}
