using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Publishing.Ledger;

namespace BlockList.Server.Publishing.Gates;

/// <summary>
/// How long a person's no keeps an entry on a list that should not be on it any more: while the reason is the one that they saw.
/// Told from the ledger, so that publisher and verifier tell the same.
/// </summary>
/// <param name="state">All decisions.</param>
/// <param name="assembled">The list as it should be.</param>
/// <param name="list">Its parameters.</param>
/// <param name="register">In force.</param>
/// <param name="instant">That the list is computed for.</param>
internal sealed class DiscardedRemovals(LedgerState state, AssembledList assembled, RegisteredList list, AgencyRegister register, DateTimeOffset instant)
{
    /// <summary>Whether an entry waits still: nothing newer was decided about it, it did not lapse since, and is not suspended, which
    /// frees somebody who may be innocent and asks nobody.</summary>
    public bool Waits(HeldVersion discarded, string line)
    {
        if (!ListedName.TryParse(line, out var name) || state.NewestOf(list.Id, name) is not { } episode) return true;
        if (episode.NewestDecision > discarded.Shown.Position) return false;
        if (RemovalReason.CauseOf(episode, assembled, instant, list, register) == RemovalCause.Suspension) return false;
        return !episode.IsLapsedAt(instant, list) || episode.IsLapsedAt(discarded.Shown.Instant, list);
    }
}
