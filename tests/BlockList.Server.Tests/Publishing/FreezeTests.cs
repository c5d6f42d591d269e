using System.Security.Cryptography;
using System.Text;
using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Curation.Importing;
using BlockList.Server.Publishing;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>
/// What one row, one person or one list can hold up: nothing but itself. Whoever could freeze the publisher would keep
/// innocent names blocked and new ones reachable. A world for each test.
/// </summary>
public sealed class FreezeTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly PublishingWorld world = new(postgres);

    public ValueTask InitializeAsync() => world.InitializeAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Vote_on_a_proposal_that_had_lapsed_before_it_was_taken_does_not_stop_its_credential()
    {
        var (late, other) = (world.NewName(), world.NewName());
        var start = world.Now;
        await world.ProposeAsync("anna", late, sightedAt: start.AddMonths(-3).AddDays(1));
        await world.ReviewAsync("bram", late);
        // No slot came before the lease ended: the proposal is refused, and the vote has nothing to wait for.
        world.MoveClockTo(start.AddDays(2));
        await world.ProposeAsync("anna", other, sightedAt: start.AddDays(-1));
        await world.ReviewAsync("bram", other);
        Assert.True(await world.IsPublishedAsync(other));
        Assert.False((await world.ReadListAsync()).Contains(late));
    }

    [Fact]
    public async Task Vote_on_a_proposal_behind_a_stopped_credential_waits_without_stopping_its_own()
    {
        var (altered, behind, other) = (world.NewName(), world.NewName(), world.NewName());
        await world.ProposeAsync("anna", altered);
        await world.ProposeAsync("anna", behind);
        await world.ReviewAsync("bram", behind);
        await world.ProposeAsync("elise", other);
        await world.ReviewAsync("bram", other);
        var statement = await world.Database.ScalarAsync<byte[]>("select statement from curation.decision where name = $1", altered);
        await AlterStatementAsync(altered, "x"u8.ToArray());
        Assert.True(await world.IsPublishedAsync(other));
        Assert.False((await world.ReadListAsync()).Contains(behind));

        // Once someone has looked and put the row back, the vote counts as it was given.
        await AlterStatementAsync(altered, statement!);
        Assert.True(await world.IsPublishedAsync(behind));
    }

    [Fact]
    public async Task Removal_of_a_proposal_behind_a_stopped_credential_counts_once_the_proposal_is_taken()
    {
        var (altered, behind) = (world.NewName(), world.NewName());
        await world.ProposeAsync("anna", altered);
        await world.ProposeAsync("anna", behind);
        await world.ReviewAsync("bram", behind);
        Assert.IsType<SubmitOutcome.Accepted>(await world.DecideAsync("olav", DecisionKind.Removal, behind));
        var statement = await world.Database.ScalarAsync<byte[]>("select statement from curation.decision where name = $1", altered);
        await AlterStatementAsync(altered, "x"u8.ToArray());
        Assert.False(await world.IsPublishedAsync(behind));
        await AlterStatementAsync(altered, statement!);
        Assert.False(await world.IsPublishedAsync(behind));
    }

    [Fact]
    public async Task List_that_the_register_drops_holds_no_other_list_up()
    {
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        await world.ReviewAsync("bram", name);
        Assert.True(await world.IsPublishedAsync(name));
        var register = world.Keys.ComposeRegister(world.Cast, 2);
        world.Keys.SignRegister(register with { Lists = register.Lists.Where(l => l.Key != DevelopmentKeys.WorstOf).ToDictionary() });
        Assert.IsType<PublishOutcome.Published>(await world.PublishAsync(DevelopmentKeys.EnforcementTest));
        // Back again, with all its history.
        world.Keys.SignRegister(register with { Version = 3 });
        Assert.True(await world.IsPublishedAsync(name));
    }

    [Fact]
    public async Task Statement_with_an_overlong_list_stops_its_credential_only()
    {
        var (poison, other) = (world.NewName(), world.NewName());
        var proposal = await PrepareProposalAsync("anna", poison);
        // Signed by a curator who means harm: no index of the ledger takes a list of this length.
        var bytes = (proposal.Statement with { List = RandomNumberGenerator.GetHexString(6000, lowercase: true) }).ToCanonicalBytes();
        var lying = proposal with { Bytes = bytes };
        var signed = world.Sign("anna", [lying]);
        await ForgedDecision.InsertAsync(world.Database.Curation, world.CredentialOf("anna"), false, signed.Nonce, signed.Assertion, lying);
        await world.ProposeAsync("elise", other);
        await world.ReviewAsync("bram", other);
        Assert.True(await world.IsPublishedAsync(other));
    }

    [Fact]
    public async Task Stopped_credential_with_more_rows_than_are_taken_at_once_starves_nobody()
    {
        var (altered, other) = (world.NewName(), world.NewName());
        await world.ProposeAsync("anna", altered);
        for (var i = 0; i < 3; i++) await world.ProposeAsync("anna", world.NewName());
        await AlterStatementAsync(altered, "x"u8.ToArray());
        await world.ProposeAsync("elise", other);
        await world.ReviewAsync("bram", other);
        await using var publisher = world.NewPublisher(("Publishing:TakeAtOnce", "2"));
        await publisher.GetRequiredService<PublishVersion>().RunAsync(DevelopmentKeys.WorstOf, null, Ct);
        Assert.True((await world.ReadListAsync()).Contains(other));
    }

    [Fact]
    public async Task Schedule_that_cannot_be_read_holds_no_other_list_up()
    {
        await world.Curation.GetRequiredService<SetSchedule>().RunAsync(DevelopmentKeys.WorstOf, [1, 2, 3, 4, 5, 6, 7], new TimeOnly(6, 0), "UTC", "operator", Ct);
        await using (var connection = new Npgsql.NpgsqlConnection(world.Database.Curation))
        {
            await connection.OpenAsync(Ct);
            await ForgedDecision.ExecuteAsync(connection, "insert into publishing.schedule (id, list, days, at, zone) values ($1, $2, array[1], '06:00', 'Nowhere/At-all')", Guid.CreateVersion7(), DevelopmentKeys.EnforcementTest);
        }
        world.MoveClockTo(world.Now.AddDays(2));
        await world.Publisher.GetRequiredService<SweepSchedule>().RunAsync(Ct);
        Assert.Equal(1L, await world.Database.ScalarAsync<long>("select count(*) from publishing.slot where list = $1", DevelopmentKeys.WorstOf));
    }

    private Task<int> AlterStatementAsync(string name, byte[] statement) => world.Database.ExecuteAsync(
        $"alter table curation.decision disable trigger all; update curation.decision set statement = '\\x{Convert.ToHexString(statement)}' where name = '{name}'; alter table curation.decision enable trigger all");

    private async Task<PreparedDecision> PrepareProposalAsync(string person, string name)
    {
        var csv = $"domain,scope,sighted_at,c1,c2,c3,reference,note\n{name},domain,{world.Now.AddDays(-1).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'},met,met,met,,\n";
        var staged = Assert.IsType<StageOutcome.Staged>(await world.Curation.GetRequiredService<StageImport>()
            .RunAsync(Encoding.UTF8.GetBytes(csv), "x.csv", DevelopmentKeys.WorstOf, person, false, false, null, Ct));
        return Assert.Single(await world.Curation.GetRequiredService<PrepareDecisions>().ForImportAsync(staged.Import!.Value, world.CredentialOf(person), Ct));
    }
}
