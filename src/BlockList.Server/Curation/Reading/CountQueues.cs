using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Curation.Reading;

/// <summary>How much waits, for whom. From the tallies, never by counting entries; claims and what the guard found are few.</summary>
internal sealed class CountQueues(NpgsqlDataSource database, ReadCriteria criteria)
{
    /// <summary>By the tab of the queue, for one list.</summary>
    public async Task<IReadOnlyDictionary<string, int>> RunAsync(Viewer viewer, string list, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var tallies = await Tally.ReadAsync(connection, cancellationToken);
        var counts = QueueKeys.Tabs.ToDictionary(tab => tab, tab => (int)QueueKeys.Of(tab, viewer, tallies.Where(t => t.List == list)).Sum(t => t.Count), StringComparer.Ordinal)
            .Append(KeyValuePair.Create(QueueKeys.Mine, await CountMineAsync(connection, viewer, list, cancellationToken))).ToDictionary();
        if (QueueKeys.MayReadGuard(viewer)) counts.Add(QueueKeys.Guard, await GuardQueue.CountAsync(connection, viewer, list, cancellationToken));
        if (QueueKeys.MayReadReReviews(viewer)) counts.Add(QueueKeys.ReReview, await ReReviewQueue.CountAsync(connection, viewer, list, cancellationToken));
        return counts;
    }

    /// <summary>For the navigation: what waits for an assessment on all lists of the viewer.</summary>
    public async Task<IReadOnlyDictionary<string, int>> ForNavigationAsync(Viewer viewer, CancellationToken cancellationToken)
    {
        var lists = await criteria.ListsForAsync(viewer, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var tallies = await Tally.ReadAsync(connection, cancellationToken);
        return new Dictionary<string, int>(StringComparer.Ordinal) { ["queue"] = (int)QueueKeys.Of(QueueKeys.Review, viewer, tallies.Where(t => lists.Contains(t.List))).Sum(t => t.Count) };
    }

    /// <summary>Nobody holds more than twenty claims.</summary>
    private static async Task<int> CountMineAsync(NpgsqlConnection connection, Viewer viewer, string list, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select count(*)::int from curation.claim c join curation.episode e on e.id = c.episode_id
            where c.person = $1 and c.agency = $2 and c.expires_at > clock_timestamp() and e.list = $3 and e.closed_at is null
            """, connection);
        command.Parameters.AddWithValue(viewer.Person);
        command.Parameters.AddWithValue(viewer.Agency ?? "");
        command.Parameters.AddWithValue(list);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
