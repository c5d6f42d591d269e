using System.Security.Cryptography;
using BlockList.Format;
using BlockList.Format.Statements;
using BlockList.Server.Names.Register;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>The never-block register from a person's signature to what the publisher leaves out. A world for each test: the
/// register is one for all names.</summary>
public sealed class NeverBlockTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly PublishingWorld world = new(postgres);

    public ValueTask InitializeAsync() => world.InitializeAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Name_that_a_row_protects_is_decided_and_not_published_and_its_neighbour_is()
    {
        await DoneAsync(world.ProtectAsync("dirk", "care.example"));
        await ListAsync("care.example", "neighbour.example");

        await world.PublishAsync();

        Assert.Equal(["neighbour.example"], (await world.ReadListAsync()).Lines);
        Assert.Equal("critical left-out", await world.FindingsOfAsync("care.example"));
        Assert.Equal("", await world.FindingsOfAsync("neighbour.example"));
    }

    [Fact]
    public async Task Row_that_comes_later_takes_nothing_off_the_list_and_alarms_once()
    {
        await ListAsync("early.example");
        Assert.True(await world.IsPublishedAsync("early.example"));

        await DoneAsync(world.ProtectAsync("dirk", "early.example"));

        Assert.True(await world.IsPublishedAsync("early.example"));
        Assert.True(await world.IsPublishedAsync("early.example"));
        Assert.Equal("critical touched", await world.FindingsOfAsync("early.example"));
        Assert.Single(world.PublisherLog.At(LogLevel.Critical), line => line.Contains("critical", StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_of_sites_protects_until_another_takes_its_place()
    {
        await DoneAsync(world.ImportSitesAsync("olav", "site.example", "other.example"));
        await ListAsync("en.site.example");
        Assert.False(await world.IsPublishedAsync("en.site.example"));
        Assert.Equal("top-sites left-out", await world.FindingsOfAsync("en.site.example"));

        await DoneAsync(world.ImportSitesAsync("pieter", "other.example", "third.example"));

        Assert.True(await world.IsPublishedAsync("en.site.example"));
        Assert.Equal("", await world.FindingsOfAsync("en.site.example"));
    }

    [Fact]
    public async Task Row_is_retired_by_another_release_officer_and_never_by_who_entered_it()
    {
        var row = await DoneAsync(world.ProtectAsync("olav", "late.example", RegisterSource.Hand));
        await ListAsync("late.example");

        var own = Assert.IsType<RegisterOutcome.Refused>(await world.RetireAsync("olav", row));
        Assert.Equal("own-row", own.Problem.Code);
        var curator = Assert.IsType<RegisterOutcome.Refused>(await world.RetireAsync("anna", row));
        Assert.Equal("no-role", curator.Problem.Code);
        Assert.False(await world.IsPublishedAsync("late.example"));

        await DoneAsync(world.RetireAsync("pieter", row));
        Assert.True(await world.IsPublishedAsync("late.example"));
        Assert.Equal(2L, await world.Database.ScalarAsync<long>("select count(*) from oversight.audit where action in ('register.add', 'register.retire')"));
    }

    [Theory]
    [InlineData("anna", "no-role")]
    [InlineData("olav", null)]
    public async Task List_of_sites_is_imported_by_a_release_officer(string person, string? code)
    {
        var outcome = await world.ImportSitesAsync(person, "site.example");
        Assert.Equal(code, (outcome as RegisterOutcome.Refused)?.Problem.Code);
        var same = await world.ImportSitesAsync("pieter", "site.example");
        Assert.Equal(code is null ? "same-file" : null, (same as RegisterOutcome.Refused)?.Problem.Code);
    }

    [Fact]
    public async Task Version_says_which_register_it_was_computed_with()
    {
        await DoneAsync(world.ProtectAsync("dirk", "one.example"));
        await DoneAsync(world.ImportSitesAsync("olav", "site.example"));
        await ListAsync("bad.example");
        await world.PublishAsync();
        Assert.Equal("2", await world.Database.ScalarAsync<string>("select parameters ->> 'never_block_revision' from publishing.version where list = $1 order by serial desc limit 1", DevelopmentKeys.WorstOf));
    }

    [Fact]
    public async Task Another_process_that_replays_the_ledger_leaves_the_same_names_out()
    {
        await DoneAsync(world.ImportSitesAsync("olav", "site.example"));
        await world.PublishAsync();
        await ListAsync("site.example", "bad.example");
        await using var other = world.NewPublisher();
        await Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Server.Publishing.PublishVersion>(other).RunAsync(DevelopmentKeys.WorstOf, null, TestContext.Current.CancellationToken);
        Assert.Equal(["bad.example"], (await world.ReadListAsync()).Lines);
    }

    /// <summary>The curation login writes rows as it likes; nobody signed them.</summary>
    [Fact]
    public async Task Forged_row_protects_nothing_and_forged_retirement_frees_nothing()
    {
        var row = await DoneAsync(world.ProtectAsync("olav", "care.example"));
        await ListAsync("care.example", "bad.example");
        await ForgeAsync("dirk", s => s with { Action = NeverBlockAction.Add, Source = NeverBlockStatement.Critical, Name = PublishingWorld.Listed("bad.example").Name });
        await ForgeAsync("pieter", s => s with { Action = NeverBlockAction.Retire, Source = NeverBlockStatement.Critical, Name = PublishingWorld.Listed("care.example").Name, Retires = row });

        await world.PublishAsync();

        Assert.Equal(["bad.example"], (await world.ReadListAsync()).Lines);
        Assert.Equal(2, world.PublisherLog.At(LogLevel.Critical).Count(line => line.Contains("is stopped at its statement 1", StringComparison.Ordinal)));
    }

    /// <summary>Ids of decisions and of register statements come from two tables; the same one in both ends nobody's publishing.</summary>
    [Fact]
    public async Task Statement_with_the_id_of_a_decision_stops_nothing()
    {
        await ListAsync("bad.example");
        await world.PublishAsync();
        var known = await world.Database.ScalarAsync<Guid>("select decision_id from publishing.ledger where kind = 'decision' order by position limit 1");
        await ForgeAsync("dirk", s => s with { Id = known, Name = PublishingWorld.Listed("care.example").Name }, isTheirs: true);
        await ListAsync("care.example", "worse.example");

        await world.PublishAsync();

        Assert.Equal(["bad.example", "worse.example"], (await world.ReadListAsync()).Lines);
    }

    [Fact]
    public async Task File_of_someone_without_the_role_is_neither_kept_nor_in_force()
    {
        var file = "1,site.example\n"u8.ToArray();
        await ForgeAsync("dirk", s => s with { Action = NeverBlockAction.Import, Source = NeverBlockStatement.TopSites, Name = null, FileSha256 = Hashes.Sha256(file) }, isTheirs: true, file, "olav");
        await ListAsync("site.example");

        Assert.True(await world.IsPublishedAsync("site.example"));
        Assert.Equal("the person has not the role for this row", await world.Database.ScalarAsync<string>("select reason from publishing.ledger where kind = 'never_block'"));
        Assert.Equal(0L, await world.Database.ScalarAsync<long>("select count(*) from publishing.never_block_file"));
    }

    /// <summary>The tables give a role that the signed register of agencies does not have: the publisher would refuse what the page showed as done.</summary>
    [Fact]
    public async Task Role_that_only_the_tables_know_changes_nothing()
    {
        await world.Database.ExecuteAsync("update access.person set roles = array['curator', 'release-officer'] where id = 'dirk'");
        var refused = Assert.IsType<RegisterOutcome.Refused>(await world.ImportSitesAsync("dirk", "site.example"));
        Assert.Equal("no-role", refused.Problem.Code);
    }

    [Fact]
    public async Task Entry_that_a_doubt_took_off_for_a_while_is_no_addition_when_it_comes_back()
    {
        await world.KeepListedAsync();
        await ListAsync("early.example");
        await world.PublishAsync();
        await DoneAsync(world.ProtectAsync("dirk", "early.example"));
        await world.DecideAsync("bram", DecisionKind.Withdrawal, "early.example");
        Assert.False(await world.IsPublishedAsync("early.example"));

        await world.ReviewAsync("elise", "early.example");

        Assert.True(await world.IsPublishedAsync("early.example"));
        Assert.Equal("critical touched", await world.FindingsOfAsync("early.example"));
    }

    /// <summary>An override is for its episode: a new one of the same name is an addition, though the name stood in the version before.</summary>
    [Fact]
    public async Task New_episode_of_a_name_that_is_listed_is_guarded_as_an_addition()
    {
        await world.KeepListedAsync();
        await ListAsync("early.example");
        await world.PublishAsync();
        await DoneAsync(world.ProtectAsync("dirk", "early.example"));
        await world.DecideAsync("olav", DecisionKind.Removal, "early.example");
        await ListAsync("early.example");

        Assert.False(await world.IsPublishedAsync("early.example"));
        Assert.Equal("critical left-out", await world.FindingsOfAsync("early.example"));
    }

    /// <summary>Every statement of a name that was decided by two agencies.</summary>
    private async Task ListAsync(params string[] names)
    {
        // Past the application's own guard, which would tell these people what it thinks: decided before the row is as good.
        foreach (var name in names)
        {
            await world.ProposeAloneAsync("anna", name);
            await world.ReviewAsync("bram", name);
        }
    }

    private static async Task<Guid> DoneAsync(Task<RegisterOutcome> change) => Assert.IsType<RegisterOutcome.Done>(await change).Statement;

    /// <summary>Writes a row around the application.</summary>
    /// <param name="person">Whose credential it names.</param>
    /// <param name="fill">What it says.</param>
    /// <param name="isTheirs">Signed with their own passkey; with a stranger's otherwise.</param>
    /// <param name="file">Stored with it.</param>
    /// <param name="asRole">The person whose roles the tables give them.</param>
    private async Task ForgeAsync(string person, Func<NeverBlockStatement, NeverBlockStatement> fill, bool isTheirs = false, byte[]? file = null, string? asRole = null)
    {
        if (asRole is not null) await world.Database.ExecuteAsync("update access.person set roles = (select roles from access.person where id = $2) where id = $1", person, asRole);
        var member = world.Cast[person];
        var statement = fill(new NeverBlockStatement
        {
            Deployment = world.Keys.Deployment,
            Id = Guid.CreateVersion7(),
            Action = NeverBlockAction.Add,
            Source = NeverBlockStatement.Hand,
            ReasonSha256 = Hashes.Sha256("forged"u8),
            Agency = member.Agency!,
            Person = member.Id,
            Credential = member.Credential().Id,
            Sequence = 1,
            Previous = null,
            DecidedAt = Format.Json.Timestamp.Truncate(world.Now),
        });
        using var key = isTheirs ? member.OpenPasskey() : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (nonce, bytes) = (RandomNumberGenerator.GetBytes(32), statement.ToCanonicalBytes());
        var assertion = Assertion.Create(key, DecisionChallenge.ForStatement(nonce, bytes), DevelopmentKeys.RelyingParty);
        await using var connection = new NpgsqlConnection(world.Database.Curation);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await StoreRegisterDecision.RunAsync(connection, statement, bytes, nonce, assertion, RegisterReason.Of("forged"), file is null ? null : (file, SiteFile.Read(file, new NameTable.Builder(), 0)), TestContext.Current.CancellationToken);
    }
}
