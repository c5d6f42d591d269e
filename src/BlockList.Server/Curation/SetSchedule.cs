using BlockList.Server.Oversight;
using Npgsql;

namespace BlockList.Server.Curation;

/// <summary>Replaces the schedule of a list. Schedules are rows: the publisher reads them, and nobody can make it run a job.</summary>
internal sealed class SetSchedule(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Monday, Wednesday, Friday and Sunday (ISO 8601 numbers).</summary>
    public static readonly int[] DefaultDays = [1, 3, 5, 7];

    public static readonly TimeOnly DefaultTime = new(6, 0);

    public async Task RunAsync(string list, int[] days, TimeOnly at, string zone, string actor, CancellationToken cancellationToken)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)) throw new CurationException($"There is no time zone {zone}. Write a name such as UTC or Europe/Oslo.");
        if (days.Length == 0 || days.Any(d => d is < 1 or > 7)) throw new CurationException("Name at least one day, from 1 (Monday) to 7 (Sunday).");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var known = new NpgsqlCommand("select exists (select from criteria.list where id = $1)", connection))
        {
            known.Parameters.AddWithValue(list);
            if (!(bool)(await known.ExecuteScalarAsync(cancellationToken))!) throw new CurationException($"There is no list {list}. Copy the register first (blocklist register), or check the spelling.");
        }
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var delete = new NpgsqlCommand("delete from publishing.schedule where list = $1", connection))
        {
            delete.Parameters.AddWithValue(list);
            await delete.ExecuteNonQueryAsync(cancellationToken);
        }
        await using (var insert = new NpgsqlCommand("insert into publishing.schedule (id, list, days, at, zone) values ($1, $2, $3, $4, $5)", connection))
        {
            insert.Parameters.AddWithValue(Guid.CreateVersion7(clock.GetUtcNow()));
            insert.Parameters.AddWithValue(list);
            insert.Parameters.AddWithValue(days.Distinct().Order().ToArray());
            insert.Parameters.AddWithValue(at);
            insert.Parameters.AddWithValue(zone);
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
        await AuditLog.AppendAsync(connection, actor, "schedule.set", list, new() { ["days"] = string.Join(' ', days), ["at"] = at.ToString("HH:mm:ss", null), ["zone"] = zone }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
