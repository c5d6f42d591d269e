using Npgsql;

namespace BlockList.Server.Distribution.Pages;

/// <summary>What the page of the transparency log shows. No name is read.</summary>
internal sealed class ReadLog(NpgsqlDataSource database)
{
    public const int RowsOnAPage = 50;

    /// <summary>The newest checkpoint of each list, one step in the index for each.</summary>
    public async Task<IReadOnlyList<NewestCheckpoint>> NewestAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            with recursive each as (
              (select list from publishing.log_leaf order by list limit 1)
              union all
              select (select l.list from publishing.log_leaf l where l.list > each.list order by l.list limit 1) from each where each.list is not null)
            select each.list, newest.position + 1, newest.root_sha256, newest.at
            from each cross join lateral (select position, root_sha256, at from publishing.log_leaf l where l.list = each.list order by position desc limit 1) newest
            order by each.list
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var logs = new List<NewestCheckpoint>();
        while (await reader.ReadAsync(cancellationToken)) logs.Add(new NewestCheckpoint(reader.GetString(0), reader.GetInt64(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3)));
        return logs;
    }

    /// <summary>Receipts that knew another log, one more than a page has.</summary>
    /// <param name="before">Only rows before this one, or null.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    public async Task<IReadOnlyList<DifferingReceipt>> DifferingAsync(long? before, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            select r.id, r.at, p.name, r.list, r.version, r.log_size, r.log_root, ours.root_sha256
            from distribution.receipt r join providers.provider p on p.id = r.provider_id
            left join publishing.log_leaf ours on ours.list = r.list and ours.position = r.log_size - 1
            where r.log_differs and r.id < $1 order by r.id desc limit $2
            """);
        command.Parameters.AddWithValue(before ?? long.MaxValue);
        command.Parameters.AddWithValue(RowsOnAPage + 1);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<DifferingReceipt>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(new DifferingReceipt(reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4), reader.GetInt64(5), reader.GetString(6), reader.IsDBNull(7) ? null : reader.GetString(7)));
        return rows;
    }
}
