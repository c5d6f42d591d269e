using System.Globalization;
using BlockList.Server.Access;
using BlockList.Server.Curation.Pages;
using BlockList.Server.Oversight;
using Npgsql;

namespace BlockList.Server.Curation.Reading;

/// <summary>A page of rows and where the next one goes on.</summary>
internal sealed record QueuePageRows(IReadOnlyList<QueueRow> Rows, string? After);

/// <summary>
/// One queue of one list, page by page. Queues of what waits are in the order of the random handle, after what has waited
/// too long: an order by age would tell a blind reviewer when the first agency proposed.
/// </summary>
internal sealed class ReadQueue(NpgsqlDataSource database)
{
    public const int Page = 50;

    public async Task<QueuePageRows> RunAsync(Viewer viewer, string tab, string list, string? after, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await AuditLog.AppendAsync(connection, viewer.Person, "queue.read", list, new() { ["tab"] = tab }, cancellationToken);
        var lines = await ReadLinesAsync(connection, viewer, tab, list, after, Page + 1, cancellationToken);
        var shown = lines.Take(Page).ToArray();
        var details = await EntryLineReader.DetailsAsync(connection, viewer, shown, cancellationToken);
        return new QueuePageRows([.. shown.Select(line => Show(viewer, line, details[line.Id]))], lines.Count > Page ? Cursor(tab, shown[^1]) : null);
    }

    /// <summary>The next entry that waits for this person: claimed by no colleague, no conflict of interest declared. Null where none does.</summary>
    public async Task<Guid?> FindNextAsync(Viewer viewer, string list, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        string? after = null;
        while (true)
        {
            var lines = await ReadLinesAsync(connection, viewer, QueueKeys.Review, list, after, Page, cancellationToken);
            var details = await EntryLineReader.DetailsAsync(connection, viewer, lines, cancellationToken);
            if (lines.FirstOrDefault(line => details[line.Id].Claim is not { IsMine: false }) is { } next) return next.Subject;
            if (lines.Count < Page) return null;
            after = Cursor(QueueKeys.Review, lines[^1]);
        }
    }

    private static async Task<List<EpisodeLine>> ReadLinesAsync(NpgsqlConnection connection, Viewer viewer, string tab, string list, string? after, int limit, CancellationToken cancellationToken)
    {
        if (tab == QueueKeys.Mine) return await ReadMineAsync(connection, viewer, list, cancellationToken);
        var keys = QueueKeys.Of(tab, viewer, (await Tally.ReadAsync(connection, cancellationToken)).Where(t => t.List == list)).ToArray();
        if (keys.Length == 0) return [];
        await using var command = tab switch
        {
            QueueKeys.Lapsing => Lapsing(connection, keys, after),
            QueueKeys.Untold => Untold(connection, keys, after),
            _ => Waiting(connection, keys, after),
        };
        command.Parameters.AddWithValue("list", list);
        command.Parameters.AddWithValue("person", viewer.Person);
        command.Parameters.AddWithValue("limit", limit);
        return await EntryLineReader.ReadAsync(command, cancellationToken);
    }

    /// <summary>Ranges of the index, one for each stage, combination of voters and escalation, merged.</summary>
    private static NpgsqlCommand Waiting(NpgsqlConnection connection, Tally[] keys, string? after)
    {
        var (wasOverdue, subject) = after?.Split('.') is [var flag, var id] && Guid.TryParse(id, out var parsed) ? (flag == "1", parsed) : (true, Guid.Empty);
        var ranges = keys.SelectMany(key => wasOverdue ? new[] { (key, IsOverdue: true, After: subject), (key, IsOverdue: false, After: Guid.Empty) } : [(key, IsOverdue: false, After: subject)]).ToArray();
        var command = new NpgsqlCommand($"""
            select {EpisodeLine.Columns} from unnest(@stages, @voters, @overdue, @after) as k (stage, voters, overdue, after)
            cross join lateral (
              select * from curation.episode
              where list = @list and stage = k.stage and voters = k.voters and overdue = k.overdue and subject_id > k.after and stage in ('review', 'disputed', 'suspended')
                and not exists (select from curation.conflict c where c.person = @person and c.subject_id = episode.subject_id)
              order by subject_id limit @limit) as e
            order by e.overdue desc, e.subject_id limit @limit
            """, connection);
        command.Parameters.AddWithValue("stages", ranges.Select(r => r.key.Queue).ToArray());
        command.Parameters.AddWithValue("voters", ranges.Select(r => r.key.Voters).ToArray());
        command.Parameters.AddWithValue("overdue", ranges.Select(r => r.IsOverdue).ToArray());
        command.Parameters.AddWithValue("after", ranges.Select(r => r.After).ToArray());
        return command;
    }

    private static NpgsqlCommand Lapsing(NpgsqlConnection connection, Tally[] keys, string? after)
    {
        var (ticks, subject) = after?.Split('.') is [var at, var id] && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && parsed <= DateTimeOffset.MaxValue.UtcTicks && Guid.TryParse(id, out var handle) ? (parsed, handle) : (0, Guid.Empty);
        var command = new NpgsqlCommand($"""
            select {EpisodeLine.Columns} from unnest(@voters) as k (voters)
            cross join lateral (
              select * from curation.episode
              where list = @list and voters = k.voters and lapsing and (lapses_at, subject_id) > (@at, @after)
              order by lapses_at, subject_id limit @limit) as e
            order by e.lapses_at, e.subject_id limit @limit
            """, connection);
        command.Parameters.AddWithValue("voters", keys.Select(k => k.Voters).ToArray());
        command.Parameters.AddWithValue("at", new DateTimeOffset(ticks, TimeSpan.Zero));
        command.Parameters.AddWithValue("after", subject);
        return command;
    }

    private static NpgsqlCommand Untold(NpgsqlConnection connection, Tally[] keys, string? after)
    {
        var command = new NpgsqlCommand($"""
            select {EpisodeLine.Columns} from unnest(@voters) as k (voters)
            cross join lateral (
              select * from curation.episode
              where list = @list and voters = k.voters and closed_at is null and not told and subject_id > @after
              order by subject_id limit @limit) as e
            order by e.subject_id limit @limit
            """, connection);
        command.Parameters.AddWithValue("voters", keys.Select(k => k.Voters).ToArray());
        command.Parameters.AddWithValue("after", Guid.TryParse(after, out var subject) ? subject : Guid.Empty);
        return command;
    }

    private static async Task<List<EpisodeLine>> ReadMineAsync(NpgsqlConnection connection, Viewer viewer, string list, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            select {EpisodeLine.Columns} from curation.claim c join curation.episode e on e.id = c.episode_id
            where c.person = $1 and c.agency = $2 and c.expires_at > clock_timestamp() and e.list = $3 and e.closed_at is null order by c.taken_at limit 50
            """, connection);
        command.Parameters.AddWithValue(viewer.Person);
        command.Parameters.AddWithValue(viewer.Agency ?? "");
        command.Parameters.AddWithValue(list);
        return await EntryLineReader.ReadAsync(command, cancellationToken);
    }

    private static string Cursor(string tab, EpisodeLine last) => tab switch
    {
        QueueKeys.Lapsing => string.Create(CultureInfo.InvariantCulture, $"{last.LapsesAt!.Value.UtcTicks}.{last.Subject:N}"),
        QueueKeys.Untold => last.Subject.ToString("N"),
        _ => $"{(last.IsOverdue ? 1 : 0)}.{last.Subject:N}",
    };

    private static QueueRow Show(Viewer viewer, EpisodeLine line, EntryLineDetails details)
    {
        var isSeen = Sight.Opens(viewer, line.Voters);
        return new QueueRow(line.Subject, line.Name, line.ScopeValue, details.References, Sight.StateOf(isSeen, line.Stage, line.IsLapsing, details.PublishedSince), line.IsOverdue,
            isSeen && line.IsLapsing ? line.LapsesAt : null, details.PublishedSince, details.Claim);
    }
}
