using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Tuf;
using BlockList.Tools.Deployments;
using Npgsql;

namespace BlockList.Tools.Faults;

/// <summary>Looks at what is served as a client does, straight from the rows that are served, and remembers what it saw.</summary>
internal sealed class PublishedWatch(Deployment deployment, string list)
{
    private readonly Dictionary<int, string> listOf = [];

    public int Looks { get; private set; }

    public int Newest { get; private set; }

    /// <summary>What is wrong with what is served, or null; and the list.</summary>
    public async Task<(string? Problem, ListFile List)> LookAsync(CancellationToken ct)
    {
        Looks++;
        await using var source = NpgsqlDataSource.Create(deployment.SuperuserConnectionString);
        await using var connection = await source.OpenConnectionAsync(ct);
        // One snapshot, as one commit exposes one version.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        try
        {
            var client = new TrustedMetadata(await File.ReadAllBytesAsync(deployment.Keys.RootFile(list), ct), TimeProvider.System.GetUtcNow());
            client.UpdateTimestamp(await BytesAsync("select timestamp_content from publishing.head where list = $1", null));
            client.UpdateSnapshot(await FileAsync($"tuf/{client.Timestamp!.Snapshot.Version}.snapshot.json"));
            client.UpdateTargets(await FileAsync($"tuf/{client.Snapshot!.Targets.Version}.targets.json"));
            foreach (var (path, target) in client.Targets!.Files)
                if (!target.Matches(await FileAsync("targets/" + target.LocationOf(path)))) return ($"{path} is not the file that targets name", ListFile.Empty);
            var target0 = client.Targets.Files["list.txt"];
            var file = ListFile.Parse(await FileAsync("targets/" + target0.LocationOf("list.txt")));
            var version = ListFacts.Parse(target0.Custom!.Value).Version.Value;
            if (version < Newest) return ($"version {version} is served after version {Newest}", file);
            Newest = version;
            return (listOf.TryAdd(version, target0.Sha256) || listOf[version] == target0.Sha256 ? null : $"version {version} was another list before", file);
        }
        catch (Exception problem) when (problem is RefusedException or MalformedDocumentException or InvalidOperationException)
        {
            return ($"what is served does not verify: {problem.Message}", ListFile.Empty);
        }

        Task<byte[]> FileAsync(string path) => BytesAsync("select content from publishing.file where list = $1 and path = $2", path);

        async Task<byte[]> BytesAsync(string sql, string? path)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            command.Parameters.AddWithValue(list);
            if (path is not null) command.Parameters.AddWithValue(path);
            return await command.ExecuteScalarAsync(ct) as byte[] ?? throw new InvalidOperationException($"{path ?? "timestamp.json"} is missing");
        }
    }

    /// <summary>What got lost or was used twice on the way, told by the tables.</summary>
    public async Task<IReadOnlyList<string>> FindLossesAsync(CancellationToken ct)
    {
        (string What, string Sql)[] questions =
        [
            ("decisions that the ledger has not", "select count(*) from curation.decision d where not exists (select from publishing.ledger l where l.decision_id = d.id and l.outcome = 'accepted')"),
            ("rows missing in the ledger", "select max(position) - count(*) from publishing.ledger"),
            ("serials with two lists that the verifier signed", "select count(*) from (select from verifying.answer where outcome = 'signed' group by list, serial having count(distinct list_sha256) > 1) as twice"),
            ("leaves of the log without what they name", "select count(*) from publishing.log_leaf l left join publishing.file f on f.list = l.list and f.path = 'tuf/' || l.targets_version || '.targets.json' and l.leaf like '%targets ' || f.sha256 || chr(10) where f.path is null"),
            ("versions whose row names another list than is served", "select count(*) from publishing.version v where not exists (select from publishing.file f where f.list = v.list and f.path = 'targets/' || v.list_sha256 || '.list.txt')"),
        ];
        var problems = new List<string>();
        await using var source = NpgsqlDataSource.Create(deployment.SuperuserConnectionString);
        foreach (var (what, sql) in questions)
        {
            await using var command = source.CreateCommand(sql);
            if (await command.ExecuteScalarAsync(ct) is long and not 0 and var count) problems.Add($"{count} {what}");
        }
        return problems;
    }
}
