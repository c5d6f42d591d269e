using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Format.Tuf;
using BlockList.Server.Publishing.Ledger;
using Npgsql;

namespace BlockList.Server.Publishing.Gates;

/// <summary>What goes into the next version and what waits, with what people said of the versions before.</summary>
internal sealed record GatedList(NextStep Step, IReadOnlyList<HeldVersion> Open, Settled Settled, bool IsUrgent)
{
    /// <summary>Whether nothing waits.</summary>
    public bool IsWhole => Step.AdditionsWaiting.Count == 0 && Step.RemovalsWaiting.Count == 0;

    /// <summary>Whether all that the version lists is decided still.</summary>
    public bool IsCurrent => Step.RemovalsWaiting.Count == 0;

    /// <summary>Entries that nobody decided to keep, and that stay because a person said no to their going.</summary>
    public int KeptByDiscard => Step.RemovalsWaiting.Intersect(Settled.DiscardedRemovals).Count;

    /// <summary>How the verifier is to look at it.</summary>
    public string FormAfter(ListFile before) => OnlyFrees(before) ? CandidateForm.Urgent : IsWhole ? CandidateForm.Full : CandidateForm.Partial;

    /// <summary>What is said of the version.</summary>
    public StepFacts Describe(CurrentState current, DateTimeOffset now) => new(OnlyFrees(current.List),
        // While something that lapsed waits, the list is as old as when it last had all that it should have and nothing else.
        !IsCurrent && current.Facts is { } before ? before.EvaluatedAt : now,
        [.. Open.Where(held => held.IsConfirmed).Select(held => held.Approval).OfType<BulkApproval>()]);

    /// <summary>How many leave at once on one signature each: those that a second person confirmed use up nothing of the day's ceiling.</summary>
    public int FreedFrom(ListFile before) => OnlyFrees(before) ? before.Except(Step.List).Except(Settled.ConfirmedRemovals).Count : 0;

    /// <summary>The list as this version shows it, and the episodes that its entries stand on.</summary>
    public AssembledList Shown(AssembledList assembled) => assembled with { List = Step.List, Episodes = assembled.Episodes.Without(Step.AdditionsWaiting) };

    /// <summary>Whether it is on its way at once and takes nothing but entries off: agents let as many of them go without asking.</summary>
    public bool OnlyFrees(ListFile before) => (IsUrgent || (Step.Closed & (Gate.Shrinkage | Gate.Empty)) != 0) && Step.List.Except(before).Count == 0 && before.Except(Step.List).Count > 0;
}

/// <summary>Puts a list as it should be through the gates.</summary>
internal sealed class GateList(NpgsqlDataSource database)
{
    public async Task<GatedList> RunAsync(RegisteredList list, AgencyRegister register, CurrentState current, AssembledList assembled, PublishCause? cause, LedgerState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var isUrgent = cause is PublishCause.Urgent;
        if (list.TestDomain is not null) return new GatedList(isUrgent ? NextStep.Ungated(current.List) : NextStep.Ungated(assembled.List), [], Settled.Nothing, isUrgent);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var open = await HeldVersion.ReadOpenAsync(connection, list.Id, state.Versions, cancellationToken);
        var began = await BeganAsync(connection, list.Id, current.List.Except(assembled.List), cancellationToken);
        var left = StepLimits.UrgentCeiling(current.List.Count) - await FreedAsync(connection, list.Id, now, cancellationToken);
        var (before, entries, settled) = (current.List, assembled.List, Settled.Of(open, new DiscardedRemovals(state, assembled, list, register, now).Waits));
        return new GatedList(isUrgent ? NextStep.Urgent(before, entries, CauseOf, settled, left) : NextStep.OfSlot(before, entries, CauseOf, settled, left), open, settled, isUrgent);

        RemovalCause CauseOf(string line) => RemovalReason.EpisodeOf(line, began.GetValueOrDefault(line), state, list) is { } episode
            ? RemovalReason.CauseOf(episode, assembled, now, list, register) : RemovalCause.Time;
    }

    /// <summary>The episodes that entries came onto the list with.</summary>
    private static async Task<Dictionary<string, Guid?>> BeganAsync(NpgsqlConnection connection, string list, ListFile lines, CancellationToken cancellationToken)
    {
        var began = new Dictionary<string, Guid?>(StringComparer.Ordinal);
        if (lines.Count == 0) return began;
        await using var command = new NpgsqlCommand("select line, episode_id from publishing.entry where list = $1 and line = any ($2) and removed_serial is null", connection);
        command.Parameters.AddWithValue(list);
        command.Parameters.AddWithValue(lines.Lines.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) began.Add(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetGuid(1));
        return began;
    }

    /// <summary>How many left the list at once within the last day, on one signature each.</summary>
    public static async Task<int> FreedAsync(NpgsqlConnection connection, string list, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select coalesce(sum(coalesce(freed, removed)), 0)::integer from publishing.version where list = $1 and urgent and published_at > $2", connection);
        command.Parameters.AddWithValue(list);
        command.Parameters.AddWithValue(now.AddDays(-1));
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
