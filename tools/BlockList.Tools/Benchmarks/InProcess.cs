using System.Security.Cryptography;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Curation;
using BlockList.Server.Data;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BlockList.Tools.Benchmarks;

/// <summary>The curation use cases in this process, with the role's own configuration: for arranging many decisions
/// without starting a program for each.</summary>
internal sealed class InProcess(Deployment deployment, IStatementSigner? signer = null, Action<IServiceCollection>? add = null) : IAsyncDisposable
{
    private readonly ServiceProvider services = Build(deployment, signer, add);

    public async Task SignAsync(DemoPerson person, Func<PrepareDecisions, string, Task<IReadOnlyList<PreparedDecision>>> prepare, CancellationToken cancellationToken)
    {
        using var key = person.OpenPasskey();
        var decisions = await prepare(services.GetRequiredService<PrepareDecisions>(), person.Credential().Id);
        var nonce = RandomNumberGenerator.GetBytes(DecisionChallenge.NonceLength);
        var isBatch = decisions.Count > 1;
        var assertion = Assertion.Create(key, SignedDecisions.ChallengeOf(decisions, isBatch, nonce), DevelopmentKeys.RelyingParty);
        var outcome = await services.GetRequiredService<SubmitDecisions>().RunAsync(new SignedDecisions(decisions, isBatch, nonce, assertion), null, cancellationToken);
        if (outcome is not SubmitOutcome.Accepted) throw new InvalidOperationException($"The decisions were not accepted: {outcome}");
    }

    public T Of<T>() where T : notnull => services.GetRequiredService<T>();

    /// <summary>A use case of pages that the role makes for each request.</summary>
    public T Create<T>() => ActivatorUtilities.CreateInstance<T>(services);

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private static ServiceProvider Build(Deployment deployment, IStatementSigner? signer, Action<IServiceCollection>? add)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddIniFile(deployment.ConfigurationOf("curation")).Build());
        services.AddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddBlockListDatabase();
        if (signer is not null) services.AddSingleton(signer);
        services.AddCuration();
        add?.Invoke(services);
        return services.BuildServiceProvider();
    }
}
