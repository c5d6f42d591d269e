using BlockList.Server.Access;
using BlockList.Server.Curation.Pages;
using BlockList.Server.Oversight;
using Npgsql;

namespace BlockList.Server.Curation.Reading;

/// <param name="Text">Part of a name, at least three characters.</param>
/// <param name="Reference">A reference's number, with or without its type.</param>
/// <param name="Agency">Id of an agency that voted.</param>
/// <param name="Stage">Of the states that people filter by.</param>
/// <param name="List">One list; all where null.</param>
internal sealed record EntryQuery(string? Text, string? Reference, string? Agency, string? Stage, string? List)
{
    public bool IsEmpty => Text is null && Reference is null && Agency is null && Stage is null;
}

internal sealed record FoundEntries(IReadOnlyList<FoundRow> Rows, string? After);

/// <summary>
/// Finds entries, page by page in the order of names. Filters by agency and state go by what the viewer may see: the
/// combinations of stage and voters that fit are worked out first, from the tallies, and no other is read.
/// </summary>
internal sealed class FindEntries(NpgsqlDataSource database)
{
    public const int Page = 50;
    public const int ShortestText = 3;

    /// <summary>So few entries are gone through one by one rather than looked for by their names.</summary>
    private const long Few = 4_000;

    public async Task<FoundEntries> RunAsync(Viewer viewer, EntryQuery query, IReadOnlyList<string> lists, string? after, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await AuditLog.AppendAsync(connection, viewer.Person, "entries.search", query.List ?? "all lists",
            new() { ["text"] = query.Text is not null, ["reference"] = query.Reference is not null, ["agency"] = query.Agency, ["state"] = query.Stage }, cancellationToken);
        var tallies = await Tally.ReadAsync(connection, cancellationToken);
        var keys = tallies.Where(t => Fits(t, viewer, query, lists)).ToArray();
        if (keys.Length == 0) return new FoundEntries([], null);
        await using var command = Command(connection, viewer, query, keys, IsMostOf(keys, tallies), await ReadCursorAsync(connection, after, cancellationToken));
        var lines = await EntryLineReader.ReadAsync(command, cancellationToken);
        var shown = lines.Take(Page).ToArray();
        var details = await EntryLineReader.DetailsAsync(connection, viewer, shown, cancellationToken);
        var waiting = await FindWaitingAsync(connection, viewer, shown, cancellationToken);
        var rows = shown.Where(line => Sight.Opens(viewer, line.Voters) || !waiting.Contains(line.Subject) || Sight.WaitingStages.Contains(line.Stage)).Select(line => Show(viewer, line, details[line.Id]));
        return new FoundEntries([.. rows], lines.Count > Page ? Cursor(shown[^1]) : null);
    }

    private static bool Fits(Tally tally, Viewer viewer, EntryQuery query, IReadOnlyList<string> lists)
    {
        if (tally.Queue is "overdue" or "lapsing" or "untold" || !lists.Contains(tally.List) || (query.List is not null && tally.List != query.List)) return false;
        var isSeen = Sight.Opens(viewer, tally.Voters);
        if (query.Stage is { } stage && !Sight.Matches(isSeen, tally.Queue, stage)) return false;
        return query.Agency is null || (isSeen && Sight.HasVoted(query.Agency, tally.Voters));
    }

    /// <summary>Whether entries of these keys are met sooner by going along all names than by a page of each key's own.</summary>
    private static bool IsMostOf(Tally[] keys, IReadOnlyList<Tally> tallies) =>
        tallies.Where(t => t.Queue is not ("overdue" or "lapsing" or "untold")).Sum(t => t.Count) / Math.Max(1, keys.Sum(k => k.Count)) < keys.Length / 2;

    private static NpgsqlCommand Command(NpgsqlConnection connection, Viewer viewer, EntryQuery query, Tally[] keys, bool isMost, (string Name, string Scope, string List) after)
    {
        var command = new NpgsqlCommand { Connection = connection };
        var (name, scope, list) = after;
        const string Beyond = "(e.name, e.scope, e.list) > (@name, @scope, @from_list)";
        const string Order = "order by e.name, e.scope, e.list limit @limit";
        command.Parameters.AddWithValue("name", name);
        command.Parameters.AddWithValue("scope", scope);
        command.Parameters.AddWithValue("from_list", list);
        command.Parameters.AddWithValue("limit", Page + 1);
        command.Parameters.AddWithValue("lists", keys.Select(k => k.List).ToArray());
        command.Parameters.AddWithValue("stages", keys.Select(k => k.Queue).ToArray());
        command.Parameters.AddWithValue("voters", keys.Select(k => k.Voters).ToArray());
        const string Keys = "unnest(@lists, @stages, @voters) as k (list, stage, voters)";
        const string InKeys = $"(e.list, e.stage, e.voters) in (select list, stage, voters from {Keys})";
        // What others found met and is not published yet would tell so, were it found under "eligible".
        var mayTell = query.Stage != "eligible" || viewer.ReadsEverything ? ""
            : "and (strpos(' ' || e.voters || ' ', ' ' || @agency || ' ') > 0 or exists (select from publishing.published_entry p where p.list = e.list and p.line = case e.scope when 'host' then '=' || e.name else e.name end))";
        command.Parameters.AddWithValue("agency", viewer.Agency ?? "-");
        if (query.Text is { } text) command.Parameters.AddWithValue("pattern", Pattern(text));
        if (query.Reference is { } reference)
        {
            var colon = reference.IndexOf(':', StringComparison.Ordinal);
            command.Parameters.AddWithValue("type", colon < 0 ? "" : reference[..colon].Trim().ToUpperInvariant());
            command.Parameters.AddWithValue("number", reference[(colon + 1)..].Trim());
            command.CommandText = $"""
                select {EpisodeLine.Columns} from curation.episode e
                where e.id in (
                    select d.episode_id from curation.annotation a join curation.decision d on d.id = a.decision_id where a.reference_number = @number and (@type = '' or a.reference_type = @type)
                    union select r.episode_id from curation.reference r where r.number = @number and (@type = '' or r.type = @type))
                  and e.is_current and {InKeys} and {Beyond} {mayTell} {(query.Text is null ? "" : "and exists (select from curation.subject s where s.id = e.subject_id and s.search like @pattern)")} {Order}
                """;
        }
        else if (query.Text is not null && keys.Sum(k => k.Count) > Few)
        {
            var isAll = query.Stage is null && query.Agency is null && query.List is null;
            command.CommandText = $"""
                select {EpisodeLine.Columns} from curation.subject s join curation.episode e on e.subject_id = s.id and e.is_current
                where s.search like @pattern and s.name >= @name and {(isAll ? "e.list = any (@lists)" : InKeys)} and (s.name, s.scope, e.list) > (@name, @scope, @from_list) {mayTell} order by s.name, s.scope, e.list limit @limit
                """;
        }
        else if (query.Text is null && isMost)
        {
            command.CommandText = $"""
                select {EpisodeLine.Columns} from curation.episode e where e.is_current and {InKeys} and {Beyond} {mayTell} {Order}
                """;
        }
        else
        {
            command.CommandText = $"""
                select {EpisodeLine.Columns} from {Keys}
                cross join lateral (
                  select e.* from curation.episode e {(query.Text is null ? "" : "join curation.subject s on s.id = e.subject_id and s.search like @pattern")}
                  where e.list = k.list and e.stage = k.stage and e.voters = k.voters and e.is_current and (e.name, e.scope) >= (@name, @scope) {mayTell}
                  order by e.name, e.scope limit @limit + 1) as e
                where {Beyond} {Order}
                """;
        }
        return command;
    }

    /// <summary>Blind readers learn nothing of an entry's other lists while one of them waits for their own assessment.</summary>
    private static async Task<HashSet<Guid>> FindWaitingAsync(NpgsqlConnection connection, Viewer viewer, EpisodeLine[] lines, CancellationToken cancellationToken)
    {
        if (viewer.ReadsEverything || lines.Length == 0) return [];
        await using var command = new NpgsqlCommand("select subject_id, voters from curation.episode where subject_id = any ($1) and is_current and stage in ('review', 'disputed', 'suspended')", connection);
        command.Parameters.AddWithValue(lines.Select(l => l.Subject).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var waiting = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
            if (!Sight.Opens(viewer, reader.GetString(1))) waiting.Add(reader.GetGuid(0));
        return waiting;
    }

    private static FoundRow Show(Viewer viewer, EpisodeLine line, EntryLineDetails details)
    {
        var isSeen = Sight.Opens(viewer, line.Voters);
        return new FoundRow(line.Subject, line.List, line.Name, line.ScopeValue, Sight.StateOf(isSeen, line.Stage, line.IsLapsing, details.PublishedSince), details.PublishedSince,
            isSeen ? line.NewestSighting : null, details.References);
    }

    /// <summary>Names hold none of these; typed, they mean themselves.</summary>
    private static string Pattern(string text) =>
        '%' + text.Trim().ToLowerInvariant().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal) + '%';

    /// <summary>By its handle: names stand in no address but the part that someone typed.</summary>
    private static string Cursor(EpisodeLine last) => $"{last.Subject:N}.{last.List}";

    /// <summary>What is no cursor begins with the first page.</summary>
    private static async Task<(string Name, string Scope, string List)> ReadCursorAsync(NpgsqlConnection connection, string? after, CancellationToken cancellationToken)
    {
        if (after?.Split('.') is not [var handle, var list] || !Guid.TryParseExact(handle, "N", out var subject)) return ("", "", "");
        await using var command = new NpgsqlCommand("select name, scope from curation.subject where id = $1", connection);
        command.Parameters.AddWithValue(subject);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetString(0), reader.GetString(1), list) : ("", "", "");
    }
}
