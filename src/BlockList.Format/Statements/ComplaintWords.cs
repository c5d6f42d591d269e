using System.Buffers;

namespace BlockList.Format.Statements;

/// <summary>The words of decisions about complaints.</summary>
public static class ComplaintWords
{
    private const int LongestReference = 32;
    private const int LongestCriterion = 16;

    private static readonly SearchValues<char> ReferenceCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
    private static readonly SearchValues<char> CriterionCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>Whether this can be the reference of a complaint: 1 to 32 of <c>A-Z</c>, <c>0-9</c> and <c>-</c>, so that no address, no
    /// name and no sentence is signed for ever in its place.</summary>
    public static bool IsReference(string? text) => text is { Length: > 0 and <= LongestReference } && !text.AsSpan().ContainsAnyExcept(ReferenceCharacters);

    /// <summary>Whether this can be the id of a criterion, such as <c>c2</c>.</summary>
    public static bool IsCriterion(string text) => text.Length is > 0 and <= LongestCriterion && !text.AsSpan().ContainsAnyExcept(CriterionCharacters);

    public static string Print(ComplaintOutcome outcome) => outcome switch
    {
        ComplaintOutcome.Upheld => "upheld",
        ComplaintOutcome.Cleaned => "cleaned",
        ComplaintOutcome.Partly => "partly",
        ComplaintOutcome.Rejected => "rejected",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    public static bool TryParse(string text, out ComplaintOutcome outcome)
    {
        var found = OutcomeOf(System.Text.Encoding.UTF8.GetBytes(text));
        outcome = found ?? default;
        return found is not null;
    }

    /// <summary>The outcome of a word, or null for none that this reader knows.</summary>
    internal static ComplaintOutcome? OutcomeOf(ReadOnlySpan<byte> word)
    {
        if (word.SequenceEqual("upheld"u8)) return ComplaintOutcome.Upheld;
        if (word.SequenceEqual("cleaned"u8)) return ComplaintOutcome.Cleaned;
        if (word.SequenceEqual("partly"u8)) return ComplaintOutcome.Partly;
        return word.SequenceEqual("rejected"u8) ? ComplaintOutcome.Rejected : null;
    }
}
