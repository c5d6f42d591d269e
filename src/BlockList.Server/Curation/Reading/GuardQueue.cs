using System.Globalization;
using BlockList.Server.Access;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Curation.Reading;

/// <summary>
/// Entries that the never-block guard speaks against, for those who decide on it: published ones that a new rule touches, then
/// those left out that can be overridden, then those that only a removal ends; each by the random handle. They are few.
/// </summary>
internal static class GuardQueue
{
    /// <summary>One row for each entry. What of them is shown is as <see cref="Sight.ShowsGuard"/> says.</summary>
    private const string Held = """
        select f.episode_id, case when bool_or(f.effect = 'touched') then 0 when bool_and(f.rule = any (@overridable)) then 1 else 2 end as rank
        from publishing.guard_finding f join curation.episode e on e.id = f.episode_id
        where f.list = @list and e.closed_at is null and (@sees_all or f.effect = 'touched' or strpos(' ' || e.voters || ' ', ' ' || @reader || ' ') > 0)
        group by f.episode_id
        """;

    public static async Task<int> CountAsync(NpgsqlConnection connection, Viewer viewer, string list, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, $"select count(*)::int from ({Held}) as held", viewer, list);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public static async Task<List<EpisodeLine>> ReadAsync(NpgsqlConnection connection, Viewer viewer, string list, string? after, int limit, CancellationToken cancellationToken)
    {
        if (!QueueKeys.MayReadGuard(viewer)) return [];
        var (rank, subject) = after?.Split('.') is [var first, var id] && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && Guid.TryParse(id, out var handle) ? (parsed, handle) : (0, Guid.Empty);
        await using var command = Command(connection, $"""
            select {EpisodeLine.Columns} from ({Held}) as held join curation.episode e on e.id = held.episode_id
            where (held.rank, e.subject_id) > (@rank, @after) order by held.rank, e.subject_id limit @limit
            """, viewer, list);
        command.Parameters.AddWithValue("rank", rank);
        command.Parameters.AddWithValue("after", subject);
        command.Parameters.AddWithValue("limit", limit);
        return await EntryLineReader.ReadAsync(command, cancellationToken);
    }

    public static string Cursor(EpisodeLine last, IEnumerable<GuardHold> holds) => $"{RankOf([.. holds])}.{last.Subject:N}";

    /// <summary>Where the entry stands with the guard, by which rules, and what has been said to it.</summary>
    public static string Describe(IReadOnlyList<GuardHold> holds)
    {
        if (holds.Count == 0) return "nothing any more: a version was computed just now";
        var standing = RankOf(holds) switch { 0 => "published and touched", 1 => "left out, can be overridden", _ => "left out, only a removal ends it" };
        var said = holds.Any(h => h.IsOverridden) ? holds.All(h => h.IsOverridden) ? "; overridden, the next version follows" : "; overridden in part"
            : holds.Any(h => h.IsEnforced) ? "; enforced, the next version follows"
            : holds.Any(h => h.Enforcers.Count == 1) ? "; one asked to enforce it, a second one is needed" : "";
        return $"{standing}: {GuardRules.Describe(holds.Select(h => h.Rule))}{said}";
    }

    private static int RankOf(IReadOnlyList<GuardHold> holds) => holds.Any(h => h.IsTouched) ? 0 : holds.All(h => GuardRules.IsOverridable(h.Rule)) ? 1 : 2;

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, Viewer viewer, string list)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("overridable", NpgsqlDbType.Array | NpgsqlDbType.Text, GuardRules.All.Where(GuardRules.IsOverridable).ToArray());
        command.Parameters.AddWithValue("list", list);
        command.Parameters.AddWithValue("sees_all", viewer.ReadsEverything || Sight.ReleasesOnly(viewer));
        // No agency has this id.
        command.Parameters.AddWithValue("reader", viewer.Agency ?? "-");
        return command;
    }
}
