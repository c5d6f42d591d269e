using System.Globalization;
using BlockList.Agent.Content;
using BlockList.Format;
using BlockList.Format.Lists;

namespace BlockList.Agent.Enforcing;

/// <summary>
/// How much one version may change, the same as the publisher's gates: whoever takes the publisher over moves a provider's
/// filter no faster than this. Additions and removals count each for themselves, since a list that is replaced by another one of
/// the same size neither grows nor shrinks.
/// </summary>
internal static class Brakes
{
    /// <summary>Whether a version stands so far ahead that only a person can take it.</summary>
    public static bool IsJump(Serial from, Serial to) => to.Value - (long)from.Value > StepLimits.FurthestJump;

    /// <summary>What one step must leave undone, or null where it may be taken whole.</summary>
    public static Hold? On(Step step)
    {
        if (step.Approved) return null;
        var versions = Math.Max(1, step.To.Version.Value - (long)step.From.Version.Value);
        var mayAdd = versions * StepLimits.MayAdd(step.From.Count);
        var mayRemove = versions * StepLimits.MayRemove(step.From.Count);
        var adds = step.Added.Count > mayAdd;
        var empties = step.To.Count == 0 && step.From.Count > 0;
        var removes = step.Removed.Count > mayRemove || empties;
        var freed = step.Urgent && versions == 1 ? Math.Min(step.Removed.Count, StepLimits.UrgentCeiling(step.From.Count)) : 0;
        var removals = removes ? ListFile.OfLines(step.Removed.Lines.Skip(freed)) : ListFile.Empty;
        if (!adds && removals.Count == 0) return null;

        var reasons = new List<string>();
        if (adds) reasons.Add(string.Create(CultureInfo.InvariantCulture, $"adds {step.Added.Count} entries where at most {mayAdd} may come"));
        if (removals.Count > 0 && !empties) reasons.Add(string.Create(CultureInfo.InvariantCulture, $"removes {step.Removed.Count} entries where at most {mayRemove} may go"));
        if (removals.Count > 0 && empties) reasons.Add("empties the list");
        return new Hold(step.To.Version, string.Join(" and ", reasons), adds ? step.Added : ListFile.Empty, removals);
    }
}
