using BlockList.Server.Http.Pages;

namespace BlockList.Server.Curation.Importing;

/// <summary>Which rows of an import are asked for.</summary>
/// <param name="Part">Of a name; empty for any.</param>
/// <param name="Kind"><c>proposal</c> or <c>review</c>; empty for both.</param>
/// <param name="State">Of the entry, as the person may know it; null for any.</param>
/// <param name="After">Line, or number of what was found, after which to go on.</param>
internal sealed record RowFilter(string Part, string Kind, EntryState? State, int After)
{
    public static readonly RowFilter None = new("", "", null, 0);

    /// <summary>With their words, in the order in which pages offer them.</summary>
    public static readonly (EntryState State, string Word)[] States =
    [
        (EntryState.Awaiting, "awaiting assessment"), (EntryState.Disputed, "disputed"), (EntryState.Eligible, "eligible"), (EntryState.Published, "published"), (EntryState.LapsingSoon, "lapsing soon"),
        (EntryState.Suspended, "suspended"), (EntryState.Withdrawn, "withdrawn"), (EntryState.Lapsed, "lapsed"), (EntryState.Removed, "removed"), (EntryState.Declined, "declined"),
    ];

    public bool IsAny => Part.Length == 0 && Kind.Length == 0 && State is null;

    /// <summary>From an address; what it does not know it leaves out.</summary>
    public static RowFilter Read(string? part, string? kind, string? state, int after)
    {
        part = (part ?? "").Trim();
        return new RowFilter(part.Length > 260 ? part[..260] : part, kind is "proposal" or "review" ? kind : "",
            Enum.TryParse<EntryState>(state, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null, Math.Max(0, after));
    }
}
