using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Publishing.Pages;

/// <summary>Lists, what they are published by and when. No name is read.</summary>
internal sealed class ReadLists(IDbContextFactory<BlockListDb> contexts, NpgsqlDataSource database, TimeProvider clock)
{
    private const int Runs = 5;

    /// <param name="only">Id of the only list that is asked for, or null for all.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    public async Task<IReadOnlyList<ListSummary>> RunAsync(string? only, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var lists = await db.Lists.AsNoTracking().Where(l => only == null || l.Id == only).ToListAsync(cancellationToken);
        if (lists.Count == 0) return [];
        var agencies = await db.Agencies.AsNoTracking().OrderBy(a => a.Name).ToListAsync(cancellationToken);
        var criteria = await db.CriteriaVersions.AsNoTracking().OrderByDescending(v => v.Version).ToListAsync(cancellationToken);
        var schedules = await ReadSchedulesAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var summaries = new List<ListSummary>();
        // Lists of test names last: nobody decides on them.
        foreach (var list in lists.OrderBy(l => l.TestDomain is not null).ThenBy(l => l.Country is not null).ThenBy(l => l.Id, StringComparer.Ordinal))
        {
            var newest = await db.Versions.AsNoTracking().Where(v => v.List == list.Id).OrderByDescending(v => v.Serial).FirstOrDefaultAsync(cancellationToken);
            var own = schedules.Where(s => s.List == list.Id).Select(s => s.Schedule).ToArray();
            summaries.Add(new ListSummary(list, newest, [.. criteria.Where(c => c.List == list.Id)],
                list.TestDomain is null ? [.. agencies.Where(a => list.Country is null || a.Country == list.Country)] : [], own,
                [.. own.SelectMany(s => s.NextSlots(now).Take(Runs)).Distinct().Order().Take(Runs)]));
        }
        return summaries;
    }

    private async Task<List<(string List, PublishingSchedule Schedule)>> ReadSchedulesAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select list, days, at, zone, active_from from publishing.schedule");
        var schedules = new List<(string, PublishingSchedule)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            schedules.Add((reader.GetString(0), new PublishingSchedule(reader.GetFieldValue<int[]>(1), reader.GetFieldValue<TimeOnly>(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4))));
        return schedules;
    }
}
