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
/// Finds entries, page by page, each page in the order of names. Filters by agency and state go by what the viewer may see: the
/// combinations of stage and voters that fit are worked out first, from the tallies, and no other is read.
/// </summary>
internal sealed class FindEntries(NpgsqlDataSource database)
{
    public const int Page = 50;
    public const int ShortestText = 3;

    public async Task<FoundEntries> RunAsync(Viewer viewer, EntryQuery query, IReadOnlyList<string> lists, string? after, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await AuditLog.AppendAsync(connection, viewer.Person, "entries.search", query.List ?? "all lists",
            new() { ["text"] = query.Text is not null, ["reference"] = query.Reference is not null, ["agency"] = query.Agency, ["state"] = query.Stage }, cancellationToken);
        var keys = (await Tally.ReadAsync(connection, cancellationToken)).Where(t => Fits(t, viewer, query, lists)).ToArray();
        if (keys.Length == 0) return new FoundEntries([], null);
        var search = await EntrySearch.RunAsync(connection, viewer, query, keys, after, Page + 1, cancellationToken);
        var lines = search.Lines;
        var shown = lines.Take(Page).ToArray();
        var details = await EntryLineReader.DetailsAsync(connection, viewer, shown, cancellationToken);
        var waiting = await FindWaitingAsync(connection, viewer, shown, cancellationToken);
        var rows = shown.Where(line => Sight.Opens(viewer, line.Voters) || !waiting.Contains(line.Subject) || Sight.WaitingStages.Contains(line.Stage)).Select(line => Show(viewer, line, details[line.Id]))
            .OrderBy(row => row.Name, StringComparer.Ordinal).ThenBy(row => row.Scope).ThenBy(row => row.List, StringComparer.Ordinal);
        return new FoundEntries([.. rows], lines.Count > Page ? search.CursorAfter(shown[^1]) : null);
    }

    private static bool Fits(Tally tally, Viewer viewer, EntryQuery query, IReadOnlyList<string> lists)
    {
        if (tally.Queue is "overdue" or "lapsing" or "untold" || !lists.Contains(tally.List) || (query.List is not null && tally.List != query.List)) return false;
        var isSeen = Sight.Opens(viewer, tally.Voters);
        if (query.Stage is { } stage && !Sight.Matches(isSeen, tally.Queue, stage)) return false;
        return query.Agency is null || (isSeen && Sight.HasVoted(query.Agency, tally.Voters));
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
            isSeen ? line.NewestSighting : null, details.References, details.Guard);
    }
}
