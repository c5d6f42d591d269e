using System.Globalization;
using System.Security.Cryptography;
using BlockList.Format;
using BlockList.Tools.Deployments;
using BlockList.Tools.Development;
using Npgsql;

namespace BlockList.Tools.Benchmarks;

/// <summary>
/// The download endpoint beside a bare nginx with the same certificates, for bodies as a delta and as a list have them, with a full handshake
/// for each and on connections that stay: rates by ab, which minds lengths, while a second client minds hashes. Then what polls cost when
/// nothing is new, ten thousand polls that come within a second, and ten thousand providers that listen for hints. For each answer of ours
/// the database is asked whether the certificate may still read, and its row is safe before the first byte.
/// </summary>
internal static class DistributionBench
{
    private const string List = DevelopmentKeys.WorstOf;
    private const int Rounds = 3;
    private const string Etag = "\"7\"";
    private static readonly (string Name, int Bytes, bool KeepAlive, int Requests)[] Cases =
    [
        ("2 kB, full handshakes", 2_000, false, 4_000),
        ("2 kB, keep-alive", 2_000, true, 30_000),
        ("150 kB, full handshakes", 150_000, false, 3_000),
        ("150 kB, keep-alive", 150_000, true, 10_000),
    ];

    public static async Task<int> RunAsync(string checkout, CancellationToken cancellationToken)
    {
        using var state = StateDirectory.Temporary();
        await using var cluster = await PrivateCluster.StartAsync(state, new ClusterOptions { AlwaysPrivate = true }, cancellationToken);
        await using var deployment = await Deployment.PrepareAsync(state, cluster, DemoInstallation.Database, TimeProvider.System, cancellationToken);
        var role = await deployment.StartDistributionAsync(0, cancellationToken, "RequestsPerMinute = 100000");
        var folder = state.Directory("served");
        var bodies = await ServeAsync(deployment, folder, cancellationToken);
        await using var nginx = await NginxServer.StartAsync(state, deployment.Pki, folder, cancellationToken);
        var crowd = await ProviderCrowd.EnrolAsync(deployment, 1250, List, cancellationToken);
        var database = cluster.Process!.ProcessId;

        var goals = new List<Goal>();
        Console.WriteLine($"{"answers a second, the median of " + Rounds,-34}{"ours",10}{"nginx",10}{"ratio",8}{"ours, CPU ms",14}{"+ database",12}{"nginx",8}");
        var sampled = 0;
        foreach (var what in Cases)
        {
            var (path, bytes) = bodies[what.Bytes];
            List<Measured> ours = [], theirs = [];
            for (var round = 0; round < Rounds; round++)
            {
                // A certificate for each: one may make so many requests in a minute.
                var certificate = await EnrolOneAsync(deployment, $"ab-{what.Bytes}-{what.KeepAlive}-{round}", cancellationToken);
                using var sampling = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var samples = SampleAsync(crowd, round, path, bytes, sampling.Token);
                ours.Add(await MeasureAsync(deployment.ServerAddress + path, certificate, what.Requests, what.Bytes, what.KeepAlive, null, role.ProcessId, database, cancellationToken));
                await sampling.CancelAsync();
                sampled += await samples;
                theirs.Add(await MeasureAsync($"https://localhost:{nginx.Port}{path}", certificate, what.Requests, what.Bytes, what.KeepAlive, null, nginx.ProcessId, null, cancellationToken));
            }
            var (we, they) = (Median(ours), Median(theirs));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what.Name,-34}{we.Rate,10:F0}{they.Rate,10:F0}{we.Rate / they.Rate,8:F2}{we.Milliseconds,14:F3}{we.DatabaseMilliseconds,12:F3}{they.Milliseconds,8:F3}"));
            goals.Add(new Goal($"distribution-{what.Bytes / 1000}kb-{(what.KeepAlive ? "keep-alive" : "handshakes")}-of-nginx", we.Rate / they.Rate, 0.4, IsFloor: true));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"hashes compared meanwhile{sampled,19}, all as published"));
        goals.Add(new Goal("distribution-hashes-compared", sampled, 100, IsFloor: true));

        var idle = await EnrolOneAsync(deployment, "ab-idle", cancellationToken);
        var poll = await MeasureAsync($"{deployment.ServerAddress}/v1/{List}/tuf/timestamp.json", idle, 20_000, 0, true, Etag, role.ProcessId, database, cancellationToken);
        var nginxTag = await TagOfAsync(crowd, nginx.Port, $"/v1/{List}/tuf/timestamp.json", cancellationToken);
        var peer = await MeasureAsync($"https://localhost:{nginx.Port}/v1/{List}/tuf/timestamp.json", idle, 20_000, 0, true, nginxTag, nginx.ProcessId, null, cancellationToken);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"idle poll on a connection that stays",-34}{poll.Rate,10:F0}{peer.Rate,10:F0}{poll.Rate / peer.Rate,8:F2}{poll.Milliseconds,14:F3}{poll.DatabaseMilliseconds,12:F3}{peer.Milliseconds,8:F3}"));

        goals.AddRange(await PollFlood.MeasureAsync(crowd, role.ProcessId, List, Etag, cancellationToken));
        // A process that has just answered ten thousand at once keeps memory for the next time; what streams take is seen in one that starts.
        await deployment.ReconfigureAsync("distribution", "", cancellationToken);
        goals.Add(await EventCrowd.MeasureAsync(deployment, crowd, deployment.Roles.Single(started => started.Name == "distribution").ProcessId, List, cancellationToken));
        return Goal.Conclude(goals);
    }

    /// <summary>The same files for both: targets of two lengths, and a timestamp.</summary>
    private static async Task<Dictionary<int, (string Path, byte[] Bytes)>> ServeAsync(Deployment deployment, string folder, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(deployment.SuperuserConnectionString);
        var bodies = new Dictionary<int, (string, byte[])>();
        foreach (var length in Cases.Select(c => c.Bytes).Distinct())
        {
            var bytes = RandomNumberGenerator.GetBytes(length);
            var path = $"targets/bench/{Hashes.Sha256(bytes)}.bin";
            await using var file = source.CreateCommand("insert into publishing.file (list, path, sha256, content) values ($1, $2, $3, $4)");
            foreach (var value in new object[] { List, path, Hashes.Sha256(bytes), bytes }) file.Parameters.AddWithValue(value);
            await file.ExecuteNonQueryAsync(cancellationToken);
            bodies[length] = ($"/v1/{List}/{path}", bytes);
        }
        var timestamp = RandomNumberGenerator.GetBytes(700);
        await using var head = source.CreateCommand("""
            insert into publishing.head (list, serial, root_version, targets_version, snapshot_version, timestamp_version, timestamp_content, timestamp_brotli, timestamp_gzip, targets_signed_at, snapshot_signed_at, timestamp_signed_at)
            values ($1, 1, 1, 1, 1, 7, $2, $2, $2, now(), now(), now())
            """);
        head.Parameters.AddWithValue(List);
        head.Parameters.AddWithValue(timestamp);
        await head.ExecuteNonQueryAsync(cancellationToken);
        bodies[timestamp.Length] = ($"/v1/{List}/tuf/timestamp.json", timestamp);
        foreach (var (path, bytes) in bodies.Values)
        {
            var file = folder + path;
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, bytes, cancellationToken);
        }
        // nginx runs as the unprivileged user, and its folder belongs to it alone.
        (await Subprocess.RunAsync(["/usr/bin/chmod", "-R", "a+rX", folder], folder, ct: cancellationToken)).Require();
        return bodies;
    }

    private static async Task<string> EnrolOneAsync(Deployment deployment, string name, CancellationToken cancellationToken)
    {
        var file = ProviderCrowd.WriteFile(deployment, name);
        var certificate = deployment.State.Write(deployment.State.File(name + ".crt"), (await File.ReadAllTextAsync(file, cancellationToken)).Split("-----BEGIN PRIVATE")[0]);
        await deployment.RunAsync("curation", ["provider", "register", name, "--contact", "noc@provider.example", "--list", List], cancellationToken);
        await deployment.RunAsync("curation", ["provider", "enrol", name, "--certificate", certificate], cancellationToken);
        return file;
    }

    private static async Task<Measured> MeasureAsync(string address, string certificate, int requests, long bytes, bool keepAlive, string? etag, int server, int? database, CancellationToken cancellationToken)
    {
        var before = (Server: ProcessUsage.Of(server), Database: database is { } process ? ProcessUsage.Of(process) : null);
        var rate = await ApacheBench.RunAsync(address, certificate, requests, bytes, keepAlive, etag, cancellationToken);
        return new Measured(rate, (ProcessUsage.Of(server).ProcessorSeconds - before.Server.ProcessorSeconds) / requests * 1000,
            database is { } again ? (ProcessUsage.Of(again).ProcessorSeconds - before.Database!.ProcessorSeconds) / requests * 1000 : 0);
    }

    /// <summary>Every fiftieth of a second or so, until it is stopped; returns how many answers had the right hash.</summary>
    private static async Task<int> SampleAsync(ProviderCrowd crowd, int provider, string path, byte[] expected, CancellationToken cancellationToken)
    {
        var compared = 0;
        await using var connection = await crowd.ConnectAsync(provider, cancellationToken);
        try
        {
            while (true)
            {
                var answer = await connection.GetAsync(path, cancellationToken);
                if (answer.Status != 200 || Hashes.Sha256(answer.Body) != Hashes.Sha256(expected)) throw new InvalidDataException($"{path} came with status {answer.Status} and other bytes than were published");
                compared++;
                await Task.Delay(20, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            return compared;
        }
    }

    private static async Task<string> TagOfAsync(ProviderCrowd crowd, int port, string path, CancellationToken cancellationToken)
    {
        await using var connection = await crowd.ConnectAsync(0, cancellationToken, port);
        return (await connection.GetAsync(path, cancellationToken)).ETag ?? throw new InvalidDataException("nginx sent no tag");
    }

    private static Measured Median(IEnumerable<Measured> runs) => runs.OrderBy(run => run.Rate).ElementAt(Rounds / 2);

    /// <param name="Rate">Answers a second.</param>
    /// <param name="Milliseconds">Of processor for each, in the server.</param>
    /// <param name="DatabaseMilliseconds">And in PostgreSQL.</param>
    private sealed record Measured(double Rate, double Milliseconds, double DatabaseMilliseconds);
}
