using System.Security.Cryptography;
using System.Text;
using BlockList.Format.Lists;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Format.Tuf;
using BlockList.Server.Access;
using BlockList.Server.Complaints.Cases;
using BlockList.Server.Curation;
using BlockList.Server.Curation.Importing;
using BlockList.Server.Data;
using BlockList.Server.Names.Register;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Gates;
using BlockList.Server.Tests.Database;
using BlockList.Tools.Deployments;
using BlockList.Tools.Development;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>
/// A deployment without its processes: a migrated database, keys, register and people, and the use cases of curation and
/// publisher, each under its own login. Names made by <see cref="NewName"/> keep tests of one class apart.
/// </summary>
public sealed class PublishingWorld(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly MigratedDatabase database = new(postgres);
    private readonly StateDirectory state = StateDirectory.Temporary();
    private readonly Dictionary<string, string?> settings = [];
    private int names;

    internal SettableClock Clock { get; } = new();

    internal DemoCast Cast { get; private set; } = null!;

    internal DevelopmentKeys Keys { get; private set; } = null!;

    internal ServiceProvider Curation { get; private set; } = null!;

    internal ServiceProvider Publisher { get; private set; } = null!;

    /// <summary>Null while a test keeps it away.</summary>
    internal RunningVerifier? Verifier { get; private set; }

    internal CapturedLog VerifierLog { get; } = new();

    internal MigratedDatabase Database => database;

    internal CapturedLog PublisherLog { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await database.InitializeAsync();
        Cast = DemoCast.Prepare(state);
        Keys = DevelopmentKeys.Prepare(state, Cast, Clock);
        var ca = state.Write(state.File("server-ca.pem"), "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n");
        foreach (var (name, value) in new Dictionary<string, string?>
        {
            ["Access:Deployment"] = Keys.Deployment,
            ["Access:RelyingPartyId"] = DevelopmentKeys.RelyingParty.Id,
            ["Access:Origin"] = DevelopmentKeys.RelyingParty.Origin,
            ["Publishing:Register"] = Keys.RegisterFile,
            ["Publishing:RegisterRoots"] = Keys.RegisterRootsFile,
            ["Publishing:LedgerKeyFile"] = Keys.LedgerKeyFile,
            ["Publishing:ServerCa"] = ca,
            ["Signing:Directory"] = Keys.OnlineFolder,
            ["Signing:PassphraseFile"] = Keys.PassphraseFile,
        }) settings[name] = value;
        StartServices();
        await StartVerifierAsync();
        await Curation.GetRequiredService<LoadRegisterCopy>().RunAsync(Keys.ComposeRegister(Cast, 1), TestContext.Current.CancellationToken);
        foreach (var list in DevelopmentKeys.Lists)
            await Publisher.GetRequiredService<TakeRoot>().RunAsync(await File.ReadAllBytesAsync(Keys.RootFile(list)), TestContext.Current.CancellationToken);
    }

    private void StartServices()
    {
        Curation = Services(settings, database.Curation, services => services.AddSingleton<IStatementSigner>(new CastSigner(Cast)).AddCuration().AddCaseDecisions());
        Publisher = NewPublisher(settings);
    }

    /// <summary>A backup of the database, made while every role stands still.</summary>
    internal async Task BackUpAsync()
    {
        await StopServicesAsync();
        await database.BackUpAsync();
        StartServices();
        await StartVerifierAsync();
    }

    /// <summary>The database becomes what it was, and the roles start again; the verifier's host has its files still.</summary>
    internal async Task RestoreAsync()
    {
        await StopServicesAsync();
        await database.RestoreAsync();
        StartServices();
        await StartVerifierAsync();
    }

    private async Task StopServicesAsync()
    {
        await StopVerifierAsync();
        await Curation.DisposeAsync();
        await Publisher.DisposeAsync();
    }

    /// <summary>A verifier that remembers only what it wrote down.</summary>
    internal async Task StartVerifierAsync(params (string Key, string Value)[] settings)
    {
        await StopVerifierAsync();
        Verifier = await RunningVerifier.StartAsync(database.Verifier, Keys, Clock, VerifierLog, settings);
    }

    internal async Task StopVerifierAsync()
    {
        if (Verifier is { } running) await running.DisposeAsync();
        Verifier = null;
    }

    /// <summary>Another process of the publisher role.</summary>
    internal ServiceProvider NewPublisher(params (string Key, string Value)[] settings)
    {
        var all = Publisher.GetRequiredService<IConfiguration>().AsEnumerable().ToDictionary();
        foreach (var (key, value) in settings) all[key] = value;
        return NewPublisher(all);
    }

    internal string NewName() => $"n{Interlocked.Increment(ref names)}.bad.example";

    internal void MoveClockTo(DateTimeOffset instant) => Clock.Offset += instant - Clock.GetUtcNow();

    internal DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Proposes through a staged import, the way people's files take.</summary>
    internal async Task<SubmitOutcome> ProposeAsync(string person, string name, string verdicts = "met,met,met", DateTimeOffset? sightedAt = null, string scope = "domain")
    {
        var seen = (sightedAt ?? Now.AddDays(-1)).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);
        var csv = $"domain,scope,sighted_at,c1,c2,c3,reference,note\n{name},{scope},{seen},{verdicts},ICCAM:1,seen by the hotline\n";
        var staged = await Curation.GetRequiredService<StageImport>().RunAsync(Encoding.UTF8.GetBytes(csv), "test.csv", DevelopmentKeys.WorstOf, person, false, false, null, TestContext.Current.CancellationToken);
        var import = Assert.IsType<StageOutcome.Staged>(staged).Import!.Value;
        return await SignAsync(person, p => p.ForImportAsync(import, CredentialOf(person), TestContext.Current.CancellationToken), import);
    }

    /// <summary>Proposes one name by itself, as the form does.</summary>
    internal Task<SubmitOutcome> ProposeAloneAsync(string person, string name, string scope = "domain") => SignAsync(person, async prepare =>
    {
        await using var db = await Curation.GetRequiredService<IDbContextFactory<BlockListDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        var criteria = await PrepareDecisions.CriteriaAsync(db, DevelopmentKeys.WorstOf, TestContext.Current.CancellationToken);
        var judgement = new Judgement(criteria.Sha256, criteria.DecidedByCurator.ToDictionary(c => c, _ => Verdict.Met, StringComparer.Ordinal), null, null);
        return await prepare.ForProposalAsync(new ProposalRequest(DevelopmentKeys.WorstOf, name, scope == "host" ? Scope.Host : Scope.Domain, judgement, Format.Json.Timestamp.Truncate(Now.AddDays(-1))), CredentialOf(person), TestContext.Current.CancellationToken);
    });

    internal Task<SubmitOutcome> ReviewAsync(string person, string name, Verdict verdict = Verdict.Met) =>
        SignAsync(person, p => p.ForReviewAsync(DevelopmentKeys.WorstOf, [name], verdict, null, CredentialOf(person), TestContext.Current.CancellationToken));

    internal Task<SubmitOutcome> DecideAsync(string person, DecisionKind kind, string name, DateTimeOffset? sightedAt = null) =>
        SignAsync(person, p => p.ForEntryAsync(kind, DevelopmentKeys.WorstOf, Listed(name), sightedAt, null, CredentialOf(person), TestContext.Current.CancellationToken));

    /// <summary>Prepares, signs with the person's passkey and submits.</summary>
    internal async Task<SubmitOutcome> SignAsync(string person, Func<PrepareDecisions, Task<IReadOnlyList<PreparedDecision>>> prepare, Guid? import = null)
    {
        var decisions = await prepare(Curation.GetRequiredService<PrepareDecisions>());
        return await Curation.GetRequiredService<SubmitDecisions>().RunAsync(Sign(person, decisions), import, TestContext.Current.CancellationToken);
    }

    internal SignedDecisions Sign(string person, IReadOnlyList<PreparedDecision> decisions, bool isBatch = false)
    {
        using var key = Cast[person].OpenPasskey();
        var nonce = RandomNumberGenerator.GetBytes(DecisionChallenge.NonceLength);
        isBatch |= decisions.Count != 1;
        return new SignedDecisions(decisions, isBatch, nonce, Assertion.Create(key, SignedDecisions.ChallengeOf(decisions, isBatch, nonce), DevelopmentKeys.RelyingParty));
    }

    /// <summary>Enters a name into the never-block register.</summary>
    internal Task<RegisterOutcome> ProtectAsync(string person, string name, RegisterSource source = RegisterSource.Critical) =>
        ChangeRegister.AddAsync(CastSigner.ViewerOf(Cast[person]), Listed(name).Name, source, null, "test", TestContext.Current.CancellationToken);

    /// <summary>Imports a list of sites, the first of rank 1.</summary>
    internal Task<RegisterOutcome> ImportSitesAsync(string person, params IEnumerable<string> sites) =>
        ChangeRegister.ImportAsync(CastSigner.ViewerOf(Cast[person]), Encoding.ASCII.GetBytes(string.Concat(sites.Select((site, i) => $"{i + 1},{site}\n"))), "test", TestContext.Current.CancellationToken);

    internal Task<RegisterOutcome> RetireAsync(string person, Guid row) =>
        ChangeRegister.RetireAsync(CastSigner.ViewerOf(Cast[person]), row, "test", TestContext.Current.CancellationToken);

    private ChangeRegister ChangeRegister => Curation.GetRequiredService<ChangeRegister>();

    /// <summary>What the publisher's guard has against an entry, as <c>rule effect</c>, sorted.</summary>
    internal async Task<string> FindingsOfAsync(string name) => await database.ScalarAsync<string?>("""
        select string_agg(f.rule || ' ' || f.effect, ', ' order by f.rule) from publishing.guard_finding f join curation.episode e on e.id = f.episode_id where e.name = $1
        """, name) ?? "";

    internal string CredentialOf(string person) => Cast[person].Credential().Id;

    internal Task<PublishOutcome> PublishAsync(string list = DevelopmentKeys.WorstOf) =>
        Publisher.GetRequiredService<PublishVersion>().RunAsync(list, null, TestContext.Current.CancellationToken);

    /// <summary>Lists another name, seen this moment: what a test takes off the list is then not the last entry of it, which only the
    /// list's owner lets go.</summary>
    internal async Task KeepListedAsync()
    {
        var name = NewName();
        await ProposeAsync("anna", name, sightedAt: Now);
        await ReviewAsync("bram", name);
    }

    /// <summary>What a person says of what is held, the newest of it.</summary>
    internal async Task<DecideHeldOutcome> SayOfHeldAsync(string person, VersionAction action)
    {
        var held = await database.ScalarAsync<Guid>("select id from publishing.held h where not exists (select from publishing.held_end where held_id = h.id) order by held_at desc limit 1");
        var change = await database.ScalarAsync<string>("select change_sha256 from publishing.held where id = $1", held);
        return await ActivatorUtilities.CreateInstance<DecideHeld>(Curation).RunAsync(CastSigner.ViewerOf(Cast[person]), held, change!, action, "looked at it", null, TestContext.Current.CancellationToken);
    }

    /// <summary>Publishes what is held too, by the word of a release officer who decided none of it.</summary>
    internal async Task PublishConfirmedAsync()
    {
        if (await PublishAsync() is not PublishOutcome.Held) return;
        Assert.IsType<DecideHeldOutcome.Done>(await SayOfHeldAsync("pieter", VersionAction.Confirm));
        Assert.IsType<PublishOutcome.Published>(await PublishAsync());
    }

    /// <summary>Publishes, and says whether the name stands in the newest published file.</summary>
    internal async Task<bool> IsPublishedAsync(string name)
    {
        await PublishAsync();
        return (await ReadListAsync()).Contains(name);
    }

    /// <summary>Signs the register and puts it in force, for the publisher and for the copies that curation reads.</summary>
    internal async Task TakeRegisterAsync(AgencyRegister register)
    {
        Keys.SignRegister(register);
        await Curation.GetRequiredService<LoadRegisterCopy>().RunAsync(register, TestContext.Current.CancellationToken);
    }

    /// <summary>The newest published list, from the files that are served.</summary>
    internal async Task<ListFile> ReadListAsync(string list = DevelopmentKeys.WorstOf)
    {
        await using var db = await Publisher.GetRequiredService<IDbContextFactory<BlockListDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        return (await CurrentState.ReadAsync(db, list, Publisher.GetRequiredService<PinnedRegister>().Roots, TestContext.Current.CancellationToken)).List;
    }

    internal async Task<ListHead> ReadHeadAsync(string list = DevelopmentKeys.WorstOf)
    {
        await using var db = await ContextAsync();
        return await db.Heads.AsNoTracking().SingleAsync(h => h.List == list, TestContext.Current.CancellationToken);
    }

    /// <summary>From root 1, through every later root, to the list: at the world's present time.</summary>
    internal async Task<ListFacts> VerifyAsClientAsync(string list = DevelopmentKeys.WorstOf)
    {
        await using var db = await ContextAsync();
        var head = await ReadHeadAsync(list);
        var client = new TrustedMetadata(await FileAsync("tuf/1.root.json"), Now);
        for (var version = 2; version <= head.RootVersion; version++) client.UpdateRoot(await FileAsync($"tuf/{version}.root.json"));
        client.UpdateTimestamp(head.TimestampContent);
        client.UpdateSnapshot(await FileAsync($"tuf/{client.Timestamp!.Snapshot.Version}.snapshot.json"));
        client.UpdateTargets(await FileAsync($"tuf/{client.Snapshot!.Targets.Version}.targets.json"));
        var target = client.Targets!.Files["list.txt"];
        Assert.True(target.Matches(await FileAsync("targets/" + target.LocationOf("list.txt"))));
        return ListFacts.Parse(target.Custom!.Value);

        Task<byte[]> FileAsync(string path) => CurrentState.FileAsync(db, list, path, TestContext.Current.CancellationToken);
    }

    private Task<BlockListDb> ContextAsync() => Publisher.GetRequiredService<IDbContextFactory<BlockListDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);

    internal static ListedName Listed(string name, Scope scope = Scope.Domain) =>
        DomainName.TryParseCanonical(name, out var parsed) ? new ListedName(parsed, scope) : throw new ArgumentException("no name", nameof(name));

    public async ValueTask DisposeAsync()
    {
        await StopServicesAsync();
        await database.DisposeAsync();
        state.Dispose();
    }

    private ServiceProvider NewPublisher(Dictionary<string, string?> settings) => Services(settings, database.Publisher, services => services.AddPublishing());

    private ServiceProvider Services(Dictionary<string, string?> settings, string connectionString, Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings)
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Database:ConnectionString"] = connectionString + ";Maximum Pool Size=4" }).Build());
        services.AddSingleton<TimeProvider>(Clock);
        services.AddLogging(logging => logging.AddProvider(PublisherLog));
        services.AddBlockListDatabase();
        add(services);
        return services.BuildServiceProvider();
    }
}
