using System.Diagnostics;
using System.Globalization;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Gates;
using BlockList.Tools.Deployments;
using BlockList.Tools.Development;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Tools.Benchmarks;

/// <summary>
/// Lists of 2,000, 20,000 and 1,000,000 entries of which 1 % changes: what a publisher that runs takes from the decisions to the
/// commit, and what one that starts takes to replay and verify the whole ledger. Beside it the least that anybody could do to the
/// same names: <c>COPY</c>, sort, hash. Compression and the verification of signatures are printed by themselves.
/// </summary>
internal static class PublishBench
{
    private const string List = DevelopmentKeys.WorstOf;
    private const int Largest = 1_000_000;
    private const int PeerRounds = 5;

    /// <summary>Another number of entries than a million for the largest list; the goals then say nothing.</summary>
    private const string SizeVariable = "BLOCKLIST_BENCH_ENTRIES";

    private static readonly string[] Apart = [PublishTrace.Compress, PublishTrace.VerifySignatures];

    public static async Task<int> RunAsync(string checkout, CancellationToken cancellationToken)
    {
        using var state = StateDirectory.Temporary();
        await using var cluster = await PrivateCluster.StartAsync(state, new ClusterOptions { AlwaysPrivate = true, SharedBuffers = 512 }, cancellationToken);
        var largest = int.TryParse(Environment.GetEnvironmentVariable(SizeVariable), CultureInfo.InvariantCulture, out var asked) ? asked : Largest;
        var figures = new List<Figures>();
        foreach (var entries in new[] { 2_000, 20_000, largest }.Distinct())
        {
            figures.Add(await MeasureAsync(cluster, entries, cancellationToken));
            Show(figures[^1]);
        }
        var (smaller, million) = (figures.First(f => f.Entries >= 20_000), figures[^1]);
        return Goal.Conclude(
            new Goal("publish-times-sort", million.Net / million.Peer, 4),
            new Goal("publish-peak-mb", million.PeakMegabytes, 600),
            new Goal("publish-rederivation-times-sort", million.Rederivation / million.Peer, 15),
            new Goal("publish-growth-per-entry", million.Net / million.Entries / (smaller.Net / smaller.Entries), 1));
    }

    private static async Task<Figures> MeasureAsync(PrivateCluster cluster, int entries, CancellationToken cancellationToken)
    {
        using var state = StateDirectory.Temporary();
        var database = string.Create(CultureInfo.InvariantCulture, $"publish_{entries}");
        await using var deployment = await Deployment.PrepareAsync(state, cluster, database, TimeProvider.System, cancellationToken);
        // The publisher signs alone here: what a verifier takes is not its own time.
        deployment.Keys.SignRoot(List, 2, withVerifier: false);
        await deployment.RunAsync("publisher", ["publisher", "root", deployment.Keys.RootFile(List, 2)], cancellationToken);
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(deployment.SuperuserConnectionString) { CommandTimeout = 0 });
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        // Past the triggers, which keep what is kept here by how it is made, and the foreign keys to entries that the publisher never reads.
        await ExecuteAsync(connection, "set session_replication_role = replica; set synchronous_commit = off", cancellationToken);

        var changed = Math.Max(1, entries / 200);
        var names = SampleNames.Make(entries + changed).Select((name, i) => ListedName.TryParse((i % 10 == 0 ? "=" : "") + name, out var listed) ? listed : throw new InvalidOperationException(name)).ToArray();
        var generator = new LedgerGenerator(deployment, TimeProvider.System);
        var started = Stopwatch.GetTimestamp();
        var episodes = await generator.FillLedgerAsync(connection, names[..entries], cancellationToken);
        await ExecuteAsync(connection, "vacuum (analyze) publishing.ledger", cancellationToken);
        Say(started, entries, "decisions in the ledger");
        await PublishAsync(deployment, connection, cancellationToken);
        await ExecuteAsync(connection, "vacuum (analyze); checkpoint", cancellationToken);
        Say(started, entries, "the first version");

        using var publisher = await MeasuredPublisher.StartAsync(deployment.ConfigurationOf("publisher"), List);
        await publisher.WaitForAsync(PublishWork.Start, cancellationToken);
        await generator.DecideAsync(connection, names[entries..], [.. names.Take(changed).Zip(episodes)], cancellationToken);
        publisher.GoOn();
        await publisher.WaitForAsync(PublishWork.Run, cancellationToken);
        var peak = await publisher.EndAsync(cancellationToken);
        Say(started, entries, "the next version");
        var peer = await PeerAsync(cluster, database, connection, names[changed..], cancellationToken);
        return new Figures(entries, publisher.Seconds, peak, peer);
    }

    /// <summary>The first versions, by other processes: their memory is not what is measured. So much growth is held until somebody confirms it.</summary>
    private static async Task PublishAsync(Deployment deployment, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await RunPublisherAsync(deployment, cancellationToken);
        var signer = new PersonalSigner(deployment.Cast["pieter"]);
        await using var curation = new InProcess(deployment, signer, services => services.AddVersions());
        await using (var held = new NpgsqlCommand("select id, change_sha256 from publishing.held", connection))
        {
            await using var reader = await held.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var decided = await curation.Of<DecideHeld>().RunAsync(signer.Viewer, reader.GetGuid(0), reader.GetString(1), VersionAction.Confirm, "bench", null, cancellationToken);
                if (decided is not DecideHeldOutcome.Done) throw new InvalidOperationException($"The first version was not confirmed: {decided}");
            }
        }
        await RunPublisherAsync(deployment, cancellationToken);
    }

    private static async Task RunPublisherAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        using var publisher = await MeasuredPublisher.StartAsync(deployment.ConfigurationOf("publisher"), List);
        await publisher.WaitForAsync(PublishWork.Start, cancellationToken);
        await publisher.EndAsync(cancellationToken);
    }

    /// <summary>Seconds of the median run over a bare table of the names; its hash must be that of the list.</summary>
    private static async Task<double> PeerAsync(PrivateCluster cluster, string database, NpgsqlConnection connection, IReadOnlyList<ListedName> names, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, "create unlogged table public.peer (line text)", cancellationToken);
        await using (var writer = await connection.BeginBinaryImportAsync("copy public.peer from stdin (format binary)", cancellationToken))
        {
            foreach (var name in names)
            {
                await writer.StartRowAsync(cancellationToken);
                await writer.WriteAsync(name.ToString(), NpgsqlDbType.Text, cancellationToken);
            }
            await writer.CompleteAsync(cancellationToken);
        }
        await ExecuteAsync(connection, "vacuum (analyze) public.peer", cancellationToken);
        await using var newest = new NpgsqlCommand($"select list_sha256 from publishing.version where list = '{List}' order by serial desc limit 1", connection);
        var published = (string)(await newest.ExecuteScalarAsync(cancellationToken))!;
        var rounds = new List<double>();
        for (var round = 0; round < PeerRounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            var sum = (await Subprocess.RunAsync(["/bin/sh", "-c", cluster.PsqlCommand(database) + " -q -c '\\copy public.peer to stdout' | LC_ALL=C sort -u | sha256sum"], ct: cancellationToken)).Require();
            rounds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            if (!sum.Output.StartsWith(published, StringComparison.Ordinal)) throw new InvalidOperationException("The published list is not the names that were decided.");
        }
        return rounds.Order().ElementAt(PeerRounds / 2);
    }

    private static void Show(Figures figures)
    {
        Row(figures.Entries, "COPY | sort -u | sha256sum (peer)", figures.Peer);
        foreach (var run in new[] { PublishWork.Start, PublishWork.Run })
            foreach (var (name, seconds) in figures.Seconds.Where(s => s.Key.Split('/')[0] == run)) Row(figures.Entries, name, seconds);
        Row(figures.Entries, "run, without compression and signatures", figures.Net);
        Row(figures.Entries, "re-derivation, without signatures", figures.Rederivation);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{figures.Entries,10:N0}  {"peak MB",-50}{figures.PeakMegabytes,10:F0}\n"));
    }

    private static void Row(int entries, string what, double seconds) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{entries,10:N0}  {what,-50}{seconds,10:F3}"));

    private static void Say(long started, int entries, string what) =>
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds,7:F1} s  {entries} entries: {what}"));

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        foreach (var statement in sql.Split(';'))
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private sealed record Figures(int Entries, IReadOnlyDictionary<string, double> Seconds, double PeakMegabytes, double Peer)
    {
        public double Net => Less(PublishWork.Run);

        public double Rederivation => Less(PublishWork.Start);

        private double Less(string run) => Seconds[run] - Apart.Sum(step => Seconds.GetValueOrDefault($"{run}/{step}"));
    }
}
