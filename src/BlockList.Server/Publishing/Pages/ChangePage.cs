namespace BlockList.Server.Publishing.Pages;

/// <summary>A page of changes of one kind, those of the newest version first.</summary>
/// <param name="Rows">At most <see cref="ReadChanges.PageSize"/>.</param>
/// <param name="Next">Where the next page begins; null after the last.</param>
/// <param name="IsWhole">Whether these are all there are.</param>
/// <param name="Most">No more than so many, by the counts of the versions.</param>
internal sealed record ChangePage(IReadOnlyList<Change> Rows, ChangeKey? Next, bool IsWhole, long Most)
{
    public static ChangePage None { get; } = new([], null, true, 0);
}
