using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Tools.Deployments;
using BlockList.Tools.Development;
using Npgsql;

namespace BlockList.Tools.Benchmarks;

/// <summary>
/// How long somebody innocent waits for the platform: from the commit of a decision that takes a name off a list of 20,000 to
/// <c>timestamp.json</c> of the version without it, as a provider gets it over mutual TLS. Publisher, verifier and distribution run as
/// programs of their own. Removals and withdrawals take turns.
/// </summary>
internal static class UrgentBench
{
    private const int Entries = 20_000;
    private const int Rounds = 20;
    private const string List = DevelopmentKeys.WorstOf;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(string checkout, CancellationToken cancellationToken)
    {
        using var state = StateDirectory.Temporary();
        await using var installation = await DemoInstallation.StartAsync(state, new ClusterOptions { AlwaysPrivate = true }, preferUsualPorts: false, Console.Error.WriteLine, cancellationToken);
        var names = await FilledList.MakeAsync(installation, List, Entries, cancellationToken);

        using var provider = Client(installation);
        await using var source = NpgsqlDataSource.Create(installation.Deployment.SuperuserConnectionString);
        await using var curation = new InProcess(installation.Deployment);
        var waits = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var before = await TimestampAsync(provider, cancellationToken);
            _ = DomainName.TryParseCanonical(names[round], out var name);
            var (kind, person) = round % 2 == 0 ? (DecisionKind.Removal, "olav") : (DecisionKind.Withdrawal, "bram");
            await curation.SignAsync(installation.Deployment.Cast[person], (prepare, credential) =>
                prepare.ForEntryAsync(kind, List, new ListedName(name!, Scope.Domain), null, "bench", credential, cancellationToken), cancellationToken);
            var committed = Stopwatch.GetTimestamp();
            // Metadata that is merely renewed would be another timestamp too: the row of the version says that the name is gone.
            // It is asked first: a provider's requests are counted.
            while (!await IsGoneAsync(source, names[round], cancellationToken) || await TimestampAsync(provider, cancellationToken) == before)
            {
                if (Stopwatch.GetElapsedTime(committed) > Patience) throw new TimeoutException($"Nothing was published within {Patience.TotalSeconds} s after a {kind}.");
                await Task.Delay(Poll, cancellationToken);
            }
            waits.Add(Stopwatch.GetElapsedTime(committed).TotalSeconds);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Entries,10:N0}  {DecisionStatement.Print(kind),-14}{waits[^1],8:F3} s"));
        }
        waits.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Entries,10:N0}  {"median",-14}{waits[Rounds / 2],8:F3} s"));
        return Goal.Conclude(new Goal("urgent-seconds-to-timestamp-most", waits[^1], 2));
    }

    private static HttpClient Client(DemoInstallation installation)
    {
        var bundle = installation.Provider.BundleDirectory;
        var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(bundle, "certificate.pem"), Path.Combine(bundle, "key.pem"));
        var handler = new SocketsHttpHandler();
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(Path.Combine(bundle, "ca.pem")) },
        };
        return new HttpClient(handler) { BaseAddress = new Uri(installation.Deployment.ServerAddress) };
    }

    private static async Task<int> TimestampAsync(HttpClient provider, CancellationToken cancellationToken)
    {
        var bytes = await provider.GetByteArrayAsync(new Uri($"/v1/{List}/tuf/timestamp.json", UriKind.Relative), cancellationToken);
        using var document = JsonDocument.Parse(bytes);
        return document.RootElement.GetProperty("signed").GetProperty("version").GetInt32();
    }

    private static async Task<bool> IsGoneAsync(NpgsqlDataSource source, string line, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select not exists (select from publishing.entry where list = $1 and line = $2 and removed_serial is null)");
        command.Parameters.AddWithValue(List);
        command.Parameters.AddWithValue(line);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
