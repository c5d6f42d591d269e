using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Curation.Pages;
using BlockList.Server.Http.Pages;
using BlockList.Server.Oversight;
using Npgsql;

namespace BlockList.Server.Curation.Reading;

/// <summary>A name as one person may see it, on every list.</summary>
internal sealed record EntryView(Guid Handle, string Name, Scope Scope, bool HasConflict, IReadOnlyList<EpisodeView> Episodes);

/// <summary>One episode as one person may see it.</summary>
/// <param name="Guard">What the never-block guard has against it, where the person is to know.</param>
/// <param name="HasOverridden">Whether the person overrode the register for it.</param>
internal abstract record EpisodeView(string List, bool IsOpen, EntryState State, bool IsOverdue, EntryLineDetails Details, IReadOnlyList<ReferenceRow> References, IReadOnlyList<GuardHold> Guard, bool HasOverridden)
{
    /// <summary>The person's agency has not voted: there is nothing of what others found in it, nor when.</summary>
    internal sealed record Blind(string List, bool IsOpen, EntryState State, bool IsOverdue, EntryLineDetails Details, IReadOnlyList<ReferenceRow> References, IReadOnlyList<GuardHold> Guard, bool HasOverridden)
        : EpisodeView(List, IsOpen, State, IsOverdue, Details, References, Guard, HasOverridden);

    internal sealed record Seen(string List, bool IsOpen, EntryState State, bool IsOverdue, EntryLineDetails Details, IReadOnlyList<ReferenceRow> References, IReadOnlyList<GuardHold> Guard, bool HasOverridden,
        DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, DateTimeOffset? NewestSighting, DateTimeOffset? LapsesAt, int MetAgencies, int MetCountries,
        IReadOnlyList<NotificationRow> Notifications, IReadOnlyList<TimelineRow> Timeline, Guid? OwnVote, bool OwnVoteStands) : EpisodeView(List, IsOpen, State, IsOverdue, Details, References, Guard, HasOverridden);
}

/// <summary>Reads an entry by its handle, with all that the reader may see and nothing else.</summary>
internal sealed class ReadEntry(NpgsqlDataSource database)
{
    /// <returns>Null where there is no such entry, or none that this person may know of.</returns>
    public async Task<EntryView?> RunAsync(Viewer viewer, Guid handle, IReadOnlyList<string> lists, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await AuditLog.AppendAsync(connection, viewer.Person, "entry.read", handle.ToString(), null, cancellationToken);
        var (found, hasConflict) = await ReadEpisodesAsync(connection, viewer, handle, cancellationToken);
        var waits = found.Any(e => !Sight.Opens(viewer, e.Line.Voters) && Sight.WaitingStages.Contains(e.Line.Stage) && lists.Contains(e.Line.List));
        var shown = found.Where(e => IsShown(viewer, e.Line, lists, waits)).ToArray();
        if (shown.Length == 0) return null;
        var details = await EntryLineReader.DetailsAsync(connection, viewer, [.. shown.Select(e => e.Line)], cancellationToken);
        var seen = shown.Where(e => Sight.Opens(viewer, e.Line.Voters)).Select(e => e.Line.Id).ToArray();
        var decisions = await EpisodeDecisions.ReadAsync(connection, seen, cancellationToken);
        var notifications = await ReadNotificationsAsync(connection, seen, cancellationToken);
        var holds = await GuardHold.ReadAsync(connection, [.. shown.Where(e => e.ClosedAt is null).Select(e => e.Line.Id)], viewer.Person, cancellationToken);
        return new EntryView(handle, found[0].Line.Name, found[0].Line.ScopeValue, hasConflict,
            [.. shown.Select(e => View(viewer, e, details[e.Line.Id], decisions[e.Line.Id], notifications[e.Line.Id], Shown(viewer, e.Line, holds[e.Line.Id])))]);
    }

    /// <summary>An entry of a list that is no affair of the viewer's agency, or that would tell a blind reviewer what others think of the name, is not shown.</summary>
    private static bool IsShown(Viewer viewer, EpisodeLine line, IReadOnlyList<string> lists, bool waits) =>
        Sight.Opens(viewer, line.Voters) || (lists.Contains(line.List) && (!waits || Sight.WaitingStages.Contains(line.Stage)));

    /// <summary>What the guard says is of the name; what release officers said to it is a decision.</summary>
    private static IReadOnlyList<GuardHold> Shown(Viewer viewer, EpisodeLine line, IEnumerable<GuardHold> holds) =>
        [.. holds.Where(h => Sight.ShowsGuard(viewer, line.Voters, h.IsTouched)).Select(h => Sight.Opens(viewer, line.Voters) || viewer.Is(RoleNames.ReleaseOfficer) ? h : h.WithoutAnswers())];

    private static EpisodeView View(Viewer viewer, FoundEpisode found, EntryLineDetails details, IEnumerable<EpisodeDecision> decisions, IEnumerable<NotificationRow> notifications, IReadOnlyList<GuardHold> holds)
    {
        var line = found.Line;
        var isSeen = Sight.Opens(viewer, line.Voters);
        var state = Sight.StateOf(isSeen, line.Stage, line.IsLapsing, details.PublishedSince);
        var references = details.References.Select(r => r.Split(' ', 2)).Select(r => new ReferenceRow(r[0], r[1])).ToArray();
        var isOpen = found.ClosedAt is null;
        if (!isSeen) return new EpisodeView.Blind(line.List, isOpen, state, line.IsOverdue, details, references, holds, found.HasOverridden);
        var all = decisions.ToArray();
        var own = all.LastOrDefault(d => d.Agency == viewer.Agency && d.IsVote);
        return new EpisodeView.Seen(line.List, isOpen, state, line.IsOverdue, details, references, holds, found.HasOverridden, found.OpenedAt, found.ClosedAt, line.NewestSighting, line.LapsesAt, found.MetAgencies, found.MetCountries,
            [.. notifications], [.. all.Reverse().Select(d => d.Row)], own?.Id, own is { Kind: not DecisionKind.Withdrawal });
    }

    private static async Task<(List<FoundEpisode> Episodes, bool HasConflict)> ReadEpisodesAsync(NpgsqlConnection connection, Viewer viewer, Guid handle, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            select {EpisodeLine.Columns}, e.opened_at, e.closed_at, e.met_agencies, e.met_countries, exists (select from curation.conflict c where c.person = $2 and c.subject_id = e.subject_id),
              exists (select from curation.decision d where d.episode_id = e.id and d.person = $2 and d.kind = 'override')
            from curation.episode e where e.subject_id = $1 order by e.list, e.closed_at is not null, e.closed_at desc limit 40
            """, connection);
        command.Parameters.AddWithValue(handle);
        command.Parameters.AddWithValue(viewer.Person);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (episodes, hasConflict) = (new List<FoundEpisode>(), false);
        while (await reader.ReadAsync(cancellationToken))
        {
            episodes.Add(new FoundEpisode(EpisodeLine.Read(reader), reader.GetFieldValue<DateTimeOffset>(11), reader.IsDBNull(12) ? null : reader.GetFieldValue<DateTimeOffset>(12), reader.GetInt32(13), reader.GetInt32(14), reader.GetBoolean(16)));
            hasConflict = reader.GetBoolean(15);
        }
        return (episodes, hasConflict);
    }

    private static async Task<ILookup<Guid, NotificationRow>> ReadNotificationsAsync(NpgsqlConnection connection, Guid[] episodes, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select n.episode_id, n.kind, n.country, n.number, n.sent_at, a.name from curation.notification n join access.agency a on a.id = n.agency where n.episode_id = any ($1) order by n.id", connection);
        command.Parameters.AddWithValue(episodes);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<(Guid Episode, NotificationRow Row)>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add((reader.GetGuid(0), new NotificationRow(reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4), reader.GetString(5))));
        return rows.ToLookup(r => r.Episode, r => r.Row);
    }

    private sealed record FoundEpisode(EpisodeLine Line, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, int MetAgencies, int MetCountries, bool HasOverridden);
}
