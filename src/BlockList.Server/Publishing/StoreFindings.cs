using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Publishing;

/// <summary>Writes down what the guard has against the decided entries of a list, inside the caller's transaction, so that
/// people find it in their queue; what does not stand any more goes.</summary>
internal static class StoreFindings
{
    /// <returns>Those that were not there before, or had another effect.</returns>
    public static async Task<IReadOnlyList<GuardFinding>> RunAsync(NpgsqlConnection connection, string list, IReadOnlyList<GuardFinding> findings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = new Dictionary<(Guid, string), bool>();
        await using (var read = new NpgsqlCommand("select episode_id, rule, effect from publishing.guard_finding where list = $1", connection))
        {
            read.Parameters.AddWithValue(list);
            await using var reader = await read.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) known.Add((reader.GetGuid(0), reader.GetString(1)), reader.GetString(2) == "left-out");
        }
        var fresh = findings.Where(f => !known.TryGetValue((f.Episode, f.Rule), out var wasLeftOut) || wasLeftOut != f.IsLeftOut).ToArray();
        var gone = known.Keys.Except(findings.Select(f => (f.Episode, f.Rule))).ToArray();
        if (fresh.Length > 0) await WriteAsync(connection, list, fresh, now, cancellationToken);
        if (gone.Length == 0) return fresh;
        await using var delete = new NpgsqlCommand("delete from publishing.guard_finding f using unnest($2::uuid[], $3::text[]) as gone (episode_id, rule) where f.list = $1 and f.episode_id = gone.episode_id and f.rule = gone.rule", connection);
        delete.Parameters.AddWithValue(list);
        delete.Parameters.AddWithValue(gone.Select(g => g.Item1).ToArray());
        delete.Parameters.AddWithValue(gone.Select(g => g.Item2).ToArray());
        await delete.ExecuteNonQueryAsync(cancellationToken);
        return fresh;
    }

    private static async Task WriteAsync(NpgsqlConnection connection, string list, GuardFinding[] findings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            insert into publishing.guard_finding (list, episode_id, rule, effect, message, found_at)
            select $1, f.episode_id, f.rule, case when f.left_out then 'left-out' else 'touched' end, f.message, $6
            from unnest($2::uuid[], $3::text[], $4::boolean[], $5::text[]) as f (episode_id, rule, left_out, message)
            on conflict (list, episode_id, rule) do update set effect = excluded.effect, message = excluded.message
            """, connection);
        command.Parameters.AddWithValue(list);
        command.Parameters.AddWithValue(findings.Select(f => f.Episode).ToArray());
        command.Parameters.AddWithValue(findings.Select(f => f.Rule).ToArray());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Boolean, findings.Select(f => f.IsLeftOut).ToArray());
        command.Parameters.AddWithValue(findings.Select(f => f.Message).ToArray());
        command.Parameters.AddWithValue(now);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
