namespace BlockList.Server.Publishing.Pages;

/// <summary>One version with its difference to the one before, or the difference of any two.</summary>
/// <param name="List">Their list.</param>
/// <param name="From">The version that is compared with; null for the first one.</param>
/// <param name="To">The version that is shown.</param>
/// <param name="IsDiff">Two versions that a person chose.</param>
/// <param name="HasLater">Whether a version follows <paramref name="To"/>.</param>
/// <param name="Added">In <paramref name="To"/> and not in <paramref name="From"/>.</param>
/// <param name="Removed">In <paramref name="From"/> and not in <paramref name="To"/>.</param>
/// <param name="Deciders">By episode, those that the viewer may know.</param>
/// <param name="AddedAfter">Where the page of additions began.</param>
/// <param name="RemovedAfter">Where the page of removals began.</param>
internal sealed record VersionModel(string List, PublishedVersion? From, PublishedVersion To, bool IsDiff, bool HasLater, ChangePage Added, ChangePage Removed,
    IReadOnlyDictionary<Guid, IReadOnlyList<Decider>> Deciders, ChangeKey AddedAfter, ChangeKey RemovedAfter)
{
    public int FromSerial => From?.Serial ?? 0;

    /// <summary>Of this page, without the keys of its parts.</summary>
    public string Address => FormattableString.Invariant(IsDiff ? $"/lists/{List}/versions/diff?from={FromSerial}&to={To.Serial}" : (FormattableString)$"/lists/{List}/versions/{To.Serial}?");

    /// <summary>Of the same difference as a file.</summary>
    public string DiffFile => FormattableString.Invariant($"/lists/{List}/versions/diff.csv?from={FromSerial}&to={To.Serial}");

    /// <summary>Of this page with other parts; the part that is not named stays where it is.</summary>
    public string With(ChangeKey? added = null, ChangeKey? removed = null) => $"{Address}&added={added ?? AddedAfter}&removed={removed ?? RemovedAfter}";
}
