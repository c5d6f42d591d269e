using System.Text.Json;
using BlockList.Format.Names;
using BlockList.Server.Access;
using BlockList.Server.Curation.Reading;
using BlockList.Server.Http.Pages;
using BlockList.Server.Oversight;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Curation.Importing;

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

    /// <summary>So many drafts are looked through for one page where only their entries say whether they fit.</summary>
    private const int Window = 400;

    public async Task<RowPage> RunAsync(Import import, RowFilter filter, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await AuditLog.AppendAsync(connection, viewer.Person, "import.read", import.Id.ToString(), new() { ["after"] = filter.After }, cancellationToken);
        var window = filter.State is null ? Page + 1 : Window;
        await using var command = new NpgsqlCommand("""
            with drafts as materialized (
              select * from curation.draft d where d.import_id = @import and d.line > @after
                and (@part is null or d.name like @part) and (@review is null or d.is_review = @review)
              order by d.line limit @window)
            select d.line, d.name, d.scope, d.is_review, d.sighted_at, d.verdicts::text, d.reference_type || ':' || d.reference_number, d.note, e.subject_id, e.stage, e.voters, e.lapsing, p.added_serial
            from drafts d
            left join lateral (
              select e.subject_id, e.stage, e.voters, e.lapsing
              from curation.subject s join curation.episode e on e.subject_id = s.id and e.list = @list
              where s.name = d.name and s.scope = d.scope and case when d.is_review then e.is_current else e.opened_under = @assertion end
              limit 1) e on true
            left join publishing.published_entry p on p.list = @list and p.line = case d.scope when 'host' then '=' || d.name else d.name end and e.subject_id is not null
            order by d.line
            """, connection);
        command.Parameters.AddWithValue("import", import.Id);
        command.Parameters.AddWithValue("list", import.List);
        command.Parameters.AddWithValue("after", filter.After);
        command.Parameters.Add(new NpgsqlParameter("part", NpgsqlDbType.Text) { Value = filter.Part.Length == 0 ? DBNull.Value : Pattern(filter.Part) });
        command.Parameters.Add(new NpgsqlParameter("review", NpgsqlDbType.Boolean) { Value = filter.Kind switch { "review" => true, "proposal" => false, _ => DBNull.Value } });
        command.Parameters.Add(new NpgsqlParameter("assertion", NpgsqlDbType.Uuid) { Value = (object?)import.AssertionId ?? DBNull.Value });
        command.Parameters.AddWithValue("window", window);
        var (rows, looked, last) = (new List<RowLine>(), 0, 0);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (rows.Count <= Page && await reader.ReadAsync(cancellationToken))
        {
            var row = Row(reader, viewer);
            (looked, last) = (looked + 1, row.Line);
            if (filter.State is null || row.State == filter.State) rows.Add(row);
        }
        if (rows.Count > Page) return new RowPage([.. rows.Take(Page)], rows[Page - 1].Line);
        return new RowPage(rows, looked == window ? last : null);
    }

    private static RowLine Row(NpgsqlDataReader reader, Viewer viewer)
    {
        int? published = reader.IsDBNull(12) ? null : reader.GetInt32(12);
        EntryState? state = reader.IsDBNull(9) ? null : Sight.StateOf(Sight.Opens(viewer, reader.GetString(10)), reader.GetString(9), reader.GetBoolean(11), published);
        return new RowLine(reader.GetInt32(0), reader.GetString(1), reader.GetString(2) == "host" ? Scope.Host : Scope.Domain, reader.GetBoolean(3), reader.GetFieldValue<DateTimeOffset>(4),
            JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(5))!, reader.IsDBNull(6) ? null : reader.GetString(6), reader.IsDBNull(7) ? null : reader.GetString(7),
            reader.IsDBNull(8) ? null : reader.GetGuid(8), state, published);
    }

    private static string Pattern(string part) =>
        "%" + part.ToLowerInvariant().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal) + "%";
}
