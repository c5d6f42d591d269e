using BlockList.Format.Statements;
using BlockList.Server.Publishing.Alarms;
using Npgsql;

namespace BlockList.Server.Publishing;

/// <summary>Publishes at once what cannot wait for a slot: what people decided to be taken off a list, and what was held and is
/// confirmed now. Asking again finds nothing and changes nothing.</summary>
internal sealed class PublishUrgent(NpgsqlDataSource database, PinnedRegister pinned, PublishVersion publish, WatchLists watch)
{
    private const int MostTries = 3;

    /// <returns>Whether nothing was in the way; else it is worth another look soon.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (await watch.TakeRegisterAsync(pinned, cancellationToken) is not { } register) return false;
        var isDone = true;
        foreach (var list in register.Lists.Values.Where(list => list.TestDomain is null))
            isDone &= await watch.TryAsync(list.Id, WatchLists.Removing, () => RunAsync(list, cancellationToken), cancellationToken);
        return isDone;
    }

    private async Task RunAsync(RegisteredList list, CancellationToken cancellationToken)
    {
        // Nothing is removed from what was never published.
        if (!await AsksAsync("select exists (select from publishing.head where list = $1)", list.Id, cancellationToken)) return;
        // Another publisher may be first once or twice; more often the next look is soon enough.
        for (var tries = 1; await publish.RunAsync(list.Id, new PublishCause.Urgent(), cancellationToken) is PublishOutcome.Overtaken; tries++)
            if (tries == MostTries) throw new OvertakenException();
        if (await AsksAsync("""
            select exists (select from publishing.held h join publishing.version_decision d on d.held_id = h.id and d.action = 'confirm'
              join publishing.ledger l on l.kind = 'version' and l.decision_id = d.id and l.outcome = 'accepted'
              where h.list = $1 and not exists (select from publishing.held_end e where e.held_id = h.id))
            """, list.Id, cancellationToken) && await publish.RunAsync(list.Id, cause: null, cancellationToken) is PublishOutcome.Overtaken) throw new OvertakenException();
    }

    private async Task<bool> AsksAsync(string sql, string list, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(list);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
