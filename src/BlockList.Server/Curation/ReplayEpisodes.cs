using BlockList.Format.Statements;
using Npgsql;

namespace BlockList.Server.Curation;

/// <summary>An open episode as its stored decisions leave it.</summary>
/// <param name="State">The formula's.</param>
/// <param name="WaitsSince">As its row has it.</param>
/// <param name="IsClosed">Its row was closed; what it says then stays.</param>
internal sealed record ReplayedEpisode(EpisodeState State, DateTimeOffset? WaitsSince, bool IsClosed);

/// <summary>Takes an episode's stored decisions again from the first, to know what the next one may do and leaves behind.</summary>
internal static class ReplayEpisodes
{
    private const int Chunk = 5000;

    /// <summary>Locks the episodes until the transaction ends, so that of two agencies the second sees the first's vote.</summary>
    /// <param name="connection">With its transaction open.</param>
    /// <param name="episodes">Which.</param>
    /// <param name="doubting">Those in which a criterion is about to be found not met: what that does depends on whether they were published.</param>
    /// <param name="rules">Of their list.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public static async Task<Dictionary<Guid, ReplayedEpisode>> RunAsync(NpgsqlConnection connection, IReadOnlyCollection<Guid> episodes, IReadOnlySet<Guid> doubting, ListRules rules, CancellationToken cancellationToken)
    {
        var replayed = new Dictionary<Guid, ReplayedEpisode>();
        // In one order everywhere: two that lock the same episodes wait for each other and do not lock each other out.
        foreach (var chunk in episodes.Order().Chunk(Chunk))
        {
            var rows = await LockAsync(connection, chunk, cancellationToken);
            var decisions = await ReadAsync(connection, chunk, cancellationToken);
            var doubted = decisions.Where(d => d.Statement.Verdicts?.AnyNotMet == true).Select(d => d.Statement.Episode).Concat(chunk.Where(doubting.Contains)).Distinct().ToArray();
            var published = doubted.Length == 0 ? [] : await ReadFirstPublicationAsync(connection, doubted, cancellationToken);
            foreach (var group in decisions.GroupBy(d => d.Statement.Episode))
            {
                var opening = group.First().Statement;
                var state = new EpisodeState(opening.Episode, opening.List, opening.Name);
                foreach (var (statement, receivedAt) in group)
                {
                    if (published.TryGetValue(group.Key, out var first) && first <= receivedAt) state.Publish();
                    state.Take(statement, rules.List, receivedAt);
                    if (statement.IsVote) state.Link(statement.Agency!, statement.Id);
                }
                if (published.ContainsKey(group.Key)) state.Publish();
                var (waitsSince, isClosed) = rows[group.Key];
                replayed.Add(group.Key, new ReplayedEpisode(state, waitsSince, isClosed));
            }
        }
        return replayed;
    }

    /// <summary>When episodes were first published; those that never were are absent. A version that was computed after an
    /// episode opened and has its entry has it because of this episode. Versions are computed for whole seconds.</summary>
    public static async Task<Dictionary<Guid, DateTimeOffset>> ReadFirstPublicationAsync(NpgsqlConnection connection, Guid[] episodes, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select e.id, min(v.published_at)
            from curation.episode e
            join publishing.publication p on p.list = e.list and p.line = case e.scope when 'host' then '=' || e.name else e.name end
            join publishing.version v on v.list = e.list and v.serial >= p.added_serial and (p.removed_serial is null or v.serial < p.removed_serial) and v.evaluated_at >= date_trunc('second', e.opened_at)
            where e.id = any ($1) group by e.id
            """, connection);
        command.Parameters.AddWithValue(episodes);
        var published = new Dictionary<Guid, DateTimeOffset>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) published.Add(reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1));
        return published;
    }

    private static async Task<Dictionary<Guid, (DateTimeOffset? WaitsSince, bool IsClosed)>> LockAsync(NpgsqlConnection connection, Guid[] episodes, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select id, waits_since, closed_at is not null from curation.episode where id = any ($1) order by id for no key update", connection);
        command.Parameters.AddWithValue(episodes);
        var rows = new Dictionary<Guid, (DateTimeOffset?, bool)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) rows.Add(reader.GetGuid(0), (reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1), reader.GetBoolean(2)));
        return rows;
    }

    private static async Task<List<(DecisionStatement Statement, DateTimeOffset ReceivedAt)>> ReadAsync(NpgsqlConnection connection, Guid[] episodes, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select statement, greatest(received_at, decided_at) from curation.decision where episode_id = any ($1) order by position", connection);
        command.Parameters.AddWithValue(episodes);
        var decisions = new List<(DecisionStatement, DateTimeOffset)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) decisions.Add((DecisionStatement.Parse(reader.GetFieldValue<byte[]>(0)), reader.GetFieldValue<DateTimeOffset>(1)));
        return decisions;
    }
}
