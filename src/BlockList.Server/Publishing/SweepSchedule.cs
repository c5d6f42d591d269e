using BlockList.Server.Publishing.Ledger;
using BlockList.Server.Signing;
using Npgsql;

namespace BlockList.Server.Publishing;

/// <summary>Publishes every list whose slot has come, and renews metadata that grows old. What is due stands in rows, so a
/// crash forgets nothing, and running it twice publishes once.</summary>
internal sealed partial class SweepSchedule(NpgsqlDataSource database, PinnedRegister pinned, PublishVersion publish, RenewMetadata renew, TimeProvider clock, ILogger<SweepSchedule> logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var list in (await pinned.TakeAsync(cancellationToken)).Lists.Keys)
        {
            await TryAsync(list, async () =>
            {
                foreach (var slot in await FindDueAsync(list, cancellationToken)) await publish.RunAsync(list, slot, cancellationToken);
            });
            // By itself: what is published must not grow old because nothing new can be published.
            await TryAsync(list, () => renew.RunAsync(list, cancellationToken));
        }
    }

    /// <summary>One list that cannot be published, whatever the reason, must not keep another from being published.</summary>
    private async Task TryAsync(string list, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            Log.Stopped(logger, list, problem.Message, problem is SigningException or LedgerBrokenException or NotCountersignedException ? null : problem);
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

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "List {List} cannot be published: {Problem} What is published stays in force until its metadata expires.")]
        public static partial void Stopped(ILogger logger, string list, string problem, Exception? unforeseen);
    }
}
