using System.Globalization;
using System.Security.Cryptography;
using BlockList.Tools.Deployments;
using BlockList.Tools.Development;
using Npgsql;

namespace BlockList.Tools.Benchmarks;

/// <summary>
/// Whether the public site tells a listed name from a free one before control is proven: the same complaint about 2,000 of each, through
/// every address that takes one, in random order. Status, headers and text must be the same; and the probability that the
/// listed one is slower (Mann and Whitney's U over the pairs) must be that of a coin.
/// </summary>
internal static class OracleBench
{
    private const int Each = 2_000;
    private const int OthersListed = 20_000;

    public static async Task<int> RunAsync(string checkout, CancellationToken cancellationToken)
    {
        using var state = StateDirectory.Temporary();
        await using var cluster = await PrivateCluster.StartAsync(state, new ClusterOptions { Durable = false, AlwaysPrivate = true }, cancellationToken);
        await using var deployment = await Deployment.PrepareAsync(state, cluster, DemoInstallation.Database, TimeProvider.System, cancellationToken);
        var names = Enumerable.Range(0, (2 * Each) + OthersListed).Select(_ => $"{RandomNumberGenerator.GetHexString(12, lowercase: true)}.example").Distinct(StringComparer.Ordinal).ToArray();
        await ListAsync(deployment.SuperuserConnectionString, [.. names[..Each], .. names[(2 * Each)..]], cancellationToken);
        // The client does the work too, which is none of what is measured.
        await deployment.StartPortalAsync(0, cancellationToken, "WorkBits = 8\nBusyPerMinute = 100000");

        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(deployment.PortalAddress) };
        var complaints = names[..(2 * Each)].Select((name, i) => new OracleComplaint(client, name, isListed: i < Each)).ToArray();
        RandomNumberGenerator.Shuffle<OracleComplaint>(complaints);
        foreach (var complaint in complaints) await complaint.BeginAsync(cancellationToken);

        Console.WriteLine($"{"",-26}{"listed ms",12}{"free ms",12}{"slower",10}{"answers",10}");
        var goals = new List<Goal>();
        foreach (var (step, run) in OracleComplaint.Steps)
        {
            RandomNumberGenerator.Shuffle<OracleComplaint>(complaints);
            var (listed, free, answers) = (new List<double>(), new List<double>(), new HashSet<string>(StringComparer.Ordinal));
            foreach (var complaint in complaints)
            {
                var (milliseconds, answer) = await run(complaint, cancellationToken);
                (complaint.IsListed ? listed : free).Add(milliseconds);
                answers.Add(answer);
            }
            var slower = ProbabilitySlower(listed, free);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step,-26}{Median(listed),12:F3}{Median(free),12:F3}{slower,10:F4}{answers.Count,10}"));
            goals.Add(new Goal($"oracle-{step}-answers", answers.Count, 1));
            goals.Add(new Goal($"oracle-{step}-slower-least", slower, 0.47, IsFloor: true));
            goals.Add(new Goal($"oracle-{step}-slower-most", slower, 0.53));
        }
        return Goal.Conclude(goals);
    }

    /// <summary>Of all pairs of one and one: how often the first is the larger; half of those that are equal.</summary>
    private static double ProbabilitySlower(List<double> listed, List<double> free)
    {
        free.Sort();
        var wins = listed.Sum(time =>
        {
            var (below, notAbove) = (Count(free, other => other < time), Count(free, other => other <= time));
            return below + ((notAbove - below) / 2.0);
        });
        return wins / ((double)listed.Count * free.Count);
    }

    /// <summary>How many at the front of a sorted list are so.</summary>
    private static int Count(List<double> sorted, Func<double, bool> isSo)
    {
        var (from, to) = (0, sorted.Count);
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (isSo(sorted[middle])) from = middle + 1;
            else to = middle;
        }
        return from;
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    /// <summary>Puts names on the list as the publisher's rows would, without what stands behind them.</summary>
    private static async Task ListAsync(string superuser, string[] lines, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(superuser);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("""
            set session_replication_role = replica;
            insert into publishing.version (list, serial, ledger_position, evaluated_at, published_at, register_version, suffixes_sha256, parameters, list_sha256, count, added, removed, salt)
            values ('worst-of', 1, 1, now(), now(), 1, '', '{}', '', 0, 0, 0, '');
            """, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await using var entries = new NpgsqlCommand("insert into publishing.entry (list, line, added_serial) select 'worst-of', line, 1 from unnest($1::text[]) line", connection);
        entries.Parameters.AddWithValue(lines);
        await entries.ExecuteNonQueryAsync(cancellationToken);
        await using var statistics = new NpgsqlCommand("analyze publishing.entry", connection);
        await statistics.ExecuteNonQueryAsync(cancellationToken);
    }
}
