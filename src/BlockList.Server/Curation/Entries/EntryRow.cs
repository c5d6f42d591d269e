using BlockList.Format.Statements;

namespace BlockList.Server.Curation.Entries;

/// <summary>An entry in a queue or among search results, as its reader may see it.</summary>
/// <param name="Handle">For its address.</param>
/// <param name="List">Id of the list.</param>
/// <param name="Name">A-label.</param>
/// <param name="Scope"><c>domain</c> or <c>host</c>.</param>
/// <param name="PublishedSince">Serial of the version that brought it; null where it is not published.</param>
/// <param name="Claim">Of the reader's own agency.</param>
internal abstract record EntryRow(Guid Handle, string List, string Name, string Scope, int? PublishedSince, ClaimView? Claim)
{
    /// <summary>To be judged without knowing what others found; there is nothing here that tells.</summary>
    /// <param name="Waits">For an assessment. A disputed entry waits as one does that is new.</param>
    /// <param name="IsOverdue">For longer than fourteen days.</param>
    internal sealed record Blind(Guid Handle, string List, string Name, string Scope, int? PublishedSince, ClaimView? Claim, bool Waits, bool IsOverdue)
        : EntryRow(Handle, List, Name, Scope, PublishedSince, Claim);

    /// <summary>Over, without the reader's agency.</summary>
    internal sealed record Ended(Guid Handle, string List, string Name, string Scope, int? PublishedSince, ClaimView? Claim, EpisodeStage Stage)
        : EntryRow(Handle, List, Name, Scope, PublishedSince, Claim);

    internal sealed record Open(Guid Handle, string List, string Name, string Scope, int? PublishedSince, ClaimView? Claim, EpisodeStage Stage, IReadOnlyList<string> Voters,
        DateTimeOffset OpenedAt, DateTimeOffset LapsesAt, DateTimeOffset NewestSighting, bool IsOverdue, bool IsLapsing, bool IsTold)
        : EntryRow(Handle, List, Name, Scope, PublishedSince, Claim);
}

/// <summary>Who of the reader's own agency is at work on an entry.</summary>
/// <param name="Person">Id.</param>
/// <param name="Name">As people know them.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
/// <param name="IsOwn">It is the reader's.</param>
internal sealed record ClaimView(string Person, string Name, DateTimeOffset ExpiresAt, bool IsOwn);
