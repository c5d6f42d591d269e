using System.Diagnostics;
using System.Runtime.CompilerServices;
using Npgsql;

namespace BlockList.Server.Publishing.Pages;

/// <summary>
/// What differs between any two versions of a list, from the stretches that entries were on it. A page costs about the
/// same however long the list is and however far the versions lie apart: it looks at a bounded number of stretches and goes
/// on from there with the next page, even where it found few.
/// </summary>
internal sealed class ReadChanges(NpgsqlDataSource database)
{
    public const int PageSize = 25;

    /// <summary>Stretches that are looked at together.</summary>
    internal const int Window = 2_500;

    /// <summary>A page that is not full by then is shown as it is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(10);

    private const string WasListedBefore = "from publishing.stretch b where b.list = @list and b.line = s.line and b.added_serial <= @low and b.removed_serial > @low";
    private const string IsListedAfter = "from publishing.stretch b where b.list = @list and b.line = s.line and b.added_serial > @low and b.added_serial <= @high and (b.removed_serial is null or b.removed_serial > @high)";
    private const string StaysAfter = "(s.removed_serial is null or s.removed_serial > @high)";
    private const string CameBefore = "s.added_serial <= @low";

    private static readonly Part Additions = Part.Of("added_serial", "episode_id", "added", StaysAfter, WasListedBefore);
    private static readonly Part Removals = Part.Of("removed_serial", "coalesce(removed_episode_id, episode_id)", "removed", CameBefore, IsListedAfter);

    /// <summary>Entries of <paramref name="to"/> that <paramref name="from"/> has not. Where <paramref name="from"/> is the newer one,
    /// these are what was removed after <paramref name="to"/>.</summary>
    public Task<ChangePage> AddedAsync(string list, int from, int to, ChangeKey after, CancellationToken cancellationToken) =>
        from <= to ? ReadAsync(Additions, list, from, to, after, cancellationToken) : ReadAsync(Removals, list, to, from, after, cancellationToken);

    /// <summary>Entries of <paramref name="from"/> that <paramref name="to"/> has not.</summary>
    public Task<ChangePage> RemovedAsync(string list, int from, int to, ChangeKey after, CancellationToken cancellationToken) => AddedAsync(list, to, from, after, cancellationToken);

    /// <summary>All lines of <paramref name="to"/> that <paramref name="from"/> has not, with the version that changed them.</summary>
    public IAsyncEnumerable<(string Line, int Serial)> AllAddedAsync(string list, int from, int to, CancellationToken cancellationToken) => from <= to
        ? StreamAsync($"select line, added_serial from publishing.stretch s where list = @list and added_serial > @low and added_serial <= @high and {StaysAfter} and not exists (select {WasListedBefore}) order by added_serial desc, id", list, from, to, cancellationToken)
        : StreamAsync($"select line, removed_serial from publishing.stretch s where list = @list and removed_serial > @low and removed_serial <= @high and {CameBefore} and not exists (select {IsListedAfter}) order by removed_serial desc, id", list, to, from, cancellationToken);

    /// <summary>All lines of one version, in the order of its file, with the version that added each.</summary>
    public IAsyncEnumerable<(string Line, int Serial)> AllOfAsync(string list, int serial, CancellationToken cancellationToken) =>
        StreamAsync("select line, added_serial from publishing.stretch where list = @list and added_serial <= @high and (removed_serial is null or removed_serial > @high) order by line", list, serial, serial, cancellationToken);

    private async Task<ChangePage> ReadAsync(Part part, string list, int low, int high, ChangeKey after, CancellationToken cancellationToken)
    {
        if (low == high) return ChangePage.None;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var most = await CountAsync(connection, part, list, low, high, cancellationToken);
        var rows = new List<Change>();
        var started = Stopwatch.GetTimestamp();
        ChangeKey? next = after;
        while (next is { } key && rows.Count <= PageSize && (key == after || Stopwatch.GetElapsedTime(started) < Patience))
        {
            await AddRowsAsync(connection, part, list, low, high, key, rows, cancellationToken);
            next = rows.Count > PageSize ? new ChangeKey(rows[PageSize - 1].Serial, rows[PageSize - 1].Id) : await EndOfWindowAsync(connection, part, list, low, high, key, cancellationToken);
        }
        if (rows.Count > PageSize) rows.RemoveRange(PageSize, rows.Count - PageSize);
        return new ChangePage(rows, next, after == ChangeKey.Start && next is null, most);
    }

    private static async Task AddRowsAsync(NpgsqlConnection connection, Part part, string list, int low, int high, ChangeKey after, List<Change> rows, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, part.Page, list, low, high, after);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(new Change(reader.GetInt64(0), reader.GetInt32(1), reader.GetString(2), Id(3), Id(5), part == Removals ? reader.IsDBNull(4) ? "" : reader.GetString(4) : null));

        Guid? Id(int column) => reader.IsDBNull(column) ? null : reader.GetGuid(column);
    }

    /// <summary>Null where the window reached the end of what there is.</summary>
    private static async Task<ChangeKey?> EndOfWindowAsync(NpgsqlConnection connection, Part part, string list, int low, int high, ChangeKey after, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, part.End, list, low, high, after);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && reader.GetInt64(2) == Window ? new ChangeKey(reader.GetInt32(0), reader.GetInt64(1)) : null;
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, Part part, string list, int low, int high, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, part.Most, list, low, high, ChangeKey.Start);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async IAsyncEnumerable<(string Line, int Serial)> StreamAsync(string sql, string list, int low, int high, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (low == high && !sql.Contains("order by line", StringComparison.Ordinal)) yield break;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = Command(connection, sql, list, low, high, ChangeKey.Start);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) yield return (reader.GetString(0), reader.GetInt32(1));
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, string list, int low, int high, ChangeKey after)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("list", list);
        command.Parameters.AddWithValue("low", low);
        command.Parameters.AddWithValue("high", high);
        command.Parameters.AddWithValue("serial", after.Serial);
        command.Parameters.AddWithValue("id", after.Id);
        return command;
    }

    /// <summary>The statements for one kind of change.</summary>
    private sealed record Part(string Page, string End, string Most)
    {
        /// <summary>What is looked at is cut before it is filtered: years in which everything lapsed again are passed in steps. The other
        /// version is looked up in the primary key for each candidate; as "not exists" it would be joined with all that was ever listed.</summary>
        public static Part Of(string serial, string episode, string count, string belongs, string other)
        {
            var window = $"""
                select * from (
                  (select * from publishing.stretch where list = @list and {serial} = @serial and {serial} > @low and {serial} <= @high and id > @id order by {serial} desc, id limit {Window})
                  union all
                  (select * from publishing.stretch where list = @list and {serial} < @serial and {serial} > @low and {serial} <= @high order by {serial} desc, id limit {Window})
                ) as both_ranges order by {serial} desc, id limit {Window}
                """;
            return new Part($"""
                select f.id, f.serial, f.line, f.episode, f.removed_because, e.subject_id from (
                  select s.id, s.{serial} as serial, s.line, {episode} as episode, s.removed_because from ({window}) as s where {belongs} and (select true {other} limit 1) is null order by s.{serial} desc, s.id limit {PageSize + 1}) as f
                left join curation.episode e on e.id = f.episode order by f.serial desc, f.id
                """,
                $"select {serial}, id, count(*) over () from ({window}) as seen order by {serial}, id desc limit 1",
                $"select coalesce(sum({count}), 0) from publishing.version where list = @list and serial > @low and serial <= @high");
        }
    }
}
