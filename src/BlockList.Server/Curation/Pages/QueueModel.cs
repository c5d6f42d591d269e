using BlockList.Format.Names;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Curation.Pages;

/// <summary>A page of the queue.</summary>
/// <param name="Done">What the step before did, in a sentence.</param>
internal sealed record QueueModel(QueueTab Tab, string List, IReadOnlyList<string> Lists, IReadOnlyDictionary<string, int> Counts, IReadOnlyList<QueueRow> Rows,
    bool IsFirstPage, string? After, bool MayAssess, IReadOnlyDictionary<string, int> Navigation, string? Done);

internal sealed record QueueRow(Guid Handle, string Name, Scope Scope, IReadOnlyList<string> References, EntryState State, bool IsOverdue, DateTimeOffset? LapsesAt,
    int? PublishedSince, ClaimRow? Claim, string? Guard);

internal sealed record ClaimRow(string PersonName, DateTimeOffset Until, bool IsMine);
