using BlockList.Format.Names;
using BlockList.Server.Access;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Names.Register;

/// <summary>The register for people to look at. It is no list of material, so that reading it leaves no audit row.</summary>
internal sealed class ReadRegister(NpgsqlDataSource database, IOptions<NamesOptions> options, IOptions<RelyingPartyOptions> relyingParty)
{
    public const int OnAPage = 50;

    /// <summary>Rows at one name, above and below it that a page shows.</summary>
    public const int MostAround = 20;

    private const string Select = """
        select d.id, d.position, d.action, d.source, d.name, d.retires, d.rows, d.left_out, d.file_sha256, d.person, coalesce(p.name, d.person), coalesce(a.name, d.agency), d.received_at, w.text,
          t.id, coalesce(tp.name, t.person), t.received_at
        from names.decision d
        left join access.person p on p.id = d.person left join access.agency a on a.id = d.agency
        left join names.reason w on w.decision_id = d.id
        left join names.decision t on t.retires = d.id left join access.person tp on tp.id = t.person
        """;

    /// <summary>A statement, whether it is in force or not.</summary>
    public async Task<RegisterStatement?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        (await ReadAsync("where d.id = $1", [Value(id)], cancellationToken)).SingleOrDefault();

    /// <summary>Single rows in force, the newest first.</summary>
    public async Task<RegisterStatements> RowsAsync(RegisterSource? source, long? before, CancellationToken cancellationToken) => Page(await ReadAsync(
        $"where d.action = 'add' and t.id is null and ($1 is null or d.source = $1) and d.position < $2 order by d.position desc limit {OnAPage + 1}",
        [Value(NpgsqlDbType.Text, source is { } chosen ? SourceText.Print(chosen) : null), Value(before ?? long.MaxValue)], cancellationToken));

    /// <summary>Every statement, the newest first.</summary>
    public async Task<RegisterStatements> HistoryAsync(long? before, CancellationToken cancellationToken) =>
        Page(await ReadAsync($"where d.position < $1 order by d.position desc limit {OnAPage + 1}", [Value(before ?? long.MaxValue)], cancellationToken));

    /// <summary>Single rows in force at a name, above it and below it.</summary>
    public Task<IReadOnlyList<RegisterStatement>> AroundAsync(DomainName name, int registrable, CancellationToken cancellationToken)
    {
        var above = new List<string> { name.Ascii };
        for (var dot = name.Ascii.IndexOf('.', StringComparison.Ordinal); dot >= 0 && dot < registrable; dot = name.Ascii.IndexOf('.', dot + 1)) above.Add(name.Ascii[(dot + 1)..]);
        return ReadAsync($"where d.action = 'add' and t.id is null and (d.name = any ($1) or right(d.name, length($2)) = $2) order by d.name = $3 desc, d.position desc limit {MostAround}",
            [Value(above.ToArray()), Value("." + name.Ascii), Value(name.Ascii)], cancellationToken);
    }

    public async Task<RegisterSummary> SummariseAsync(CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        await using (var command = database.CreateCommand("select source, count(*)::int from names.row group by source"))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) counts[reader.GetString(0)] = reader.GetInt32(1);
        }
        var sites = (await ReadAsync("where d.id = (select id from names.site_list)", [], cancellationToken)).SingleOrDefault();
        var own = options.Value.Hosts.Select(host => host.Ascii).Append(relyingParty.Value.RelyingPartyId).Distinct(StringComparer.Ordinal).ToList();
        return new RegisterSummary([.. Enum.GetValues<RegisterSource>().Reverse().Select(source => (source, source switch
        {
            RegisterSource.Own => own.Count,
            RegisterSource.TopSites => sites?.Rows ?? 0,
            _ => counts.GetValueOrDefault(SourceText.Print(source)),
        }))], own, sites);
    }

    private static RegisterStatements Page(IReadOnlyList<RegisterStatement> rows) => rows.Count > OnAPage ? new([.. rows.Take(OnAPage)], rows[OnAPage - 1].Position) : new(rows, null);

    private static NpgsqlParameter<T> Value<T>(T value) where T : notnull => new() { TypedValue = value };

    private static NpgsqlParameter Value(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };

    private async Task<IReadOnlyList<RegisterStatement>> ReadAsync(string condition, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Select + "\n" + condition);
        command.Parameters.AddRange(parameters);
        var rows = new List<RegisterStatement>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            _ = SourceText.TryParse(reader.GetString(3), out var source);
            rows.Add(new RegisterStatement(reader.GetGuid(0), reader.GetInt64(1), reader.GetString(2), source, Text(4), reader.IsDBNull(5) ? null : reader.GetGuid(5), Number(6), Number(7), Text(8),
                reader.GetString(9), reader.GetString(10), reader.GetString(11), reader.GetFieldValue<DateTimeOffset>(12), Text(13),
                reader.IsDBNull(14) ? null : new Retirement(reader.GetGuid(14), reader.GetString(15), reader.GetFieldValue<DateTimeOffset>(16))));
        }
        return rows;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

        int? Number(int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);
    }
}
