using BlockList.Format.Statements;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Gates;
using BlockList.Server.Publishing.Ledger;
using BlockList.Server.Signing;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xunit;
using static BlockList.Server.Tests.Publishing.CarelessAgencies;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Words on held versions, as they come at a bad moment or past the application: publisher and verifier judge them alike, and
/// publishing goes on.</summary>
public sealed class HeldWordTests(PostgresFixture postgres) : PublishingTests(postgres)
{
    private const string NoSuchVersion = "there is no such held version";

    protected override async Task PrepareAsync()
    {
        await World.ListAsync(Numbered("kept", 3));
        await World.PublishAsync();
        await World.ListAsync(Numbered("site", 60));
        Assert.IsType<PublishOutcome.Held>(await World.PublishAsync());
    }

    /// <summary>The run that ends it had read what is held before the word came.</summary>
    [Fact]
    public async Task Word_on_a_version_that_ends_before_it_is_taken_does_nothing_and_publishing_goes_on()
    {
        Assert.IsType<DecideHeldOutcome.Done>(await World.SayOfHeldAsync("pieter", VersionAction.Confirm));
        await World.Database.ExecuteAsync("insert into publishing.held_end (held_id, outcome, serial) select id, 'overtaken', serial from publishing.held");

        await GoesOnAsync();

        Assert.Equal("accepted", await World.Database.ScalarAsync<string>("select outcome from publishing.ledger where kind = 'version'"));
        Assert.Equal(2, (await World.ReadListAsync()).Count);
    }

    [Fact]
    public async Task Word_that_is_signed_for_another_list_has_no_effect_and_publishing_goes_on()
    {
        var word = await SignedWord.InsertAsync(World, "pieter", statement => statement with { List = DevelopmentKeys.NoNational });
        await GoesOnAsync();
        Assert.Equal(NoSuchVersion, await ReasonAsync(word));
    }

    [Fact]
    public async Task Word_whose_row_names_another_version_than_its_signature_is_refused_and_otherwise_counts_as_signed()
    {
        var held = await HeldAsync();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => InsertForNobodysAsync());
        Assert.Equal("version_decision_says_what_it_signs", refused.ConstraintName);
        // Where the database's owner helps, publisher and verifier still go by what is signed.
        await World.Database.ExecuteAsync("alter table publishing.version_decision drop constraint version_decision_says_what_it_signs");
        var word = await InsertForNobodysAsync();
        await GoesOnAsync();
        Assert.Equal(NoSuchVersion, await ReasonAsync(word));

        Task<Guid> InsertForNobodysAsync() => SignedWord.InsertAsync(World, "pieter", statement => statement with { Held = Guid.CreateVersion7() }, held);
    }

    [Fact]
    public async Task Rows_of_a_stopped_credential_hide_nobodys_word_however_many_they_are()
    {
        await World.Database.ExecuteAsync("""
            insert into publishing.version_decision (id, held_id, action, agency, person, credential, sequence, previous_sha256, decided_at, statement, nonce, authenticator_data, client_data, signature)
            select gen_random_uuid(), h.id, 'discard', c.agency, c.person, c.id, i, case when i > 1 then repeat('0', 64) end, now(), convert_to('{"held":"' || h.id || '"}', 'UTF8'), sha256('n'), 'a', 'c', 's'
            from publishing.held h, access.credential c, generate_series(1, 1200) i where c.person = 'olav'
            """);
        Assert.IsType<DecideHeldOutcome.Done>(await World.SayOfHeldAsync("pieter", VersionAction.Confirm));

        Assert.IsType<PublishOutcome.Published>(await World.PublishAsync());

        Assert.Equal(63, (await World.ReadListAsync()).Count);
        Assert.Contains(World.PublisherLog.At(LogLevel.Critical), line => line.Contains("is stopped at its statement 1 about a held version", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Words_are_taken_by_the_newest_register_alone()
    {
        var old = await World.Publisher.GetRequiredService<PinnedRegister>().TakeAsync(Ct);
        await World.TakeRegisterAsync(World.Keys.ComposeRegister(World.Cast, 2));
        await World.PublishAsync();
        Assert.IsType<DecideHeldOutcome.Done>(await World.SayOfHeldAsync("pieter", VersionAction.Confirm));

        var problem = await Assert.ThrowsAsync<SigningException>(() => World.Publisher.GetRequiredService<LedgerReplay>()
            .UseAsync(old, state => World.Publisher.GetRequiredService<TakeVersionDecisions>().RunAsync(state, old, Ct), Ct));

        Assert.Contains("Another publisher took register 2", problem.Message, StringComparison.Ordinal);
        Assert.Equal(0L, await World.Database.ScalarAsync<long>("select count(*) from publishing.ledger where kind = 'version'"));
    }

    private Task<Guid> HeldAsync() => World.Database.ScalarAsync<Guid>("select id from publishing.held order by held_at desc limit 1");

    private Task<string?> ReasonAsync(Guid word) => World.Database.ScalarAsync<string?>("select reason from publishing.ledger where decision_id = $1", word);

    /// <summary>The next removal is published, which the verifier signs only where every row of the ledger holds for it.</summary>
    private async Task GoesOnAsync()
    {
        await World.DecideAsync("olav", DecisionKind.Removal, "kept0.example");
        Assert.IsType<PublishOutcome.Published>(await World.PublishAsync());
    }
}
