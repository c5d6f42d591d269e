using System.Globalization;
using BlockList.Format.Lists;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Gates;

namespace BlockList.Server.Verifying;

/// <summary>Whether a proposed list went through the gates: what changes more than a version may needs the word of a person who
/// decided none of it, and the verifier wants to have read that word itself.</summary>
internal static class GateRules
{
    /// <summary>Why nobody let the list through, or null.</summary>
    /// <param name="form">One of <see cref="CandidateForm"/>.</param>
    /// <param name="previous">The version before.</param>
    /// <param name="proposed">What the publisher wants signed.</param>
    /// <param name="settled">What people said, each word verified.</param>
    public static string? FindObjection(string form, ListFile previous, ListFile proposed, Settled settled)
    {
        var added = proposed.Except(previous).Except(settled.ConfirmedAdditions).Count;
        if (added > StepLimits.MayAdd(previous.Count)) return Text($"it adds {added} entries where {StepLimits.MayAdd(previous.Count)} may come at once, and nobody confirmed them.");
        var removed = previous.Except(proposed).Except(settled.ConfirmedRemovals).Count;
        if (form == CandidateForm.Urgent)
            return removed > StepLimits.UrgentCeiling(previous.Count) ? Text($"it removes {removed} entries at once where {StepLimits.UrgentCeiling(previous.Count)} may go within a day, and nobody confirmed them.") : null;
        if (removed > StepLimits.MayRemove(previous.Count)) return Text($"it removes {removed} entries where {StepLimits.MayRemove(previous.Count)} may go at once, and nobody confirmed that.");
        return removed > 0 && proposed.Count == 0 ? "it empties the list, and its owner did not say so." : null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
