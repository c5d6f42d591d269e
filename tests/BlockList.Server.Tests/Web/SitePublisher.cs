using System.Security.Cryptography;
using System.Text;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Curation.Importing;
using BlockList.Server.Data;
using BlockList.Server.Publishing;
using BlockList.Server.Tests.Publishing;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>The publisher beside a <see cref="CurationSite"/>, and people's decisions without their browsers.</summary>
internal sealed class SitePublisher : IAsyncDisposable
{
    private readonly CurationSite site;
    private readonly ServiceProvider services;
    private readonly string ca;
    private RunningVerifier? verifier;

    private SitePublisher(CurationSite site)
    {
        this.site = site;
        ca = Path.GetTempFileName();
        var collection = new ServiceCollection();
        collection.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:ConnectionString"] = site.Database.Publisher + ";Maximum Pool Size=4",
            ["Publishing:Register"] = site.Keys.RegisterFile,
            ["Publishing:RegisterRoots"] = site.Keys.RegisterRootsFile,
            ["Publishing:LedgerKeyFile"] = site.Keys.LedgerKeyFile,
            ["Publishing:ServerCa"] = ca,
            ["Signing:Directory"] = site.Keys.OnlineFolder,
            ["Signing:PassphraseFile"] = site.Keys.PassphraseFile,
        }).Build());
        collection.AddSingleton<TimeProvider>(site.Clock);
        collection.AddLogging(logging => logging.AddProvider(site.Log));
        services = collection.AddBlockListDatabase().AddPublishing().BuildServiceProvider();
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<SitePublisher> StartAsync(CurationSite site)
    {
        var publisher = new SitePublisher(site);
        await File.WriteAllTextAsync(publisher.ca, "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", Ct);
        publisher.verifier = await RunningVerifier.StartAsync(site.Database.Verifier, site.Keys, site.Clock, site.Log);
        foreach (var list in DevelopmentKeys.Lists)
            await publisher.services.GetRequiredService<TakeRoot>().RunAsync(await File.ReadAllBytesAsync(site.Keys.RootFile(list), Ct), Ct);
        return publisher;
    }

    public async Task<int> PublishAsync(string list) =>
        Assert.IsType<PublishOutcome.Published>(await services.GetRequiredService<PublishVersion>().RunAsync(list, null, Ct)).Serial.Value;

    /// <summary>Computes the list, whether or not that makes a version.</summary>
    public Task<PublishOutcome> RunAsync(string list) => services.GetRequiredService<PublishVersion>().RunAsync(list, null, Ct);

    /// <summary>Proposes names as <c>worst-of</c> has its criteria, every one met.</summary>
    public async Task ProposeAsync(string person, params (string Name, string Scope)[] names)
    {
        var seen = site.Clock.GetUtcNow().AddDays(-1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);
        var csv = "domain,scope,sighted_at,c1,c2,c3,reference,note\n" + string.Concat(names.Select(n => $"{n.Name},{n.Scope},{seen},met,met,met,ICCAM:77,a note of {person}\n"));
        var staged = Assert.IsType<StageOutcome.Staged>(await site.Services.GetRequiredService<StageImport>().RunAsync(Encoding.UTF8.GetBytes(csv), "test.csv", DevelopmentKeys.WorstOf, person, false, false, null, Ct));
        await SignAsync(person, p => p.ForImportAsync(staged.Import!.Value, CredentialOf(person), Ct), staged.Import);
    }

    public Task ReviewAsync(string person, params string[] names) =>
        SignAsync(person, p => p.ForReviewAsync(DevelopmentKeys.WorstOf, names, Verdict.Met, null, CredentialOf(person), Ct));

    public Task RemoveAsync(string person, string name) => SignAsync(person, p => p.ForEntryAsync(DecisionKind.Removal, DevelopmentKeys.WorstOf,
        new ListedName(DomainName.TryParseCanonical(name, out var parsed) ? parsed : throw new ArgumentException("no name", nameof(name)), Scope.Domain), null, null, CredentialOf(person), Ct));

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        if (verifier is not null) await verifier.DisposeAsync();
        File.Delete(ca);
    }

    private string CredentialOf(string person) => site.Cast[person].Credential().Id;

    public async Task SignAsync(string person, Func<PrepareDecisions, Task<IReadOnlyList<PreparedDecision>>> prepare, Guid? import = null)
    {
        var decisions = await prepare(site.Services.GetRequiredService<PrepareDecisions>());
        using var key = site.Cast[person].OpenPasskey();
        var nonce = RandomNumberGenerator.GetBytes(DecisionChallenge.NonceLength);
        var isBatch = decisions.Count != 1;
        var signed = new SignedDecisions(decisions, isBatch, nonce, Assertion.Create(key, SignedDecisions.ChallengeOf(decisions, isBatch, nonce), DevelopmentKeys.RelyingParty));
        Assert.IsType<SubmitOutcome.Accepted>(await site.Services.GetRequiredService<SubmitDecisions>().RunAsync(signed, import, Ct));
    }
}
