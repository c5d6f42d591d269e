using BlockList.Format.Names;
using BlockList.Server.Access;
using BlockList.Server.Http.Pages;
using BlockList.Server.Oversight;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Curation.Importing;

/// <summary>Which rows of an import are asked for.</summary>
/// <param name="Part">Of a name; empty for any.</param>
/// <param name="Kind"><c>proposal</c> or <c>review</c>; empty for both.</param>
/// <param name="State">Of the entry, as this person may know it; empty for any.</param>
/// <param name="After">Line after which to go on.</param>
internal sealed record RowFilter(string Part, string Kind, string State, int After)
{
    /// <summary>In the order in which pages offer them.</summary>
    public static readonly (string Value, EntryState State)[] States =
    [
        ("review", EntryState.Awaiting), ("disputed", EntryState.Disputed), ("eligible", EntryState.Eligible), ("published", EntryState.Published), ("suspended", EntryState.Suspended),
        ("withdrawn", EntryState.Withdrawn), ("lapsed", EntryState.Lapsed), ("removed", EntryState.Removed), ("declined", EntryState.Declined),
    ];

    public bool IsAny => Part.Length == 0 && Kind.Length == 0 && State.Length == 0;
}

/// <param name="Handle">Of its entry, where there is one.</param>
/// <param name="State">Of its entry, as this person may know it.</param>
internal sealed record RowLine(int Line, string Name, Scope Scope, bool IsReview, DateTimeOffset SightedAt, IReadOnlyDictionary<string, string> Verdicts, string? Reference, string? Note,
    Guid? Handle, EntryState? State, int? PublishedSince);

/// <param name="Next">Line after which the next page goes on; null at the end.</param>
internal sealed record RowPage(IReadOnlyList<RowLine> Rows, int? Next);

/// <summary>The rows of an import, a page at a time, with where their entries stand. A name that another agency proposed is
/// shown as anyone may know it until the person's agency has assessed it. Reading names is an audit row.</summary>
internal sealed class ReadImportRows(NpgsqlDataSource database)
{
    public const int Page = 100;

    /// <summary>So many drafts at most are looked through for one page where only their entries say whether they fit.</summary>
    private const int Window = 5000;

    public async Task<RowPage> RunAsync(Import import, RowFilter filter, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await AuditLog.AppendAsync(connection, viewer.Person, "import.read", import.Id.ToString(), new() { ["after"] = filter.After }, cancellationToken);
        var window = filter.State.Length > 0 ? Window : Page + 1;
        await using var command = new NpgsqlCommand("""
            with drafts as materialized (
              select * from curation.draft d where d.import_id = @import and d.line > @after
                and (@part is null or d.name like @part) and (@review is null or d.is_review = @review)
              order by d.line limit @window),
            rows as (
              select d.*, e.subject_id, e.seen, p.added_serial, case when p.added_serial is not null and e.seen in ('eligible', 'review') then 'published' else e.seen end as state
              from drafts d
              left join lateral (
                select e.subject_id, case when e.closed_at is not null or @all or @agency = any (string_to_array(e.voters, ' ')) then e.stage else 'review' end as seen
                from curation.subject s join curation.episode e on e.subject_id = s.id and e.list = @list
                where s.name = d.name and s.scope = d.scope and case
                  when d.is_review then e.is_current
                  else exists (select from curation.decision o where o.id = e.id and o.assertion_id = @assertion) end
                limit 1) e on true
              left join publishing.published_entry p on p.list = @list and p.line = case d.scope when 'host' then '=' || d.name else d.name end and e.subject_id is not null)
            select line, name, scope, is_review, sighted_at, verdicts::text, reference_type || ':' || reference_number, note, subject_id, state, added_serial,
              (select max(line) from drafts), (select count(*) from drafts)
            from rows where @state is null or state = @state order by line limit @page
            """, connection);
        command.Parameters.AddWithValue("import", import.Id);
        command.Parameters.AddWithValue("list", import.List);
        command.Parameters.AddWithValue("after", filter.After);
        command.Parameters.Add(new NpgsqlParameter("part", NpgsqlDbType.Text) { Value = filter.Part.Length == 0 ? DBNull.Value : Pattern(filter.Part) });
        command.Parameters.Add(new NpgsqlParameter("review", NpgsqlDbType.Boolean) { Value = filter.Kind switch { "review" => true, "proposal" => false, _ => DBNull.Value } });
        command.Parameters.Add(new NpgsqlParameter("state", NpgsqlDbType.Text) { Value = filter.State.Length == 0 ? DBNull.Value : filter.State });
        command.Parameters.Add(new NpgsqlParameter("assertion", NpgsqlDbType.Uuid) { Value = (object?)import.AssertionId ?? DBNull.Value });
        command.Parameters.AddWithValue("agency", viewer.Agency ?? "");
        command.Parameters.AddWithValue("all", viewer.ReadsEverything);
        command.Parameters.AddWithValue("window", window);
        command.Parameters.AddWithValue("page", Page + 1);
        var rows = new List<RowLine>();
        int? lastLooked = null;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(Row(reader));
            lastLooked = reader.GetInt64(12) == window ? reader.GetInt32(11) : null;
        }
        if (rows.Count > Page) return new RowPage([.. rows.Take(Page)], rows[Page - 1].Line);
        await reader.DisposeAsync();
        return new RowPage(rows, filter.State.Length == 0 ? null : rows.Count > 0 ? lastLooked : await FindWindowEndAsync(connection, import.Id, filter, cancellationToken));
    }

    /// <summary>Where the looking goes on after a window in which nothing fitted.</summary>
    private static async Task<int?> FindWindowEndAsync(NpgsqlConnection connection, Guid import, RowFilter filter, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select line from curation.draft where import_id = $1 and line > $2 and ($4::text is null or name like $4) and ($5::boolean is null or is_review = $5) order by line offset $3 - 1 limit 1
            """, connection);
        command.Parameters.AddWithValue(import);
        command.Parameters.AddWithValue(filter.After);
        command.Parameters.AddWithValue(Window);
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = filter.Part.Length == 0 ? DBNull.Value : Pattern(filter.Part) });
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Boolean, Value = filter.Kind switch { "review" => true, "proposal" => false, _ => DBNull.Value } });
        return await command.ExecuteScalarAsync(cancellationToken) as int?;
    }

    private static RowLine Row(NpgsqlDataReader reader) => new(
        reader.GetInt32(0), reader.GetString(1), reader.GetString(2) == "host" ? Scope.Host : Scope.Domain, reader.GetBoolean(3), reader.GetFieldValue<DateTimeOffset>(4),
        System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(5))!,
        reader.IsDBNull(6) ? null : reader.GetString(6), reader.IsDBNull(7) ? null : reader.GetString(7), reader.IsDBNull(8) ? null : reader.GetGuid(8),
        reader.IsDBNull(9) ? null : RowFilter.States.Single(s => s.Value == reader.GetString(9)).State, reader.IsDBNull(10) ? null : reader.GetInt32(10));

    private static string Pattern(string part) =>
        "%" + part.Trim().ToLowerInvariant().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal) + "%";
}
