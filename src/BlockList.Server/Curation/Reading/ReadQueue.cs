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
        var holds = tab == QueueKeys.Guard ? await GuardHold.ReadAsync(connection, [.. shown.Select(line => line.Id)], viewer.Person, cancellationToken) : null;
        return new QueuePageRows([.. shown.Select(line => Show(viewer, line, details[line.Id], tab == QueueKeys.ReReview ? details[line.Id].LeftOut?.Words : holds is null ? details[line.Id].Guard : GuardQueue.Describe([.. holds[line.Id]])))],
            lines.Count <= Page ? null : tab == QueueKeys.ReReview ? ReReviewQueue.Cursor(shown[^1], details[shown[^1].Id].LeftOut) : holds is null ? Cursor(tab, shown[^1]) : GuardQueue.Cursor(shown[^1], holds[shown[^1].Id]));
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
        if (tab == QueueKeys.Guard) return await GuardQueue.ReadAsync(connection, viewer, list, after, limit, cancellationToken);
        if (tab == QueueKeys.ReReview) return await ReReviewQueue.ReadAsync(connection, viewer, list, after, limit, cancellationToken);
        if (tab == QueueKeys.Mine) return await ReadMineAsync(connection, viewer, list, cancellationToken);
        var tallies = (await Tally.ReadAsync(connection, cancellationToken)).Where(t => t.List == list).ToArray();
        var keys = QueueKeys.Of(tab, viewer, tallies).ToArray();
        if (keys.Length == 0) return [];
        if (tab is QueueKeys.Review or QueueKeys.Disputed)
        {
            var voters = keys.Select(k => k.Voters).ToHashSet(StringComparer.Ordinal);
            return await ReadWaitingAsync(connection, viewer, list, keys, tallies.Where(t => t.Queue == "overdue" && voters.Contains(t.Voters)).Sum(t => t.Count), after, limit, cancellationToken);
        }
        await using var command = tab == QueueKeys.Lapsing ? Lapsing(connection, keys, after) : Untold(connection, keys, after);
        command.Parameters.AddWithValue("list", list);
        command.Parameters.AddWithValue("limit", limit);
        return await EntryLineReader.ReadAsync(command, cancellationToken);
    }

    /// <summary>What has waited too long, then the rest, each by handle.</summary>
    private static async Task<List<EpisodeLine>> ReadWaitingAsync(NpgsqlConnection connection, Viewer viewer, string list, Tally[] keys, long overdue, string? after, int limit, CancellationToken cancellationToken)
    {
        var (wasOverdue, subject) = after?.Split('.') is [var flag, var id] && Guid.TryParse(id, out var parsed) ? (flag == "1", parsed) : (true, Guid.Empty);
        var lines = wasOverdue && overdue > 0 ? await ReadRangesAsync(connection, viewer, list, keys, true, overdue, subject, limit, cancellationToken) : [];
        if (lines.Count == limit) return lines;
        lines.AddRange(await ReadRangesAsync(connection, viewer, list, keys, false, keys.Sum(k => k.Count) - overdue, wasOverdue ? Guid.Empty : subject, limit - lines.Count, cancellationToken));
        return lines;
    }

    /// <summary>Ranges of the index, one for each stage and combination of voters, merged. Handles are spread evenly, so a
    /// page of them ends about where its share of all handles does: no range is read beyond that unless rows are missing.</summary>
    private static async Task<List<EpisodeLine>> ReadRangesAsync(NpgsqlConnection connection, Viewer viewer, string list, Tally[] keys, bool overdue, long about, Guid after, int limit, CancellationToken cancellationToken)
    {
        for (var share = 4.0 * limit / Math.Max(1, about); ; share *= 16)
        {
            var until = HandleRange.Beyond(after, share);
            await using var command = new NpgsqlCommand($"""
                select {EpisodeLine.Columns} from (
                  select found.* from unnest(@stages, @voters) as k (stage, voters)
                  cross join lateral (
                    select subject_id from curation.episode
                    where list = @list and stage = k.stage and voters = k.voters and overdue = @overdue and subject_id > @after and subject_id <= @until and stage in ('review', 'disputed', 'suspended')
                      and subject_id <> all (array(select c.subject_id from curation.conflict c where c.person = @person))
                    order by subject_id limit @limit) as found
                  order by found.subject_id limit @limit) as page
                join curation.episode e on e.subject_id = page.subject_id and e.list = @list and e.is_current
                order by e.subject_id
                """, connection);
            command.Parameters.AddWithValue("stages", keys.Select(k => k.Queue).ToArray());
            command.Parameters.AddWithValue("voters", keys.Select(k => k.Voters).ToArray());
            command.Parameters.AddWithValue("list", list);
            command.Parameters.AddWithValue("person", viewer.Person);
            command.Parameters.AddWithValue("overdue", overdue);
            command.Parameters.AddWithValue("after", after);
            command.Parameters.AddWithValue("until", until);
            command.Parameters.AddWithValue("limit", limit);
            var lines = await EntryLineReader.ReadAsync(command, cancellationToken);
            if (lines.Count == limit || until == Guid.AllBitsSet) return lines;
        }
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

    private static QueueRow Show(Viewer viewer, EpisodeLine line, EntryLineDetails details, string? remark)
    {
        var isSeen = Sight.Opens(viewer, line.Voters);
        return new QueueRow(line.Subject, line.Name, line.ScopeValue, details.References, Sight.StateOf(isSeen, line.Stage, line.IsLapsing, details.PublishedSince), line.IsOverdue,
            isSeen && line.IsLapsing ? line.LapsesAt : null, details.PublishedSince, details.Claim, remark);
    }
}
