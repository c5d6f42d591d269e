using BlockList.Format;
using BlockList.Format.Lists;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Publishing.Gates;

/// <summary>Keeps the rows of held versions as a run leaves them, inside its transaction: what waits no more is over, what waits
/// anew is there for people to decide about.</summary>
internal static class StoreHeld
{
    /// <summary>Of the alarm that stands while something is held.</summary>
    public static string CauseOf(string list, Gate gates) => gates.HasFlag(Gate.Ceiling) ? $"ceiling:{list}" : $"held:{list}";

    /// <summary>Whether something held still waits for a person's word: by the gates of a slot, and by the ceiling of a day.</summary>
    public static async Task<(bool OfSlot, bool OfCeiling)> AwaitedAsync(NpgsqlConnection connection, string list, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select coalesce(bool_or(not 'ceiling' = any (h.gates)), false), coalesce(bool_or('ceiling' = any (h.gates)), false) from publishing.held h
            where h.list = $1 and not exists (select from publishing.held_end e where e.held_id = h.id)
              and not exists (select from publishing.version_decision d join publishing.ledger l on l.kind = 'version' and l.decision_id = d.id and l.outcome = 'accepted' where d.held_id = h.id)
            """, connection);
        command.Parameters.AddWithValue(list);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetBoolean(0), reader.GetBoolean(1));
    }

    /// <param name="connection">With the run's transaction.</param>
    /// <param name="list">The list.</param>
    /// <param name="serial">The newest version, this run's where it made one.</param>
    /// <param name="step">What the gates said.</param>
    /// <param name="isUrgent">Whether the run was for what cannot wait.</param>
    /// <param name="open">What was held before.</param>
    /// <param name="at">Ledger position and instant of the computation.</param>
    /// <param name="newId">Of a row.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    /// <returns>What is held now and was not before, or null.</returns>
    public static async Task<HeldRow?> RunAsync(NpgsqlConnection connection, string list, Serial serial, NextStep step, bool isUrgent, IReadOnlyList<HeldVersion> open,
        (long Position, DateTimeOffset Instant) at, Func<Guid> newId, CancellationToken cancellationToken)
    {
        var (waiting, held) = (step.List, step.Held);
        var change = step.Closed == Gate.None ? null
            : Delta.Between(serial, waiting, serial.Next(), waiting.Except(held.Removals).Union(held.Additions));
        var isKept = false;
        foreach (var version in open)
        {
            if (version.Said is not null)
            {
                // Decided, and over as soon as nothing of it waits any more.
                var isWaiting = version.Change.Added.Any(line => step.AdditionsWaiting.Contains(line)) || version.Change.Removed.Any(line => step.RemovalsWaiting.Contains(line));
                if (!isWaiting) await EndAsync(connection, version.Id, version.IsConfirmed ? "published" : "settled", serial, cancellationToken);
                continue;
            }
            // Whichever run held it: the same is not held twice.
            if (change is not null && !isKept && Hashes.Sha256(change.ToBytes()) == version.ChangeSha256) isKept = true;
            else if (IsAskedAgain(version.Gates, step.Closed, isUrgent) || IsPublished(version, step)) await EndAsync(connection, version.Id, IsPublished(version, step) ? "published" : "overtaken", serial, cancellationToken);
        }
        if (change is null || isKept) return null;
        var row = new HeldRow(newId(), step.Closed, change.Added.Count, change.Removed.Count, StepLimits.MayAdd(waiting.Count),
            step.Closed == Gate.Ceiling ? StepLimits.UrgentCeiling(waiting.Count) : StepLimits.MayRemove(waiting.Count));
        await InsertAsync(connection, list, serial, row, change.ToBytes(), at, cancellationToken);
        return row;
    }

    /// <summary>An urgent run says nothing of what the gates of a slot hold, nor the other way round; of an empty list both do.</summary>
    private static bool IsAskedAgain(Gate gates, Gate closed, bool isUrgent) =>
        isUrgent ? gates.HasFlag(Gate.Ceiling) || (gates == Gate.Empty && closed.HasFlag(Gate.Empty)) : !gates.HasFlag(Gate.Ceiling);

    /// <summary>Whether all of it came to pass without anyone's word.</summary>
    private static bool IsPublished(HeldVersion version, NextStep step) =>
        version.Change.Added.All(step.List.Contains) && !version.Change.Removed.Any(step.List.Contains);

    private static async Task InsertAsync(NpgsqlConnection connection, string list, Serial serial, HeldRow row, byte[] change, (long Position, DateTimeOffset Instant) at, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            insert into publishing.held (id, list, gates, serial, change, added, removed, may_add, may_remove, ledger_position, evaluated_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """, connection);
        command.Parameters.AddWithValue(row.Id);
        command.Parameters.AddWithValue(list);
        command.Parameters.AddWithValue(GateText.Print(row.Gates));
        command.Parameters.AddWithValue(serial.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Bytea, change);
        command.Parameters.AddWithValue(row.Added);
        command.Parameters.AddWithValue(row.Removed);
        command.Parameters.AddWithValue((int)row.MayAdd);
        command.Parameters.AddWithValue((int)row.MayRemove);
        command.Parameters.AddWithValue(at.Position);
        command.Parameters.AddWithValue(at.Instant);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task EndAsync(NpgsqlConnection connection, Guid held, string outcome, Serial serial, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("insert into publishing.held_end (held_id, outcome, serial) values ($1, $2, $3) on conflict do nothing", connection);
        command.Parameters.AddWithValue(held);
        command.Parameters.AddWithValue(outcome);
        command.Parameters.AddWithValue(serial.Value);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>A version that was held just now.</summary>
internal sealed record HeldRow(Guid Id, Gate Gates, int Added, int Removed, long MayAdd, long MayRemove)
{
    /// <summary>For logs and alarms: counts, never a name.</summary>
    public string Describe()
    {
        var parts = new List<string>();
        if (Gates.HasFlag(Gate.Growth)) parts.Add($"it would add {Added} entries, {MayAdd} may come at once");
        if (Gates.HasFlag(Gate.Shrinkage)) parts.Add($"it would remove {Removed} entries, {MayRemove} may go at once");
        if (Gates.HasFlag(Gate.Empty)) parts.Add("it would empty the list");
        if (Gates.HasFlag(Gate.Ceiling)) parts.Add($"{(Removed == 1 ? "1 more entry was" : $"{Removed} more entries were")} to be removed at once, {MayRemove} may be within a day");
        return string.Join(" and ", parts);
    }
}
