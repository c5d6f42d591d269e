using BlockList.Server.Data;
using BlockList.Server.Verifying;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlockList.Server.Tests.Publishing;

/// <summary>The verifier role without its process: its own login, files and keys.</summary>
internal sealed class RunningVerifier : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private RunningVerifier(ServiceProvider services) => this.services = services;

    public static async Task<RunningVerifier> StartAsync(string connectionString, DevelopmentKeys keys, TimeProvider clock, ILoggerProvider log, params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:ConnectionString"] = connectionString + ";Maximum Pool Size=4",
            ["Verifying:Register"] = keys.VerifierRegisterFile,
            ["Verifying:RegisterRoots"] = keys.VerifierRootsFile,
            ["Verifying:Directory"] = Path.Combine(keys.VerifierFolder, "keys"),
            ["Verifying:RecordKeyFile"] = keys.VerifierRecordKeyFile,
            ["Verifying:RecordFile"] = keys.VerifierRecordFile,
            ["Verifying:PassphraseFile"] = keys.VerifierPassphraseFile,
        }).AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build());
        services.AddSingleton(clock);
        services.AddLogging(logging => logging.AddProvider(log));
        services.AddBlockListDatabase().AddVerifying();
        var running = new RunningVerifier(services.BuildServiceProvider());
        await running.services.GetRequiredService<FollowCandidates>().StartAsync(CancellationToken.None);
        return running;
    }

    /// <summary>A use case of the role, as its commands have it.</summary>
    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await services.GetRequiredService<FollowCandidates>().StopAsync(CancellationToken.None);
        await services.DisposeAsync();
    }
}
