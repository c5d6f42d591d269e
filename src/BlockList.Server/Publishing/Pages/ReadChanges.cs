using System.Runtime.CompilerServices;
using Npgsql;

namespace BlockList.Server.Publishing.Pages;

/// <summary>
/// What differs between any two versions of a list, from the stretches that entries were on it. A page costs the same
/// however long the list is and however far the versions lie apart: it looks at a bounded number of stretches and goes on
/// from there with the next page, even where it found few.
/// </summary>
internal sealed class ReadChanges(NpgsqlDataSource database)
{
    public const int PageSize = 200;

    /// <summary>Stretches that one page looks at.</summary>
    private const int Window = 10_000;

    private const string Gained = "(s.removed_serial is null or s.removed_serial > @high) and not exists (select from publishing.stretch b where b.list = @list and b.line = s.line and b.added_serial <= @low and b.removed_serial > @low)";
    private const string Lost = "s.added_serial <= @low and not exists (select from publishing.stretch b where b.list = @list and b.line = s.line and b.added_serial > @low and b.added_serial <= @high and (b.removed_serial is null or b.removed_serial > @high))";

    private static readonly string GainedPage = PageOf("added_serial", "episode_id", Gained);
    private static readonly string LostPage = PageOf("removed_serial", "coalesce(removed_episode_id, episode_id)", Lost);

    /// <summary>Entries of <paramref name="to"/> that <paramref name="from"/> has not. Where <paramref name="from"/> is the newer one,
    /// these are what was removed after <paramref name="to"/>.</summary>
    public Task<ChangePage> AddedAsync(string list, int from, int to, ChangeKey after, CancellationToken cancellationToken) =>
        from <= to ? ReadAsync(GainedPage, "added", list, from, to, after, cancellationToken) : ReadAsync(LostPage, "removed", list, to, from, after, cancellationToken);

    /// <summary>Entries of <paramref name="from"/> that <paramref name="to"/> has not.</summary>
    public Task<ChangePage> RemovedAsync(string list, int from, int to, ChangeKey after, CancellationToken cancellationToken) => AddedAsync(list, to, from, after, cancellationToken);

    /// <summary>All lines of <paramref name="to"/> that <paramref name="from"/> has not, with the version that changed them.</summary>
    public IAsyncEnumerable<(string Line, int Serial)> AllAddedAsync(string list, int from, int to, CancellationToken cancellationToken) => from <= to
        ? StreamAsync($"select line, added_serial from publishing.stretch s where list = @list and added_serial > @low and added_serial <= @high and {Gained} order by added_serial desc, id", list, from, to, cancellationToken)
        : StreamAsync($"select line, removed_serial from publishing.stretch s where list = @list and removed_serial > @low and removed_serial <= @high and {Lost} order by removed_serial desc, id", list, to, from, cancellationToken);

    /// <summary>All lines of one version, in the order of its file, with the version that added each.</summary>
    public IAsyncEnumerable<(string Line, int Serial)> AllOfAsync(string list, int serial, CancellationToken cancellationToken) =>
        StreamAsync("select line, added_serial from publishing.stretch where list = @list and added_serial <= @high and (removed_serial is null or removed_serial > @high) order by line", list, serial, serial, cancellationToken);

    /// <summary>What is looked at is cut before it is filtered: a stretch of years in which everything lapsed again is passed in steps.</summary>
    private static string PageOf(string serial, string episode, string belongs) => $"""
        with seen as materialized (
          select * from (
            (select * from publishing.stretch where list = @list and {serial} = @serial and {serial} > @low and {serial} <= @high and id > @id order by id limit {Window})
            union all
            (select * from publishing.stretch where list = @list and {serial} < @serial and {serial} > @low and {serial} <= @high order by {serial} desc, id limit {Window})
          ) as both_ranges order by {serial} desc, id limit {Window}),
        found as (select s.id, s.{serial} as serial, s.line, {episode} as episode, s.removed_because from seen s where {belongs} order by s.{serial} desc, s.id limit {PageSize + 1}),
        counted as (select (select count(*) from seen) as n, last.{serial} as last_serial, last.id as last_id,
          (select coalesce(sum({(serial == "added_serial" ? "added" : "removed")}), 0) from publishing.version where list = @list and serial > @low and serial <= @high) as most
          from (select 1) as one left join (select {serial}, id from seen order by {serial}, id desc limit 1) as last on true)
        select c.n, c.last_serial, c.last_id, c.most, f.id, f.serial, f.line, f.episode, f.removed_because, e.subject_id
        from counted c left join found f on true left join curation.episode e on e.id = f.episode
        order by f.serial desc, f.id
        """;

    private async Task<ChangePage> ReadAsync(string sql, string kind, string list, int low, int high, ChangeKey after, CancellationToken cancellationToken)
    {
        if (low == high) return ChangePage.None;
        await using var command = Command(sql, list, low, high);
        command.Parameters.AddWithValue("serial", after.Serial);
        command.Parameters.AddWithValue("id", after.Id);
        var rows = new List<Change>();
        var (looked, most, last) = (0L, 0L, ChangeKey.Start);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            (looked, most) = (reader.GetInt64(0), reader.GetInt64(3));
            if (!reader.IsDBNull(1)) last = new ChangeKey(reader.GetInt32(1), reader.GetInt64(2));
            if (reader.IsDBNull(4)) continue;
            rows.Add(new Change(reader.GetInt64(4), reader.GetInt32(5), reader.GetString(6), Id(7), Id(9), kind == "removed" ? reader.IsDBNull(8) ? "" : reader.GetString(8) : null));
        }
        ChangeKey? next = rows.Count > PageSize ? new ChangeKey(rows[PageSize - 1].Serial, rows[PageSize - 1].Id) : looked == Window ? last : null;
        if (rows.Count > PageSize) rows.RemoveAt(PageSize);
        return new ChangePage(rows, next, after == ChangeKey.Start && next is null, most);

        Guid? Id(int column) => reader.IsDBNull(column) ? null : reader.GetGuid(column);
    }

    private async IAsyncEnumerable<(string Line, int Serial)> StreamAsync(string sql, string list, int low, int high, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (low == high && !sql.Contains("order by line", StringComparison.Ordinal)) yield break;
        await using var command = Command(sql, list, low, high);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) yield return (reader.GetString(0), reader.GetInt32(1));
    }

    private NpgsqlCommand Command(string sql, string list, int low, int high)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue("list", list);
        command.Parameters.AddWithValue("low", low);
        command.Parameters.AddWithValue("high", high);
        return command;
    }
}
