using System.Globalization;
using BlockList.Format.Lists;
using BlockList.Server.Publishing;

namespace BlockList.Server.Verifying;

/// <summary>What a proposed list of each form must be, by set rules alone.</summary>
internal static class FormRules
{
    /// <summary>Why the list is not what its form says, or null.</summary>
    /// <param name="form">One of <see cref="CandidateForm"/>.</param>
    /// <param name="previous">The version before; for a list that stays, itself.</param>
    /// <param name="decided">What is decided, as the verifier derived it for the same instant; of no account where nothing is evaluated.</param>
    /// <param name="proposed">What the publisher wants signed.</param>
    public static string? FindObjection(string form, ListFile previous, ListFile decided, ListFile proposed) => form switch
    {
        CandidateForm.Full => Differs(decided, proposed, "what is decided"),
        CandidateForm.Part => OfPart(previous, decided, proposed),
        CandidateForm.Unchanged => Differs(previous, proposed, "the version that it evaluates again") ?? Differs(decided, proposed, "what is decided"),
        CandidateForm.Resigned => Differs(previous, proposed, "the version that it signs anew"),
        _ => "the verifier knows no form of this name.",
    };

    private static string? OfPart(ListFile previous, ListFile decided, ListFile proposed)
    {
        if (proposed.HasEntriesOf(previous)) return "a version changes something, and this one changes nothing.";
        if (proposed.Except(previous).Except(decided) is { Count: > 0 } added) return Text($"{added.Count} of the entries that it adds are not decided.");
        return previous.Except(proposed).Intersect(decided) is { Count: > 0 } removed ? Text($"{removed.Count} of the entries that it removes are decided.") : null;
    }

    private static string? Differs(ListFile right, ListFile proposed, string what) => proposed.HasEntriesOf(right) ? null
        : Text($"the list differs from {what}: it has {proposed.Except(right).Count} entries too many and {right.Except(proposed).Count} too few.");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
