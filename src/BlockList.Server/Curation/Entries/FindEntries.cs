using BlockList.Server.Access;
using BlockList.Server.Oversight;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Curation.Entries;

/// <summary>What a search found, or why it was not made.</summary>
internal abstract record FindOutcome
{
    private FindOutcome()
    {
    }

    /// <param name="Rows">At most fifty, by name.</param>
    /// <param name="Next">For the next page; null on the last.</param>
    internal sealed record Found(IReadOnlyList<EntryRow> Rows, string? Next) : FindOutcome;

    /// <summary>What to type instead.</summary>
    internal sealed record Refused(string Field, string Reason) : FindOutcome;
}

/// <summary>
/// Finds entries by part of their name, reference, agency, state and list, in the order of names. A filter asks only what
/// the reader may see: one that matches and one that does not look the same for what they may not.
/// </summary>
internal sealed class FindEntries(NpgsqlDataSource database)
{
    private const int PageLength = 50;

    /// <summary>So few episodes are sorted after they were chosen; more are read in the order of names until a page is full.</summary>
    private const long Few = 20_000;

    public async Task<FindOutcome> RunAsync(EntryFilter filter, string? after, Viewer viewer, CancellationToken cancellationToken)
    {
        var part = string.IsNullOrWhiteSpace(filter.Part) ? null : filter.Part.Trim().ToLowerInvariant();
        if (part is { Length: < EntryFilter.ShortestPart }) return new FindOutcome.Refused(nameof(filter.Part), $"Type at least {EntryFilter.ShortestPart} characters of the name.");
        if (part is { Length: > 253 }) return new FindOutcome.Refused(nameof(filter.Part), "A name has at most 253 characters. Type a part of it.");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // The part stays out of the log: it can be a name.
        await AuditLog.AppendAsync(connection, viewer.Person, "entries.search", filter.List ?? "all", new()
        {
            ["by_name"] = part is not null,
            ["by_reference"] = filter.Reference is not null,
            ["agency"] = filter.Agency,
            ["state"] = filter.State?.ToString().ToLowerInvariant(),
        }, cancellationToken);
        var cursor = Cursor.Parse(after);
        var (name, scope) = cursor.Handle == Guid.Empty ? ("", "") : await NameOfAsync(connection, cursor.Handle, cancellationToken);
        var choice = await ChooseAsync(connection, filter, part, viewer, cancellationToken);
        var rows = await RowQuery.RunAsync(connection, choice.Sql, "e.name, e.scope, e.list", viewer, parameters =>
        {
            parameters.AddWithValue("part", NpgsqlDbType.Text, part is null ? DBNull.Value : $"%{part.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%");
            parameters.AddWithValue("agency", NpgsqlDbType.Text, (object?)filter.Agency ?? DBNull.Value);
            parameters.AddWithValue("list", NpgsqlDbType.Text, (object?)filter.List ?? DBNull.Value);
            parameters.AddWithValue("after_name", name);
            parameters.AddWithValue("after_scope", scope);
            parameters.AddWithValue("after_list", cursor.List);
            var (type, number) = ReadReference(filter.Reference);
            parameters.AddWithValue("type", NpgsqlDbType.Text, (object?)type ?? DBNull.Value);
            parameters.AddWithValue("number", NpgsqlDbType.Text, (object?)number ?? DBNull.Value);
            Tallies.AddKeys(parameters, choice.Keys);
        }, cancellationToken);
        var page = rows.Take(PageLength).ToArray();
        return new FindOutcome.Found(page, rows.Count > PageLength ? new Cursor(page[^1].Handle, page[^1].List, 0).ToString() : null);
    }

    private static async Task<(string Sql, IReadOnlyList<Tally> Keys)> ChooseAsync(NpgsqlConnection connection, EntryFilter filter, string? part, Viewer viewer, CancellationToken cancellationToken)
    {
        const string After = "(e.name, e.scope, e.list) > (@after_name, @after_scope, @after_list)";
        const string Page = "order by e.name, e.scope, e.list limit 51";
        var state = StateInSql(filter.State) + (filter.Agency is null ? "" : $" and {Sight.SeesInSql} and strpos(' ' || e.voters || ' ', ' ' || @agency || ' ') > 0") + (filter.List is null ? "" : " and e.list = @list");
        if (filter.Reference is not null)
        {
            return ($"""
                select {RowQuery.Columns} from (
                  select d.episode_id from curation.annotation a join curation.decision d on d.id = a.decision_id where a.reference_number = @number and (@type::text is null or a.reference_type = @type)
                  union select episode_id from curation.reference where number = @number and (@type::text is null or type = @type)) as found
                join curation.episode e on e.id = found.episode_id join curation.subject s on s.id = e.subject_id
                where {After} and (@part::text is null or s.search like @part) and {state} {Page}
                """, []);
        }
        var isNarrow = filter is not { Agency: null, State: null, List: null };
        var keys = isNarrow ? [.. (await Tallies.ReadAsync(connection, viewer, filter.List, ownListsOnly: false, cancellationToken)).Where(t => Matches(t, filter, Sight.Of(viewer)))] : new List<Tally>();
        if (part is null && !isNarrow) return ($"select {RowQuery.Columns} from curation.episode e where e.is_current and {After} {Page}", []);
        if (part is null)
        {
            return ($"""
                select e.* from unnest(@lists, @stages, @voters) as k (list, stage, voters)
                cross join lateral (select {RowQuery.Columns} from curation.episode e where e.list = k.list and e.stage = k.stage and e.voters = k.voters and e.is_current
                  and (e.name, e.scope) >= (@after_name, @after_scope) and {After} order by e.name, e.scope limit 51) e
                {Page}
                """, keys);
        }
        if (isNarrow && keys.Sum(k => k.N) <= Few)
        {
            return ($"""
                select {RowQuery.Columns} from unnest(@lists, @stages, @voters) as k (list, stage, voters)
                join curation.episode e on e.list = k.list and e.stage = k.stage and e.voters = k.voters and e.is_current
                join curation.subject s on s.id = e.subject_id
                where s.search like @part and {After} {Page}
                """, keys);
        }
        return ($"""
            select {RowQuery.Columns} from curation.subject s join curation.episode e on e.name = s.name and e.scope = s.scope and e.is_current
            where s.search like @part and (s.name, s.scope) >= (@after_name, @after_scope) and {After} and {state}
            order by s.name, s.scope, e.list limit 51
            """, []);
    }

    private static bool Matches(Tally tally, EntryFilter filter, Sight sight) => (filter.Agency is null || (sight.Sees(tally.Voters) && Sight.Has(tally.Voters, filter.Agency))) && filter.State switch
    {
        // Every stage, but not the other queues, which count the same episodes again.
        null => tally.Queue is not ("overdue" or "lapsing" or "untold"),
        StateFilter.Awaiting => tally.Queue == "review" || (tally.Queue is "disputed" or "suspended" && !sight.Sees(tally.Voters)),
        StateFilter.Lapsed => tally.Queue == "lapsed",
        StateFilter.Removed => tally.Queue == "removed",
        StateFilter.Declined => tally.Queue == "declined",
        { } open => tally.Queue == Column(open) && sight.Sees(tally.Voters),
    };

    /// <summary>The same, for episodes that are not chosen by their tallies.</summary>
    private static string StateInSql(StateFilter? state) => "e.is_current and " + state switch
    {
        null => "true",
        StateFilter.Awaiting => $"(e.stage = 'review' or (e.stage in ('disputed', 'suspended') and not {Sight.SeesInSql}))",
        StateFilter.Lapsed or StateFilter.Removed or StateFilter.Declined => $"e.stage = '{Column(state.Value)}'",
        { } open => $"(e.stage = '{Column(open)}' and {Sight.SeesInSql})",
    };

    private static string Column(StateFilter state) => state switch
    {
        StateFilter.Awaiting => "review",
        StateFilter.Disputed => "disputed",
        StateFilter.Eligible => "eligible",
        StateFilter.Withdrawn => "withdrawn",
        StateFilter.Suspended => "suspended",
        StateFilter.Lapsed => "lapsed",
        StateFilter.Removed => "removed",
        _ => "declined",
    };

    private static (string? Type, string? Number) ReadReference(string? typed)
    {
        var text = typed?.Trim() ?? "";
        if (text.Length == 0) return (null, null);
        return Importing.Reference.TryParse(text, out var type, out var number) ? (type, number) : (null, text);
    }

    private static async Task<(string Name, string Scope)> NameOfAsync(NpgsqlConnection connection, Guid handle, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select name, scope from curation.subject where id = $1", connection);
        command.Parameters.AddWithValue(handle);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetString(0), reader.GetString(1)) : ("", "");
    }
}
