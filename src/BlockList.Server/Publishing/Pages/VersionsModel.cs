namespace BlockList.Server.Publishing.Pages;

/// <summary>A page of versions, the newest first.</summary>
/// <param name="List">Its list.</param>
/// <param name="Versions">Of the page.</param>
/// <param name="IsFirst">Whether the newest are among them.</param>
/// <param name="Next">Serial before which the next page begins; null after the last.</param>
internal sealed record VersionsModel(string List, IReadOnlyList<PublishedVersion> Versions, bool IsFirst, int? Next);
