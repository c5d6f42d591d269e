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
    /// <param name="day">What the versions of the last 24 hours changed that led to the one before, and nobody confirmed.</param>
    /// <param name="isSuspended">Whether an entry that is removed waits for the outcome of a complaint or review.</param>
    public static string? FindObjection(string form, ListFile previous, ListFile proposed, Settled settled, (int Added, int Freed) day, Func<string, bool> isSuspended)
    {
        var added = Added(previous, proposed, settled);
        if (added > StepLimits.MayAdd(previous.Count)) return Text($"it adds {added} entries where {StepLimits.MayAdd(previous.Count)} may come at once, and nobody confirmed them.");
        if (added > 0 && added + day.Added > MayAddInADay(previous.Count)) return Text($"it adds {added} entries to {day.Added} within a day, where {MayAddInADay(previous.Count)} may come, and nobody confirmed them. More come when the day is over, or with the word of a person where more than {StepLimits.MayAdd(previous.Count)} wait at once.");
        var removed = previous.Except(proposed).Except(settled.ConfirmedRemovals);
        if (proposed.Count == 0 && previous.Except(settled.OwnersRemovals) is { Count: > 0 } unowned && !(form == CandidateForm.Urgent && unowned.Lines.All(isSuspended))) return "it empties the list, and its owner did not say so.";
        if (form == CandidateForm.Urgent)
            return removed.Count + day.Freed > StepLimits.UrgentCeiling(previous.Count) ? Text($"it removes {removed.Count} entries at once after {day.Freed} within a day, where {StepLimits.UrgentCeiling(previous.Count)} may go, and nobody confirmed them.") : null;
        return removed.Count > StepLimits.MayRemove(previous.Count) ? Text($"it removes {removed.Count} entries where {StepLimits.MayRemove(previous.Count)} may go at once, and nobody confirmed that.") : null;
    }

    /// <summary>What a version that passed is remembered by.</summary>
    public static SignedStep StepOf(Candidate asked, ListFile previous, ListFile proposed, Settled settled) => new(asked.Previous?.Serial.Value ?? 0,
        Added(previous, proposed, settled), asked.Form is CandidateForm.Urgent or CandidateForm.Broken ? previous.Except(proposed).Except(settled.ConfirmedRemovals).Count : 0, asked.EvaluatedAt);

    /// <summary>Four full versions: more than any schedule has slots in a day, and far less than whoever makes one a minute would like.</summary>
    private static long MayAddInADay(int entries) => 4 * StepLimits.MayAdd(entries);

    private static int Added(ListFile previous, ListFile proposed, Settled settled) => proposed.Except(previous).Except(settled.ConfirmedAdditions).Count;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
