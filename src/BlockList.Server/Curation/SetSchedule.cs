using System.Text.Json.Nodes;
using BlockList.Server.Oversight;
using Npgsql;

namespace BlockList.Server.Curation;

/// <summary>Changes when a list is published. Schedules are rows: the publisher reads them, and nobody can make it run a job.</summary>
internal sealed class SetSchedule(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Monday, Wednesday, Friday and Sunday (ISO 8601 numbers).</summary>
    public static readonly int[] DefaultDays = [1, 3, 5, 7];

    public static readonly TimeOnly DefaultTime = new(6, 0);

    /// <summary>More times in a week than that would be a stream of versions.</summary>
    public const int MostRows = 14;

    /// <summary>Replaces all that the schedule of a list says.</summary>
    /// <exception cref="CurationException">Says what is wrong and what to write.</exception>
    public Task RunAsync(string list, int[] days, TimeOnly at, string zone, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(list, actor, "schedule.set", Describe(days, at, zone), async connection =>
        {
            await ExecuteAsync(connection, "delete from publishing.schedule where list = $1", cancellationToken, list);
            await InsertAsync(connection, list, days, at, zone, cancellationToken);
        }, cancellationToken, (days, zone));

    /// <summary>Publishes a list at one more time.</summary>
    /// <exception cref="CurationException">Says what is wrong and what to write.</exception>
    public Task AddAsync(string list, int[] days, TimeOnly at, string zone, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(list, actor, "schedule.add", Describe(days, at, zone), async connection =>
        {
            await using (var count = new NpgsqlCommand("select count(*) from publishing.schedule where list = $1", connection))
            {
                count.Parameters.AddWithValue(list);
                if ((long)(await count.ExecuteScalarAsync(cancellationToken))! >= MostRows) throw new CurationException($"The list has {MostRows} times already. Take one out first.");
            }
            await InsertAsync(connection, list, days, at, zone, cancellationToken);
        }, cancellationToken, (days, zone));

    /// <summary>Publishes a list at one of its times no more.</summary>
    public Task RemoveAsync(string list, Guid row, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(list, actor, "schedule.remove", new() { ["row"] = row.ToString() },
            connection => ExecuteAsync(connection, "delete from publishing.schedule where list = $1 and id = $2", cancellationToken, list, row), cancellationToken);

    /// <summary>Why nothing can be published at such times, as a sentence; null where it can.</summary>
    public static string? ProblemOf(int[] days, string zone) =>
        !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) ? $"There is no time zone {zone}. Write a name such as UTC or Europe/Oslo."
        : days.Length == 0 || days.Any(d => d is < 1 or > 7) ? "Name at least one day, from 1 (Monday) to 7 (Sunday)." : null;

    private async Task ChangeAsync(string list, string actor, string action, JsonObject detail, Func<NpgsqlConnection, Task> change, CancellationToken cancellationToken, (int[] Days, string Zone)? wanted = null)
    {
        if (wanted is var (days, zone) && ProblemOf(days, zone) is { } problem) throw new CurationException(problem);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var known = new NpgsqlCommand("select exists (select from criteria.list where id = $1)", connection))
        {
            known.Parameters.AddWithValue(list);
            if (!(bool)(await known.ExecuteScalarAsync(cancellationToken))!) throw new CurationException($"There is no list {list}. Copy the register first (blocklist register), or check the spelling.");
        }
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await change(connection);
        await AuditLog.AppendAsync(connection, actor, action, list, detail, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static JsonObject Describe(int[] days, TimeOnly at, string zone) => new() { ["days"] = string.Join(' ', days), ["at"] = at.ToString("HH:mm:ss", null), ["zone"] = zone };

    private Task InsertAsync(NpgsqlConnection connection, string list, int[] days, TimeOnly at, string zone, CancellationToken cancellationToken) =>
        ExecuteAsync(connection, "insert into publishing.schedule (id, list, days, at, zone) values ($1, $2, $3, $4, $5)", cancellationToken,
            Guid.CreateVersion7(clock.GetUtcNow()), list, days.Distinct().Order().ToArray(), at, zone);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.AddWithValue(value);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
