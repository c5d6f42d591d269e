using BlockList.Format.Lists;

namespace BlockList.Server.Publishing.Gates;

/// <summary>
/// What of a list as it should be goes into the next version, and what waits: the gates, as one pure function. Whatever they
/// hold, a version is <c>before</c> with some of the entries added that should be on the list, and some of those removed that
/// should not: it never lists what the decisions do not list, and never frees what they do not free.
/// </summary>
/// <param name="List">The next version; the one before where nothing may change.</param>
/// <param name="AdditionsWaiting">Entries that should be on the list and are not in this version.</param>
/// <param name="RemovalsWaiting">Entries that should not be on it any more and are in this version.</param>
/// <param name="Closed">The gates that hold something; none where only the next slot is awaited, or a person said no before.</param>
/// <param name="Held">What a person is asked about.</param>
internal sealed record NextStep(ListFile List, ListFile AdditionsWaiting, ListFile RemovalsWaiting, Gate Closed, HeldStep Held)
{
    /// <summary>Nobody decides about names that the operator makes up for tests.</summary>
    public static NextStep Ungated(ListFile entries) => new(entries, ListFile.Empty, ListFile.Empty, Gate.None, HeldStep.Nothing);

    /// <summary>A version of a slot: all that is decided, unless it is too much at once.</summary>
    /// <param name="before">The version before; empty before the first.</param>
    /// <param name="entries">The list as the decisions have it.</param>
    /// <param name="causeOf">Asked of entries that are to be removed.</param>
    /// <param name="settled">What people said.</param>
    /// <param name="ceilingLeft">How many may be removed at once until the day is over.</param>
    public static NextStep OfSlot(ListFile before, ListFile entries, Func<string, RemovalCause> causeOf, Settled settled, int ceilingLeft)
    {
        var additions = entries.Except(before).Except(settled.DiscardedAdditions);
        var removals = before.Except(entries).Except(settled.DiscardedRemovals);
        var unseenRemovals = removals.Except(settled.ConfirmedRemovals).Count;
        var closed = Gate.None;
        if (additions.Except(settled.ConfirmedAdditions).Count > StepLimits.MayAdd(before.Count)) closed |= Gate.Growth;
        if (unseenRemovals > StepLimits.MayRemove(before.Count)) closed |= Gate.Shrinkage;

        var added = closed == Gate.None ? additions : additions.Intersect(settled.ConfirmedAdditions);
        // By what really comes: additions that another gate holds keep no list from being empty.
        if (removals.Count == before.Count && added.Count == 0 && removals.Except(settled.OwnersRemovals).Count > 0) closed |= Gate.Empty;
        if (closed.HasFlag(Gate.Empty)) settled = settled.OfOwner;
        var isShut = (closed & (Gate.Shrinkage | Gate.Empty)) != 0;
        // Held by growth, it lets all removals out at once; held because too much would go, those that somebody innocent may wait for.
        var removed = isShut ? AtOnce(removals, causeOf, RemovalCause.Suspension, settled, ceilingLeft) : removals;
        var list = before.Except(removed).Union(added);
        var held = closed == Gate.None ? HeldStep.Nothing : new HeldStep(additions.Except(added), isShut ? removals.Except(removed) : ListFile.Empty);
        return new NextStep(list, entries.Except(list), list.Except(entries), closed, held);
    }

    /// <summary>A version at once, which only removes: what people decided, as far as a day's ceiling goes. Lapses wait for the slot.</summary>
    public static NextStep Urgent(ListFile before, ListFile entries, Func<string, RemovalCause> causeOf, Settled settled, int ceilingLeft)
    {
        var removals = before.Except(entries).Except(settled.DiscardedRemovals);
        var decided = ListFile.OfLines(removals.Lines.Where(line => causeOf(line) != RemovalCause.Time));
        var removed = AtOnce(decided, causeOf, RemovalCause.Decision, settled, ceilingLeft);
        var closed = removed.Count < decided.Count ? Gate.Ceiling : Gate.None;
        if (removed.Count == before.Count && removed.Except(settled.OwnersRemovals).Lines.Any(line => causeOf(line) != RemovalCause.Suspension))
        {
            removed = AtOnce(decided, causeOf, RemovalCause.Suspension, settled.OfOwner, ceilingLeft);
            closed |= Gate.Empty;
        }
        var list = before.Except(removed);
        return new NextStep(list, entries.Except(list), list.Except(entries), closed, closed == Gate.None ? HeldStep.Nothing : new HeldStep(ListFile.Empty, decided.Except(removed)));
    }

    /// <summary>The same where the version that it makes was not published: the one before stays, all waits, and people are asked what they
    /// would have been asked.</summary>
    public NextStep Unpublished(ListFile before, ListFile entries) => this with { List = before, AdditionsWaiting = entries.Except(before), RemovalsWaiting = before.Except(entries) };

    /// <summary>What was confirmed, and of the rest the gravest as far as the ceiling goes, suspensions first.</summary>
    private static ListFile AtOnce(ListFile removals, Func<string, RemovalCause> causeOf, RemovalCause least, Settled settled, int ceilingLeft)
    {
        var confirmed = removals.Intersect(settled.ConfirmedRemovals);
        return confirmed.Union(ListFile.OfLines(removals.Except(confirmed).Lines.Select(line => (Line: line, Cause: causeOf(line)))
            .Where(r => r.Cause >= least).OrderByDescending(r => r.Cause).Take(Math.Max(0, ceilingLeft)).Select(r => r.Line)));
    }
}

/// <summary>A change that a person is asked about.</summary>
internal sealed record HeldStep(ListFile Additions, ListFile Removals)
{
    public static HeldStep Nothing { get; } = new(ListFile.Empty, ListFile.Empty);
}
