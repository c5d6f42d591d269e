using BlockList.Format;
using BlockList.Server.Oversight;
using BlockList.Server.Publishing.Alarms;
using Npgsql;

namespace BlockList.Server.Publishing.Gates;

/// <summary>Has people decide about what a gate holds: rows, an audit row and the alarm.</summary>
internal sealed partial class HoldVersion(NpgsqlDataSource database, TimeProvider clock, ILogger<HoldVersion> logger)
{
    /// <summary>Writes down what waits for a person, and raises the alarm, in the transaction that lets the rest out.</summary>
    public async Task<HeldRow?> RunAsync(NpgsqlConnection connection, string list, Serial serial, GatedList gated, (long Position, DateTimeOffset Instant) at, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var held = await StoreHeld.RunAsync(connection, list, serial, gated.Step, gated.IsUrgent, gated.Open, at, () => Guid.CreateVersion7(now), cancellationToken);
        if (held is not null)
        {
            await AuditLog.AppendAsync(connection, "publisher", "version.hold", held.Id.ToString(), new() { ["list"] = list, ["gates"] = string.Join(' ', GateText.Print(held.Gates)), ["added"] = held.Added, ["removed"] = held.Removed }, cancellationToken);
            await AlarmStore.RaiseAsync(connection, Guid.CreateVersion7(now), StoreHeld.CauseOf(list, held.Gates), list, AlarmStore.Held, $"A version of list {list} is held: {held.Describe()}. Somebody who decided none of it looks at it under Held versions, and confirms or discards it.", cancellationToken);
        }
        // A slot may have let out what the ceiling held, and a person's word ends an alarm of either kind.
        var (ofSlot, ofCeiling) = await StoreHeld.AwaitedAsync(connection, list, cancellationToken);
        if (!ofSlot) await AlarmStore.ClearAsync(connection, StoreHeld.CauseOf(list, Gate.None), cancellationToken);
        if (!ofCeiling) await AlarmStore.ClearAsync(connection, StoreHeld.CauseOf(list, Gate.Ceiling), cancellationToken);
        await TellOfDiscardedAsync(connection, list, gated.KeptByDiscard, now, cancellationToken);
        return held;
    }

    /// <summary>Nobody's no is forgotten: while it keeps entries on the list that no decision keeps there, the whole list grows old.</summary>
    private static Task TellOfDiscardedAsync(NpgsqlConnection connection, string list, int kept, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var cause = $"discarded:{list}";
        return kept == 0 ? AlarmStore.ClearAsync(connection, cause, cancellationToken)
            : AlarmStore.RaiseAsync(connection, Guid.CreateVersion7(now), cause, list, AlarmStore.Held, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{kept} entries of list {list} are not decided any more and stay on it: somebody discarded the version that takes them off. Until they are gone, or decided anew, the list does not count as looked after, and providers withdraw all of it when its lease is over. Somebody who decided none of it confirms that version after all (Held versions), or agencies decide about the entries again."), cancellationToken);
    }

    /// <summary>What a gate holds is asked of people also where the version was refused that lets the rest out: their word may be what is missing.</summary>
    public async Task UnpublishedAsync(string list, CurrentState current, AssembledList assembled, GatedList gated, (long Position, DateTimeOffset Instant) at, CancellationToken cancellationToken)
    {
        if (current.Serial is not { } serial || gated.Step.Closed == Gate.None) return;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var held = await RunAsync(connection, list, serial, gated with { Step = gated.Step.Unpublished(current.List, assembled.List) }, at, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Tell(list, held);
    }

    /// <summary>Somebody is paged once it is committed.</summary>
    public void Tell(string list, HeldRow? held)
    {
        if (held is not null) Log.Held(logger, list, held.Describe());
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "A version of {List} is held: {Why}. What can go out went out; the rest waits until somebody who decided none of it confirms or discards it (page Held versions).")]
        public static partial void Held(ILogger logger, string list, string why);
    }
}
