using BlockList.Server.Http.Pages;

namespace BlockList.Server.Publishing.Gates;

/// <param name="Open">What waits for a person.</param>
/// <param name="Over">What is over, the newest first.</param>
/// <param name="Next">Where older ones begin.</param>
internal sealed record HeldVersionsModel(IReadOnlyList<HeldSummary> Open, IReadOnlyList<HeldSummary> Over, bool IsFirst, DateTimeOffset? Next);

/// <param name="Held">Counts and gates.</param>
/// <param name="Added">A sample of what it would add.</param>
/// <param name="Removed">A sample of what it would remove.</param>
/// <param name="ChangeSha256">Of the whole change.</param>
/// <param name="Words">What people said.</param>
/// <param name="IsOwnWork">The reader decided part of it.</param>
/// <param name="Typed">In the form.</param>
/// <param name="Errors">What is wrong with it.</param>
/// <param name="Problem">Why it came back, where no field is to blame.</param>
/// <param name="Done">What the step before did.</param>
/// <param name="ApproveCommand">What an approver types.</param>
internal sealed record HeldVersionModel(HeldSummary Held, IReadOnlyList<string> Added, IReadOnlyList<string> Removed, string ChangeSha256, IReadOnlyList<HeldWord> Words, bool IsOwnWork,
    TypedWord Typed, IReadOnlyList<FieldError> Errors, string? Problem, string? Done, string ApproveCommand);

/// <summary>What stands in the form.</summary>
internal sealed record TypedWord(string Reason = "", string Approval = "");

/// <summary>Held versions in words.</summary>
internal static class HeldWords
{
    public static string Gates(HeldSummary held)
    {
        var words = new List<string>();
        if (held.Gates.HasFlag(Gate.Growth)) words.Add($"adds {held.Added}, where {held.MayAdd} may come at once");
        if (held.Gates.HasFlag(Gate.Shrinkage)) words.Add($"removes {held.Removed}, where {held.MayRemove} may go at once");
        if (held.Gates.HasFlag(Gate.Empty)) words.Add("would empty the list");
        if (held.Gates.HasFlag(Gate.Ceiling)) words.Add($"removes {held.Removed} more at once, where {held.MayRemove} may within a day");
        return string.Join("; ", words);
    }

    public static string End((string Outcome, int Serial, DateTimeOffset At) end) => end.Outcome switch
    {
        "published" => $"published, with version {end.Serial}",
        "settled" => "discarded, and nothing of it waits any more",
        _ => $"overtaken: after version {end.Serial} something else waited",
    };
}
