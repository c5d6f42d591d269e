using System.Runtime.CompilerServices;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Distribution.Coverage;

/// <summary>What the operator's pages of coverage show. Counts and percentiles are the worker's; providers come by their name, page by page.</summary>
internal sealed class ReadCoverage(NpgsqlDataSource database)
{
    public const int ProvidersOnAPage = 50;

    private const int RowsAtOnce = 1000;

    /// <summary>What the table beside a curve says: seconds.</summary>
    private static readonly double[] Marks = [10, 60, 300, 900, 3600, 21_600, 86_400, 604_800];

    private const string VersionColumns = "v.serial, v.published_at, v.added, v.removed, v.urgent, g.whole, g.freed, g.providers, g.block, g.unblock";

    /// <summary>Lists that somebody is to apply.</summary>
    /// <param name="only">Id of the only one asked for, or null.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    public async Task<IReadOnlyList<ListCoverage>> ListsAsync(string? only, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            select l.id, coalesce(s.providers, 0), coalesce(s.states::text, '[]'), s.block, coalesce(s.block_pairs, 0), s.unblock, coalesce(s.unblock_pairs, 0), s.measured_at, {VersionColumns}
            from criteria.list l left join distribution.summary s on s.list = l.id
            left join lateral (select * from distribution.progress where list = l.id order by serial desc limit 1) g on true
            left join publishing.version v on v.list = g.list and v.serial = g.serial
            where $1::text is null or l.id = $1 order by l.test_domain is not null, l.country is not null, l.id
            """);
        command.Parameters.Add(Text(only));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var lists = new List<ListCoverage>();
        while (await reader.ReadAsync(cancellationToken))
        {
            lists.Add(new ListCoverage(reader.GetString(0), reader.GetInt32(1), reader.IsDBNull(7) ? new Dictionary<string, int>() : JsonSerializer.Deserialize<Dictionary<string, int>>(reader.GetString(2))!,
                Percentiles(reader, 3), reader.GetInt64(4), Percentiles(reader, 5), reader.GetInt64(6), At(reader, 7), reader.IsDBNull(8) ? null : Version(reader, 8)));
        }
        return lists;
    }

    /// <summary>The newest versions that were measured, newest first.</summary>
    public async Task<IReadOnlyList<VersionCoverage>> VersionsAsync(string list, int take, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"select {VersionColumns} from distribution.progress g join publishing.version v on v.list = g.list and v.serial = g.serial where g.list = $1 order by g.serial desc limit $2");
        command.Parameters.AddWithValue(list);
        command.Parameters.AddWithValue(take);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var versions = new List<VersionCoverage>();
        while (await reader.ReadAsync(cancellationToken)) versions.Add(Version(reader, 0));
        return versions;
    }

    /// <summary>About a hundred points of the curve of one version, in order. In the order of the index: nothing is sorted.</summary>
    public async Task<IReadOnlyList<CurvePoint>> CurveAsync(string list, VersionCoverage version, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            select extract(epoch from c.whole_at - $3)::float8, c.n::int from (
              select whole_at, row_number() over (order by whole_at) as n from distribution.applied where list = $1 and serial = $2 and whole_at is not null) c
            where c.n = 1 or c.n = $4 or c.n % greatest(1, $4 / 100) = 0 order by c.n
            """);
        AddVersion(command, list, version);
        command.Parameters.AddWithValue(version.Whole);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var points = new List<CurvePoint>();
        while (await reader.ReadAsync(cancellationToken)) points.Add(new CurvePoint(Math.Max(0, reader.GetDouble(0)), Math.Min(reader.GetInt32(1), version.Providers)));
        return points;
    }

    /// <summary>The same at a few times that people think in, up to now, in one pass.</summary>
    /// <param name="list">The list.</param>
    /// <param name="version">The version.</param>
    /// <param name="age">Of the version.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    public async Task<IReadOnlyList<CurvePoint>> StepsAsync(string list, VersionCoverage version, TimeSpan age, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            select width_bucket(extract(epoch from whole_at - $3)::float8, $4), count(*)::int from distribution.applied where list = $1 and serial = $2 and whole_at is not null group by 1
            """);
        AddVersion(command, list, version);
        command.Parameters.AddWithValue(Marks);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var before = new int[Marks.Length + 1];
        while (await reader.ReadAsync(cancellationToken)) before[reader.GetInt32(0)] = reader.GetInt32(1);
        return [.. Marks.Select((mark, i) => new CurvePoint(mark, Math.Min(before.Take(i + 1).Sum(), version.Providers))).Where(point => point.Seconds <= age.TotalSeconds)];
    }

    /// <summary>Providers of a list by name, one more than a page has.</summary>
    /// <param name="list">The list.</param>
    /// <param name="state">Only those that stand so; null for all.</param>
    /// <param name="after">The last provider of the page before, or null.</param>
    /// <param name="take">At most so many.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    public async Task<IReadOnlyList<ProviderRow>> ProvidersAsync(string list, string? state, Guid? after, int take, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            select p.id, p.name, s.states, s.since, coalesce(f.whole, 0), greatest(c.at, f.receipt_at), f.receipt_at, coalesce(f.resolvers, 0), coalesce(f.left_out, 0)
            from providers.provider p join distribution.standing s on s.list = $1 and s.provider_id = p.id
            left join distribution.in_force f on f.provider_id = p.id and f.list = s.list
            left join distribution.contact c on c.provider_id = p.id and c.list = s.list
            where ($2::text is null or s.states @> array[$2] or ($2 = 'current' and s.states = '{}')) and p.name > coalesce((select name from providers.provider where id = $3), '') order by p.name limit $4
            """);
        command.Parameters.AddWithValue(list);
        command.Parameters.Add(Text(state));
        command.Parameters.Add(new NpgsqlParameter { Value = after ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.AddWithValue(take);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<ProviderRow>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(new ProviderRow(reader.GetGuid(0), reader.GetString(1), reader.GetFieldValue<string[]>(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetInt32(4), At(reader, 5), At(reader, 6), reader.GetInt32(7), reader.GetInt32(8)));
        return rows;
    }

    /// <summary>All of them, for a file.</summary>
    public async IAsyncEnumerable<ProviderRow> AllProvidersAsync(string list, string? state, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Guid? after = null;
        while (true)
        {
            var rows = await ProvidersAsync(list, state, after, RowsAtOnce, cancellationToken);
            foreach (var row in rows) yield return row;
            if (rows.Count < RowsAtOnce) yield break;
            after = rows[^1].Id;
        }
    }

    /// <summary>All that is known of one provider, as JSON; null where there is none.</summary>
    public async Task<string?> FactsAsync(Guid provider, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select distribution.provider_facts($1)::text");
        command.Parameters.AddWithValue(provider);
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    private static void AddVersion(NpgsqlCommand command, string list, VersionCoverage version)
    {
        command.Parameters.AddWithValue(list);
        command.Parameters.AddWithValue(version.Serial);
        command.Parameters.AddWithValue(version.PublishedAt);
    }

    private static VersionCoverage Version(NpgsqlDataReader reader, int first) => new(reader.GetInt32(first), reader.GetFieldValue<DateTimeOffset>(first + 1), reader.GetInt32(first + 2), reader.GetInt32(first + 3), reader.GetBoolean(first + 4),
        reader.GetInt32(first + 5), reader.GetInt32(first + 6), reader.GetInt32(first + 7), Percentiles(reader, first + 8), Percentiles(reader, first + 9));

    /// <summary>Of nobody there are none: PostgreSQL answers with three nulls.</summary>
    private static double[]? Percentiles(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) || reader.GetFieldValue<double?[]>(column) is not { } values || values.Any(value => value is null) ? null : [.. values.Select(value => value!.Value)];

    private static DateTimeOffset? At(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    private static NpgsqlParameter Text(string? value) => new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
