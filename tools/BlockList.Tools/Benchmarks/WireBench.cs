using System.Globalization;
using BlockList.Format.Log;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Tools.Deployments;
using BlockList.Tools.Development;
using Npgsql;

namespace BlockList.Tools.Benchmarks;

/// <summary>What travels: a list of 2,000 names of which 1 % leave and as many come. Sizes are of what is really
/// published; traffic is the real agent's through a counting relay.</summary>
internal static class WireBench
{
    private const int Names = 2000;
    private const int Churn = Names / 100;
    private const string List = DevelopmentKeys.WorstOf;

    public static async Task<int> RunAsync(string checkout, CancellationToken cancellationToken)
    {
        using var state = StateDirectory.Temporary();
        await using var installation = await DemoInstallation.StartAsync(state, new ClusterOptions { Durable = false, AlwaysPrivate = true }, preferUsualPorts: false, Console.Error.WriteLine, cancellationToken);
        var names = SampleNames.Make(Names + Churn);
        var list = new FilledList(installation, List);
        await list.DecideAsync(names.Take(Names), cancellationToken);
        await list.PublishAsync(cancellationToken);
        await list.ConfirmAsync(cancellationToken);
        await using var relay = new CountingRelay(installation.Deployment, installation.Provider);
        (await installation.Provider.EnrollAgentAsync(cancellationToken)).Require();
        var configuration = installation.Provider.AgentConfiguration;
        var single = SingleList(await File.ReadAllTextAsync(configuration, cancellationToken), relay.Port);
        state.Write(configuration, single);

        var first = await FetchAsync(installation, relay, cancellationToken);
        var serial = await SerialAsync(installation, cancellationToken);
        await list.DecideAsync(names.Skip(Names), cancellationToken);
        await using (var inProcess = new InProcess(installation.Deployment))
        {
            foreach (var name in names.Take(Churn))
            {
                _ = DomainName.TryParseCanonical(name, out var parsed);
                await inProcess.SignAsync(installation.Deployment.Cast["olav"], (prepare, credential) =>
                    prepare.ForEntryAsync(DecisionKind.Removal, List, new ListedName(parsed!, Scope.Domain), null, "bench", credential, cancellationToken), cancellationToken);
            }
        }
        await list.PublishAsync(cancellationToken);
        var update = await FetchAsync(installation, relay, cancellationToken);
        var idle = await FetchAsync(installation, relay, cancellationToken);

        var files = await SizesAsync(installation, serial, cancellationToken);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"file",-16}{"bytes",10}{"brotli",10}{"gzip",10}"));
        foreach (var (name, size) in files) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-16}{size.Plain,10}{size.Brotli,10}{size.Gzip,10}"));
        var updateBodies = files["timestamp.json"].Brotli + files["snapshot.json"].Brotli + files["targets.json"].Brotli + files["delta"].Brotli;
        var log = LogGrowth.Measure(Checkpoint.OriginOf(installation.Deployment.Keys.Deployment, List));
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"first install, heads and bodies both ways",-48}{first,10}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"update, heads and bodies both ways, young log",-48}{update,10}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"update, Brotli bodies without the log's proof",-48}{updateBodies,10}"));
        Console.WriteLine(log.Row);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"update, Brotli bodies with the worst of these",-48}{updateBodies + log.Worst,10}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"the whole list by plain HTTPS, gzip body (peer)",-48}{files["list.txt"].Gzip,10}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"idle poll, heads and bodies both ways",-48}{idle,10}"));
        return Goal.Conclude(new Goal("wire-update-bytes", updateBodies + log.Worst, 3300), new Goal("wire-idle-poll-bytes", idle, 500));
    }

    private static async Task<int> SerialAsync(DemoInstallation installation, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(installation.Deployment.SuperuserConnectionString);
        await using var command = source.CreateCommand("select serial from publishing.head where list = $1");
        command.Parameters.AddWithValue(List);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<long> FetchAsync(DemoInstallation installation, CountingRelay relay, CancellationToken cancellationToken)
    {
        relay.Take();
        (await installation.Provider.AgentAsync(["fetch"], cancellationToken)).Require();
        return relay.Take();
    }

    /// <summary>The agent's configuration with one list only, through the relay.</summary>
    private static string SingleList(string ini, int port)
    {
        var lines = new List<string>();
        var skip = false;
        foreach (var line in ini.Split('\n'))
        {
            if (line.StartsWith('[')) skip = line.StartsWith($"[list {DevelopmentKeys.EnforcementTest}]", StringComparison.Ordinal);
            if (!skip) lines.Add(line.StartsWith("address", StringComparison.Ordinal) && line.Contains("https", StringComparison.Ordinal) ? string.Create(CultureInfo.InvariantCulture, $"address = https://localhost:{port}") : line);
        }
        return string.Join('\n', lines);
    }

    private static async Task<Dictionary<string, (int Plain, int Brotli, int Gzip)>> SizesAsync(DemoInstallation installation, int since, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(installation.Deployment.SuperuserConnectionString);
        await using var command = source.CreateCommand("""
            select case when path like '%.list.txt' then 'list.txt' when path like 'targets/delta/%' then 'delta' else substring(path from '[a-z]+\.json$') end as name,
              sum(length(content))::integer, sum(coalesce(length(brotli), length(content)))::integer, sum(coalesce(length(gzip), length(content)))::integer
            from publishing.file join publishing.head using (list)
            where list = $1 and (path = 'tuf/' || targets_version || '.targets.json' or path = 'tuf/' || snapshot_version || '.snapshot.json'
              -- Removals go out by themselves as soon as they are decided, so that an update may be two steps.
              or path ~ '^targets/delta/' and substring(path from '([0-9]+)-[0-9]+\.txt$')::integer >= $2
              or path = 'targets/' || (select list_sha256 from publishing.version v where v.list = head.list and v.serial = head.serial) || '.list.txt')
            group by 1
            union all
            select 'timestamp.json', length(timestamp_content), length(timestamp_brotli), length(timestamp_gzip) from publishing.head where list = $1
            """);
        command.Parameters.AddWithValue(List);
        command.Parameters.AddWithValue(since);
        var sizes = new Dictionary<string, (int, int, int)>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) sizes.Add(reader.GetString(0), (reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3)));
        return sizes;
    }
}
