using BlockList.Server.Publishing.Alarms;
using Npgsql;

namespace BlockList.Server.Publishing;

/// <summary>Publishes every list whose slot has come, and renews metadata that grows old. What is due stands in rows, so a
/// crash forgets nothing, and running it twice publishes once.</summary>
internal sealed class SweepSchedule(NpgsqlDataSource database, PinnedRegister pinned, PublishVersion publish, RenewMetadata renew, WatchLists watch, TimeProvider clock)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Where the register cannot be read, what is published is renewed and watched all the same.
        foreach (var list in (await watch.TakeRegisterAsync(pinned, cancellationToken))?.Lists.Keys ?? await watch.PublishedAsync(cancellationToken))
        {
            await watch.TryAsync(list, WatchLists.Publishing, async () =>
            {
                foreach (var slot in await FindDueAsync(list, cancellationToken))
                    if (await publish.RunAsync(list, new PublishCause.Slot(slot), cancellationToken) is PublishOutcome.Overtaken) throw new OvertakenException();
            }, cancellationToken);
            // By itself: what is published must not grow old because nothing new can be published.
            await watch.TryAsync(list, WatchLists.Renewing, () => renew.RunAsync(list, cancellationToken), cancellationToken);
            await watch.TryAsync(list, WatchLists.Watching, () => watch.LookAtAgeAsync(list, cancellationToken), cancellationToken);
        }
    }

    private async Task<List<DateTimeOffset>> FindDueAsync(string list, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var schedules = new List<PublishingSchedule>();
        await using (var command = new NpgsqlCommand("select days, at, zone, active_from from publishing.schedule where list = $1", connection))
        {
            command.Parameters.AddWithValue(list);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                schedules.Add(new PublishingSchedule(reader.GetFieldValue<int[]>(0), reader.GetFieldValue<TimeOnly>(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3)));
        }
        var due = schedules.Select(s => s.NewestSlot(clock.GetUtcNow())).OfType<DateTimeOffset>().Distinct().Order().ToList();
        await using var done = new NpgsqlCommand("select slot_at from publishing.slot where list = $1 and slot_at = any ($2)", connection);
        done.Parameters.AddWithValue(list);
        done.Parameters.AddWithValue(due.ToArray());
        await using var doneReader = await done.ExecuteReaderAsync(cancellationToken);
        while (await doneReader.ReadAsync(cancellationToken)) due.Remove(doneReader.GetFieldValue<DateTimeOffset>(0));
        return due;
    }
}
