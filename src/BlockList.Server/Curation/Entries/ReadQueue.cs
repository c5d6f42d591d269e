using BlockList.Server.Access;
using BlockList.Server.Oversight;
using Npgsql;

namespace BlockList.Server.Curation.Entries;

/// <summary>What a curator can work on.</summary>
internal enum QueueKind
{
    /// <summary>Waits for an assessment by the viewer's agency, which has not voted in it. In no order of age.</summary>
    Review,

    /// <summary>The viewer's agency voted; some agency found a criterion not met.</summary>
    Disputed,

    /// <summary>The viewer's agency voted; the lease ends within fourteen days. The next to end first.</summary>
    Lapsing,

    /// <summary>Claimed by the viewer. The next to end first.</summary>
    Mine,

    /// <summary>The viewer's agency voted; nobody was told that the material stands there.</summary>
    Untold,
}

/// <summary>Of which queue, which list (all where null) and after which row.</summary>
internal sealed record QueueRequest(QueueKind Kind, string? List, string? After);

/// <summary>How many entries wait where.</summary>
internal sealed record QueueCounts(long Review, long Overdue, long Disputed, long Lapsing, long Mine, long Untold);

/// <param name="Counts">Of all queues, of the list asked for.</param>
/// <param name="Rows">At most fifty.</param>
/// <param name="Next">For <see cref="QueueRequest.After"/>; null on the last page.</param>
internal sealed record QueuePage(QueueCounts Counts, IReadOnlyList<EntryRow> Rows, string? Next);

/// <summary>Reads a page of a queue. It is the union of one index range for each combination of agencies that voted.</summary>
internal sealed class ReadQueue(NpgsqlDataSource database)
{
    public const int PageLength = 50;

    public async Task<QueuePage> RunAsync(QueueRequest request, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await AuditLog.AppendAsync(connection, viewer.Person, "queue.read", request.List ?? "all", new() { ["queue"] = request.Kind.ToString().ToLowerInvariant() }, cancellationToken);
        var sight = Sight.Of(viewer);
        var tallies = await Tallies.ReadAsync(connection, viewer, request.List, ownListsOnly: true, cancellationToken);
        var counts = await CountAsync(connection, tallies, viewer, request.List, cancellationToken);
        var rows = request.Kind switch
        {
            QueueKind.Review => await WaitingAsync(connection, [.. tallies.Where(t => Waiting.Stages.Contains(t.Queue) && !sight.HasVoted(t.Voters))], request, viewer, cancellationToken),
            QueueKind.Disputed => await WaitingAsync(connection, [.. tallies.Where(t => t.Queue is "disputed" or "suspended" && sight.Sees(t.Voters))], request, viewer, cancellationToken),
            QueueKind.Lapsing => await LapsingAsync(connection, [.. tallies.Where(t => t.Queue == "lapsing" && sight.Sees(t.Voters))], request, viewer, cancellationToken),
            QueueKind.Untold => await UntoldAsync(connection, [.. tallies.Where(t => t.Queue == "untold" && sight.Sees(t.Voters))], request, viewer, cancellationToken),
            _ => await MineAsync(connection, request, viewer, cancellationToken),
        };
        var page = rows.Take(PageLength).ToArray();
        return new QueuePage(counts, page, rows.Count > PageLength ? CursorOf(request.Kind, page[^1]) : null);
    }

    /// <summary>Only the numbers, for a navigation that shows them. No name is given out.</summary>
    public async Task<QueueCounts> CountAsync(Viewer viewer, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await CountAsync(connection, await Tallies.ReadAsync(connection, viewer, null, ownListsOnly: true, cancellationToken), viewer, null, cancellationToken);
    }

    private static async Task<QueueCounts> CountAsync(NpgsqlConnection connection, List<Tally> tallies, Viewer viewer, string? list, CancellationToken cancellationToken)
    {
        var sight = Sight.Of(viewer);
        await using var command = new NpgsqlCommand("""
            select count(*) from curation.claim c join curation.episode e on e.id = c.episode_id where c.person = $1 and c.expires_at > clock_timestamp() and ($2::text is null or e.list = $2)
            """, connection);
        command.Parameters.AddWithValue(viewer.Person);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)list ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        // At most twenty rows: a person has no more claims.
        var mine = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        return new QueueCounts(
            Sum(t => Waiting.Stages.Contains(t.Queue) && !sight.HasVoted(t.Voters)),
            Sum(t => t.Queue == "overdue" && !sight.HasVoted(t.Voters)),
            Sum(t => t.Queue is "disputed" or "suspended" && sight.Sees(t.Voters)),
            Sum(t => t.Queue == "lapsing" && sight.Sees(t.Voters)),
            mine,
            Sum(t => t.Queue == "untold" && sight.Sees(t.Voters)));

        long Sum(Func<Tally, bool> isIn) => tallies.Where(isIn).Sum(t => t.N);
    }

    private static Task<List<EntryRow>> WaitingAsync(NpgsqlConnection connection, List<Tally> keys, QueueRequest request, Viewer viewer, CancellationToken cancellationToken)
    {
        // Escalated ones first, each part by handle: two ranges, of which a later page needs the second alone.
        var after = Cursor.Parse(request.After);
        var isOverdue = after.Place <= 0;
        string Part(bool overdue) => $"""
            (select {RowQuery.Columns} from curation.episode e
             where e.list = k.list and e.stage = k.stage and e.voters = k.voters and e.stage in ('review', 'disputed', 'suspended') and e.overdue = {(overdue ? "true" : "false")}
               and e.subject_id >= {(overdue == isOverdue ? "@handle" : "'00000000-0000-0000-0000-000000000000'")} {(overdue == isOverdue ? "and (e.subject_id > @handle or e.list > @list)" : "")}
             order by e.subject_id limit {PageLength + 1})
            """;
        return RowQuery.RunAsync(connection, $"""
            select e.* from unnest(@lists, @stages, @voters) as k (list, stage, voters) cross join lateral ({(isOverdue ? Part(true) + " union all " : "")}{Part(false)}) e
            order by e.overdue desc, e.subject_id, e.list limit {PageLength + 1}
            """, "e.overdue desc, e.subject_id, e.list", viewer, parameters =>
        {
            Tallies.AddKeys(parameters, keys);
            parameters.AddWithValue("handle", after.Handle);
            parameters.AddWithValue("list", after.List);
        }, cancellationToken);
    }

    private static Task<List<EntryRow>> LapsingAsync(NpgsqlConnection connection, List<Tally> keys, QueueRequest request, Viewer viewer, CancellationToken cancellationToken)
    {
        var after = Cursor.Parse(request.After);
        var at = new DateTimeOffset(Math.Clamp(after.Place, DateTimeOffset.UnixEpoch.UtcTicks, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero);
        return RowQuery.RunAsync(connection, $"""
            select e.* from unnest(@lists, @stages, @voters) as k (list, stage, voters)
            cross join lateral (select {RowQuery.Columns} from curation.episode e where e.list = k.list and e.voters = k.voters and e.lapsing and (e.lapses_at, e.subject_id) > (@at, @handle)
              order by e.lapses_at, e.subject_id limit {PageLength + 1}) e
            order by e.lapses_at, e.subject_id limit {PageLength + 1}
            """, "e.lapses_at, e.subject_id", viewer, parameters =>
        {
            Tallies.AddKeys(parameters, keys);
            parameters.AddWithValue("at", at);
            parameters.AddWithValue("handle", after.Handle);
        }, cancellationToken);
    }

    private static Task<List<EntryRow>> UntoldAsync(NpgsqlConnection connection, List<Tally> keys, QueueRequest request, Viewer viewer, CancellationToken cancellationToken)
    {
        var after = Cursor.Parse(request.After);
        return RowQuery.RunAsync(connection, $"""
            select e.* from unnest(@lists, @stages, @voters) as k (list, stage, voters)
            cross join lateral (select {RowQuery.Columns} from curation.episode e where e.list = k.list and e.voters = k.voters and e.closed_at is null and not e.told
                and e.subject_id >= @handle and (e.subject_id > @handle or e.list > @list)
              order by e.subject_id limit {PageLength + 1}) e
            order by e.subject_id, e.list limit {PageLength + 1}
            """, "e.subject_id, e.list", viewer, parameters =>
        {
            Tallies.AddKeys(parameters, keys);
            parameters.AddWithValue("handle", after.Handle);
            parameters.AddWithValue("list", after.List);
        }, cancellationToken);
    }

    private static Task<List<EntryRow>> MineAsync(NpgsqlConnection connection, QueueRequest request, Viewer viewer, CancellationToken cancellationToken) =>
        RowQuery.RunAsync(connection, $"""
            select {RowQuery.Columns} from curation.claim mine join curation.episode e on e.id = mine.episode_id
            where mine.person = @person and mine.expires_at > clock_timestamp() and (@list::text is null or e.list = @list)
            """, "c.expires_at, e.subject_id", viewer, parameters =>
        {
            parameters.AddWithValue("person", viewer.Person);
            parameters.AddWithValue("list", NpgsqlTypes.NpgsqlDbType.Text, (object?)request.List ?? DBNull.Value);
        }, cancellationToken);

    private static string CursorOf(QueueKind kind, EntryRow row) => new Cursor(row.Handle, row.List, (kind, row) switch
    {
        (QueueKind.Lapsing, EntryRow.Open open) => open.LapsesAt.UtcTicks,
        (_, EntryRow.Open { IsOverdue: true } or EntryRow.Blind { IsOverdue: true }) => 0,
        _ => 1,
    }).ToString();
}
