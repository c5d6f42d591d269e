using Npgsql;

namespace BlockList.Server.Publishing.Alarms;

/// <summary>Alarms as the page shows them: those that stand first, then what was, the newest first.</summary>
internal sealed class ReadAlarms(NpgsqlDataSource database)
{
    public async Task<List<AlarmRow>> RunAsync(bool standing, DateTimeOffset? before, int take, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            select a.id, a.cause, a.list, a.kind, a.message, a.raised_at, a.cleared_at, a.acknowledged_at, coalesce(p.name, a.acknowledged_by),
              (select e.problem from publishing.alarm_event e where e.alarm_id = a.id and e.told_at is null order by e.id desc limit 1)
            from publishing.alarm a left join access.person p on p.id = a.acknowledged_by
            where (a.cleared_at is null) = $1 and ($2::timestamptz is null or a.raised_at < $2) order by a.raised_at desc, a.id limit $3
            """);
        command.Parameters.AddWithValue(standing);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)before ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz });
        command.Parameters.AddWithValue(take);
        var alarms = new List<AlarmRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            alarms.Add(new AlarmRow(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5),
                At(6), At(7), Text(8), Text(9)));
        }
        return alarms;

        DateTimeOffset? At(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    /// <returns>False where it is acknowledged already, or over.</returns>
    public async Task<bool> AcknowledgeAsync(Guid alarm, string person, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select publishing.acknowledge_alarm($1, $2)");
        command.Parameters.AddWithValue(alarm);
        command.Parameters.AddWithValue(person);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}

/// <param name="Untold">Why the webhook has not taken its newest message; null where there is none, or it has.</param>
internal sealed record AlarmRow(Guid Id, string Cause, string List, string Kind, string Message, DateTimeOffset RaisedAt, DateTimeOffset? ClearedAt, DateTimeOffset? AcknowledgedAt, string? AcknowledgedBy, string? Untold)
{
    /// <summary>Where to do something about it, or null.</summary>
    public string? Page => Kind switch
    {
        AlarmStore.Held => "/held",
        AlarmStore.Coverage => $"/coverage/{Uri.EscapeDataString(List)}",
        _ => null,
    };
}

internal sealed record AlarmsModel(IReadOnlyList<AlarmRow> Standing, IReadOnlyList<AlarmRow> Over, bool IsFirst, DateTimeOffset? Next, string? Done);
