using BlockList.Format.Lists;
using Npgsql;

namespace BlockList.Server.Publishing.Gates;

/// <summary>Held versions as pages show them.</summary>
internal sealed class ReadHeld(NpgsqlDataSource database)
{
    private const string Columns = """
        select h.id, h.list, h.gates, h.serial, h.added, h.removed, h.may_add, h.may_remove, h.held_at, e.outcome, e.serial, e.ended_at
        from publishing.held h left join publishing.held_end e on e.held_id = h.id
        """;

    /// <summary>Those that wait for a person, the oldest first.</summary>
    public Task<List<HeldSummary>> OpenAsync(CancellationToken cancellationToken) =>
        RunAsync(Columns + " where e.held_id is null order by h.held_at, h.id", null, cancellationToken);

    /// <summary>Those that are over, the newest first, after <paramref name="before"/>.</summary>
    public Task<List<HeldSummary>> OverAsync(DateTimeOffset? before, int take, CancellationToken cancellationToken) =>
        RunAsync(Columns + " where e.held_id is not null and ($1::timestamptz is null or h.held_at < $1) order by h.held_at desc, h.id limit $2", command =>
        {
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)before ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz });
            command.Parameters.AddWithValue(take);
        }, cancellationToken);

    public async Task<HeldSummary?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        (await RunAsync(Columns + " where h.id = $1", command => command.Parameters.AddWithValue(id), cancellationToken)).SingleOrDefault();

    /// <summary>The change itself: names.</summary>
    public async Task<(Delta Change, byte[] Bytes)> ChangeAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select change from publishing.held where id = $1");
        command.Parameters.AddWithValue(id);
        var bytes = (byte[])(await command.ExecuteScalarAsync(cancellationToken))!;
        return (Delta.Parse(bytes), bytes);
    }

    /// <summary>What people said of it, the newest first.</summary>
    public async Task<List<HeldWord>> WordsAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            select d.action, p.name, a.name, d.decided_at, r.text, l.outcome, l.reason
            from publishing.version_decision d join access.person p on p.id = d.person join access.agency a on a.id = d.agency
            left join publishing.version_reason r on r.decision_id = d.id
            left join publishing.version_verdict l on l.decision_id = d.id
            where d.held_id = $1 order by d.position desc
            """);
        command.Parameters.AddWithValue(id);
        var words = new List<HeldWord>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            words.Add(new HeldWord(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3), reader.IsDBNull(4) ? "" : reader.GetString(4),
                reader.IsDBNull(5) ? null : reader.GetString(5), reader.IsDBNull(6) ? null : reader.GetString(6)));
        }
        return words;
    }

    private async Task<List<HeldSummary>> RunAsync(string sql, Action<NpgsqlCommand>? fill, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        fill?.Invoke(command);
        var held = new List<HeldSummary>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            held.Add(new HeldSummary(reader.GetGuid(0), reader.GetString(1), GateText.Parse(reader.GetFieldValue<string[]>(2)), reader.GetInt32(3), reader.GetInt32(4), reader.GetInt32(5),
                reader.GetInt32(6), reader.GetInt32(7), reader.GetFieldValue<DateTimeOffset>(8), reader.IsDBNull(9) ? null : (reader.GetString(9), reader.GetInt32(10), reader.GetFieldValue<DateTimeOffset>(11))));
        }
        return held;
    }
}

/// <summary>A held version without its names.</summary>
/// <param name="Serial">The newest version when it was held.</param>
/// <param name="End">How it ended, with which version, and when; null while it waits.</param>
internal sealed record HeldSummary(Guid Id, string List, Gate Gates, int Serial, int Added, int Removed, int MayAdd, int MayRemove, DateTimeOffset HeldAt, (string Outcome, int Serial, DateTimeOffset At)? End);

/// <summary>What a person said of it.</summary>
/// <param name="Action"><c>confirm</c> or <c>discard</c>.</param>
/// <param name="Outcome">Of the publisher: <c>accepted</c>, <c>refused</c>; null until it has looked.</param>
/// <param name="Objection">Why it was refused.</param>
internal sealed record HeldWord(string Action, string Person, string Agency, DateTimeOffset At, string Reason, string? Outcome, string? Objection);
