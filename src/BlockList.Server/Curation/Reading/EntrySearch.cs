using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Curation.Reading;

/// <summary>
/// A page of entries that were searched for. Most searches go in the order of names. A part of a name that very many names
/// share goes in the order of the random handles: names with the same part stand together, and whoever walked along the names
/// would pass all others first, while among handles they are spread evenly.
/// </summary>
/// <param name="Lines">At most as many as were asked for.</param>
/// <param name="IsByHandle">Which order the next page goes on in.</param>
internal sealed record EntrySearch(IReadOnlyList<EpisodeLine> Lines, bool IsByHandle)
{
    /// <summary>So few entries, about a fifth of a million, are gone through by themselves sooner than all names are searched.</summary>
    private const long Few = 200_000;

    /// <summary>So few at most are found by their trigrams, looked up one by one and sorted.</summary>
    private const int Rare = 1000;

    /// <summary>Names that are looked up together on the way along the handles, at first and at most.</summary>
    private const int Stride = 64;
    private const int LongestStride = 4096;

    /// <summary>Stages that have an index of the parts of their names: those where somebody is at work, and those that are over. It is used where
    /// a statement names the stages as the index does.</summary>
    private static readonly (string[] Stages, string Condition)[] Indexed =
    [
        (["review", "disputed", "suspended", "withdrawn"], "e.is_current and e.stage in ('review', 'disputed', 'suspended', 'withdrawn')"),
        (["lapsed", "removed", "declined"], "e.is_current and e.stage in ('lapsed', 'removed', 'declined')"),
    ];

    private const string HandleOrder = "h";
    private const string NameOrder = "n";
    private const string Keys = "unnest(@lists, @stages, @voters) as k (list, stage, voters)";

    /// <summary>As one text, which is looked up and never joined: the planner takes three columns that go together for far
    /// fewer rows than they are, and would start from them.</summary>
    private const string InKeys = "e.list || ' ' || e.stage || ' ' || e.voters = any (@keys)";

    /// <summary>Of what others found met, a blind reader finds under "eligible" what is published, which providers know too. The
    /// rest is left out here and not from the page: a page that is too short, or goes on, would tell of it.</summary>
    private const string MayTell = """
        and (not @is_blind or strpos(' ' || e.voters || ' ', ' ' || @reader || ' ') > 0 or exists (
          select from publishing.published_entry p where p.list = e.list and p.line = case e.scope when 'host' then '=' || e.name else e.name end))
        """;

    private const string Beyond = "(e.name, e.scope, e.list) > (@name, @scope, @from_list)";
    private const string ByName = "order by e.name, e.scope, e.list limit @limit";

    /// <param name="connection">Open.</param>
    /// <param name="viewer">Who searches.</param>
    /// <param name="query">Not empty, or of one list.</param>
    /// <param name="keys">The combinations of list, stage and voters that fit.</param>
    /// <param name="after">Where the page before ended; it also says in which order.</param>
    /// <param name="limit">Rows at most.</param>
    /// <param name="cancellationToken">Before the page is full.</param>
    public static async Task<EntrySearch> RunAsync(NpgsqlConnection connection, Viewer viewer, EntryQuery query, Tally[] keys, string? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand { Connection = connection };
        command.Parameters.AddWithValue("limit", limit);
        command.Parameters.AddWithValue("lists", keys.Select(k => k.List).ToArray());
        command.Parameters.AddWithValue("stages", keys.Select(k => k.Queue).ToArray());
        command.Parameters.AddWithValue("voters", keys.Select(k => k.Voters).ToArray());
        command.Parameters.AddWithValue("keys", keys.Select(k => $"{k.List} {k.Queue} {k.Voters}").ToArray());
        command.Parameters.AddWithValue("is_blind", query.Stage == "eligible" && !viewer.ReadsEverything);
        // No agency has this id.
        command.Parameters.AddWithValue("reader", viewer.Agency ?? "-");
        var mayTell = query.Stage == "eligible" ? MayTell : "";
        if (query.Text is { } text) command.Parameters.AddWithValue("pattern", Pattern(text));
        // What is no cursor begins with the first page.
        var cursor = after?.Split('.') is [var order, var handle, var list] && Guid.TryParseExact(handle, "N", out var subject) ? (Order: order, Subject: subject, List: list) : ((string Order, Guid Subject, string List)?)null;
        command.Parameters.AddWithValue("from_list", cursor?.List ?? "");
        var isOfText = query is { Text: not null, Reference: null };
        var isAlongHandles = isOfText && cursor?.Order == HandleOrder;
        var names = isOfText && !isAlongHandles ? await FindNamesAsync(connection, query.Text!, Anchors(query.Text!), cancellationToken) : null;
        if (isAlongHandles || (isOfText && names is null && cursor is null && keys.Sum(k => k.Count) > Few))
        {
            var isAll = query.Stage is null && query.Agency is null && query.List is null;
            return new EntrySearch(await ReadAlongHandlesAsync(command, isAll ? "e.list = any (@lists)" : InKeys, mayTell, cursor?.Subject ?? Guid.Empty, limit, cancellationToken), true);
        }
        var (name, scope) = await ReadNameAsync(connection, cursor?.Subject, cancellationToken);
        command.Parameters.AddWithValue("name", name);
        command.Parameters.AddWithValue("scope", scope);
        // An A-label holds whatever run of ASCII letters its U-label has; a dot may stand behind another letter.
        var isOfNames = isOfText && query.Text!.All(c => char.IsAscii(c) && c != '.');
        var indexed = isOfNames && names is null ? Indexed.Where(i => keys.All(k => i.Stages.Contains(k.Queue))).Select(i => i.Condition).FirstOrDefault() : null;
        if (indexed is not null && !await IsRareAsync(connection, indexed, Pattern(query.Text!), cancellationToken)) indexed = null;
        else if (isOfText && indexed is null && names is null) names = await FindNamesAsync(connection, query.Text!, [query.Text!], cancellationToken);
        if (names is not null) command.Parameters.AddWithValue("subjects", names);
        command.CommandText = query.Reference is { } reference ? ByReference(command, reference, query.Text is not null, mayTell)
            : query.Text is null ? ByKeys(mayTell)
            : names is not null ? $"{OfSubjects(InKeys)} where {Beyond} {mayTell} {ByName}"
            : indexed is not null ? $"select {EpisodeLine.Columns} from curation.episode e where {indexed} and e.name like @pattern and {InKeys} and {Beyond} {ByName}"
            : isOfNames ? ByKeys("and e.name like @pattern " + mayTell)
            : ByKeys("and (e.name like @pattern or e.name like '%xn--%' and exists (select from curation.subject s where s.id = e.subject_id and s.search like @pattern)) " + mayTell);
        return new EntrySearch(await EntryLineReader.ReadAsync(command, cancellationToken), false);
    }

    /// <summary>By its handle in either order: names stand in no address but the part that someone typed.</summary>
    public string CursorAfter(EpisodeLine last) => $"{(IsByHandle ? HandleOrder : NameOrder)}.{last.Subject:N}.{last.List}";

    /// <summary>Names first and then their entries, a stretch of handles at a time: the planner does not know how many entries of a name
    /// fit, and would look up those of all names before it sorts them.</summary>
    private static async Task<List<EpisodeLine>> ReadAlongHandlesAsync(NpgsqlCommand command, string keys, string mayTell, Guid from, int limit, CancellationToken cancellationToken)
    {
        var lines = new List<EpisodeLine>();
        command.CommandText = $"""
            {OfSubjects(keys)} where (e.subject_id, e.list) > (@subject, @from_list) {mayTell} order by e.subject_id, e.list limit @limit
            """;
        command.Parameters.AddWithValue("subject", from);
        var subjects = command.Parameters.AddWithValue("subjects", Array.Empty<Guid>());
        // The first one again: it may be on another list too.
        var comparison = ">=";
        for (var (stride, looked) = (Stride, 0); ;)
        {
            var found = new List<Guid>();
            await using (var next = new NpgsqlCommand($"select id from curation.subject where search like $1 and id {comparison} $2 order by id limit $3", command.Connection))
            {
                next.Parameters.AddWithValue(command.Parameters["pattern"].Value!);
                next.Parameters.AddWithValue(from);
                next.Parameters.AddWithValue(stride);
                await using var reader = await next.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken)) found.Add(reader.GetGuid(0));
            }
            subjects.Value = found.ToArray();
            lines.AddRange(await EntryLineReader.ReadAsync(command, cancellationToken));
            if (lines.Count >= limit) return lines[..limit];
            if (found.Count < stride) return lines;
            (from, comparison, looked) = (found[^1], ">", looked + stride);
            // As many as the page still needs by what was found so far, and some more.
            stride = lines.Count == 0 ? Math.Min(stride * 4, LongestStride) : Math.Clamp((limit - lines.Count) * looked / lines.Count * 3 / 2, Stride, LongestStride);
        }
    }

    private static async Task<bool> IsRareAsync(NpgsqlConnection connection, string entries, string pattern, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select count(*) from (select from curation.episode e where {entries} and e.name like $1 limit $2) as found", connection);
        command.Parameters.AddWithValue(pattern);
        command.Parameters.AddWithValue(Rare + 1);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))! <= Rare;
    }

    /// <summary>The handles of all names with the text in them, or null where too many names have any of the parts of it that are looked up.</summary>
    private static async Task<Guid[]?> FindNamesAsync(NpgsqlConnection connection, string text, IEnumerable<string> parts, CancellationToken cancellationToken)
    {
        foreach (var anchor in parts)
        {
            var (found, seen) = (new List<Guid>(), 0);
            await using var command = new NpgsqlCommand("select id, search like $2 from curation.subject where search like $1 limit $3", connection);
            command.Parameters.AddWithValue(Pattern(anchor));
            command.Parameters.AddWithValue(Pattern(text));
            command.Parameters.AddWithValue(Rare + 1);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            for (; await reader.ReadAsync(cancellationToken); seen++)
                if (reader.GetBoolean(1)) found.Add(reader.GetGuid(0));
            if (seen <= Rare) return [.. found];
        }
        return null;
    }

    /// <summary>What of a text with dots is worth looking up: its longest label but for the last, which in a whole name is the top-level
    /// domain. Trigrams that most names share cost more than they find.</summary>
    private static IEnumerable<string> Anchors(string text)
    {
        if (text.Trim().Split('.')[..^1].MaxBy(label => label.Length) is not { Length: >= 3 } longest) yield break;
        if (longest.Length > 8) yield return longest[^6..];
        yield return longest;
    }

    /// <summary>Which of the subjects' entries fit stands in an index; only of those the rows are read.</summary>
    private static string OfSubjects(string keys) => $"""
        select {EpisodeLine.Columns} from (select e.subject_id, e.list from curation.episode e where e.subject_id = any (@subjects) and e.is_current and {keys} offset 0) as fit
        join curation.episode e on e.subject_id = fit.subject_id and e.list = fit.list and e.is_current
        """;

    private static async Task<(string Name, string Scope)> ReadNameAsync(NpgsqlConnection connection, Guid? handle, CancellationToken cancellationToken)
    {
        if (handle is not { } subject) return ("", "");
        await using var command = new NpgsqlCommand("select name, scope from curation.subject where id = $1", connection);
        command.Parameters.AddWithValue(subject);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetString(0), reader.GetString(1)) : ("", "");
    }

    /// <summary>One range of an index for each combination, merged. What is read of each row before the page is known stands in the index.</summary>
    private static string ByKeys(string filter) => $"""
        select {EpisodeLine.Columns} from (
          select f.list, f.name, f.scope from {Keys}
          cross join lateral (
            select e.list, e.name, e.scope from curation.episode e
            where e.list = k.list and e.stage = k.stage and e.voters = k.voters and e.is_current and (e.name, e.scope) >= (@name, @scope) {filter}
            order by e.name, e.scope limit @limit + 1) as f
          where (f.name, f.scope, f.list) > (@name, @scope, @from_list) order by f.name, f.scope, f.list limit @limit) as f
        join curation.episode e on e.name = f.name and e.scope = f.scope and e.list = f.list and e.is_current {ByName}
        """;

    private static string ByReference(NpgsqlCommand command, string reference, bool hasText, string filter)
    {
        var colon = reference.IndexOf(':', StringComparison.Ordinal);
        command.Parameters.AddWithValue("type", colon < 0 ? "" : reference[..colon].Trim().ToUpperInvariant());
        command.Parameters.AddWithValue("number", reference[(colon + 1)..].Trim());
        return $"""
            select {EpisodeLine.Columns} from curation.episode e
            where e.id in (
                select d.episode_id from curation.annotation a join curation.decision d on d.id = a.decision_id where a.reference_number = @number and (@type = '' or a.reference_type = @type)
                union select r.episode_id from curation.reference r where r.number = @number and (@type = '' or r.type = @type))
              and e.is_current and {InKeys} and {Beyond} {filter} {(hasText ? "and exists (select from curation.subject s where s.id = e.subject_id and s.search like @pattern)" : "")} {ByName}
            """;
    }

    /// <summary>Names hold none of these; typed, they mean themselves.</summary>
    private static string Pattern(string text) =>
        '%' + text.Trim().ToLowerInvariant().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal) + '%';
}
