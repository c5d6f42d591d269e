using System.Globalization;
using BlockList.Format.Lists;

namespace BlockList.Server.Verifying;

/// <summary>
/// What a version may be that rests on no ledger. Whether the ledger holds is not asked: a verifier that verified it before it was changed
/// could not tell, and whoever lies about it gains nothing but removals that people signed, as few and as late as ever.
/// </summary>
internal static class BrokenRules
{
    /// <summary>Why the list is none that may be signed without the ledger, or null.</summary>
    /// <param name="previous">The version before.</param>
    /// <param name="proposed">What the publisher wants signed.</param>
    /// <param name="mayGo">Entries that release officers removed, or decisions about complaints took off, since the version before was evaluated, by signatures that the verifier checked.</param>
    /// <param name="freed">How many left the list at once in the day before.</param>
    public static string? FindObjection(ListFile previous, ListFile proposed, ListFile mayGo, long freed)
    {
        if (proposed.Except(previous) is { Count: > 0 } added) return Text($"without the ledger entries are only removed, and this version adds {added.Count}.");
        var removed = previous.Except(proposed);
        if (removed.Count == 0) return "without the ledger a version removes something, and this one removes nothing.";
        if (removed.Except(mayGo) is { Count: > 0 } undecided) return Text($"{undecided.Count} of the entries that it removes were not removed by a release officer, suspended or freed by a complaint since the version before was evaluated, and the ledger has no say.");
        if (proposed.Count == 0) return "it empties the list, and its owner's word would have to stand in the ledger.";
        var ceiling = StepLimits.UrgentCeiling(previous.Count);
        return removed.Count + freed > ceiling ? Text($"it removes {removed.Count} entries at once after {freed} in the day before, where {ceiling} may go within a day.") : null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
