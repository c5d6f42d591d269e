using System.Globalization;
using BlockList.Format.Lists;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Gates;

namespace BlockList.Server.Verifying;

/// <summary>What a proposed list of each form must be, by set rules alone.</summary>
internal static class FormRules
{
    /// <summary>Why the list is not what its form says, or null.</summary>
    /// <param name="form">One of <see cref="CandidateForm"/>.</param>
    /// <param name="previous">The version before; for a list that stays, itself.</param>
    /// <param name="decided">What is decided, as the verifier derived it for the same instant; of no account where nothing is evaluated.</param>
    /// <param name="proposed">What the publisher wants signed.</param>
    /// <param name="settled">What people said is not to be, by authentic words in the ledger.</param>
    /// <param name="isOutByDecision">Whether a line that is not in <paramref name="decided"/> is out because somebody decided so, and
    /// not because its lease ran out.</param>
    public static string? FindObjection(string form, ListFile previous, ListFile decided, ListFile proposed, Settled settled, Func<string, bool> isOutByDecision) => form switch
    {
        CandidateForm.Full => Differs(decided, proposed, "what is decided"),
        CandidateForm.Partial => OfPartial(previous, decided, proposed, settled.DiscardedRemovals),
        CandidateForm.Urgent => OfUrgent(previous, decided, proposed, settled.ConfirmedRemovals, isOutByDecision),
        CandidateForm.Unchanged => Differs(previous, proposed, "the version that it evaluates again") ?? OfUnchanged(decided, proposed, settled.DiscardedAdditions),
        CandidateForm.Resigned => Differs(previous, proposed, "the version that it signs anew"),
        _ => "the verifier knows no form of this name.",
    };

    /// <summary>All that it lists is decided still; what is decided beside that waits for a person, and nothing else waits: a version that
    /// somebody held for months would otherwise grow too old for agents to follow.</summary>
    private static string? OfUnchanged(ListFile decided, ListFile proposed, ListFile discarded)
    {
        if (proposed.Except(decided) is { Count: > 0 } undecided) return Text($"{undecided.Count} of its entries are not decided any more.");
        var waiting = decided.Except(proposed).Except(discarded).Count;
        return waiting > 0 && waiting <= StepLimits.MayAdd(proposed.Count) ? Text($"{waiting} entries that are decided are not in it, and no gate holds them.") : null;
    }

    /// <summary>It lists nothing new that is not decided and frees nothing that is. What is decided may wait for a person, but removals
    /// only where they are more than may go at once: else whoever took the publisher over could hold them back for ever.</summary>
    private static string? OfPartial(ListFile previous, ListFile decided, ListFile proposed, ListFile discarded)
    {
        if (proposed.Except(previous).Except(decided) is { Count: > 0 } added) return Text($"it adds {added.Count} entries that are not decided.");
        if (previous.Except(proposed).Intersect(decided) is { Count: > 0 } removed) return Text($"{removed.Count} of the entries that it removes are decided.");
        var waiting = proposed.Except(decided).Except(discarded).Count;
        var due = previous.Except(decided).Except(discarded).Count;
        return waiting > 0 && due <= StepLimits.MayRemove(previous.Count) && due < previous.Count
            ? Text($"{waiting} entries that are not decided any more stay in it, and no gate holds them.")
            : null;
    }

    /// <summary>It takes off what people decided about, each entry by itself; what only lapsed goes where a person confirmed that very step.</summary>
    private static string? OfUrgent(ListFile previous, ListFile decided, ListFile proposed, ListFile confirmed, Func<string, bool> isOutByDecision)
    {
        if (proposed.Except(previous) is { Count: > 0 } added) return Text($"an urgent version only removes, and this one adds {added.Count} entries.");
        var removed = previous.Except(proposed);
        if (removed.Count == 0) return "an urgent version removes something, and this one removes nothing.";
        if (removed.Intersect(decided) is { Count: > 0 } kept) return Text($"{kept.Count} of the entries that it removes are decided.");
        return removed.Except(confirmed).Lines.Count(line => !isOutByDecision(line)) is > 0 and var lapsed
            ? Text($"{lapsed} of the entries that it removes only lapsed, and wait for the slot.")
            : null;
    }

    private static string? Differs(ListFile right, ListFile proposed, string what) => proposed.HasEntriesOf(right) ? null
        : Text($"the list differs from {what}: it has {proposed.Except(right).Count} entries too many and {right.Except(proposed).Count} too few.");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
