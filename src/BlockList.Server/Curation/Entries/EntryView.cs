using BlockList.Format.Statements;

namespace BlockList.Server.Curation.Entries;

/// <summary>A typed identifier in another system.</summary>
internal sealed record TypedReference(string Type, string Number);

/// <summary>One name and scope, on every list that it was ever an entry of.</summary>
/// <param name="Handle">For its address.</param>
/// <param name="Name">A-label.</param>
/// <param name="Scope"><c>domain</c> or <c>host</c>.</param>
/// <param name="HasConflict">The reader declared a conflict of interest.</param>
/// <param name="Episodes">By list, the newest first.</param>
internal sealed record EntryPage(Guid Handle, string Name, string Scope, bool HasConflict, IReadOnlyList<EntryView> Episodes);

/// <summary>One episode of an entry, as its reader may see it.</summary>
/// <param name="List">Id of the list.</param>
/// <param name="PublishedSince">Serial of the version that brought it, of an open episode; null where it is not published.</param>
internal abstract record EntryView(string List, int? PublishedSince)
{
    /// <summary>Open, and to be judged without knowing what others found; there is nothing here that tells.</summary>
    /// <param name="Waits">For an assessment. A disputed entry waits as one does that is new.</param>
    /// <param name="IsOverdue">For longer than fourteen days.</param>
    /// <param name="References">Where to look, in order of type and number, whoever gave them.</param>
    /// <param name="Claim">Of the reader's own agency.</param>
    internal sealed record Blind(string List, int? PublishedSince, bool Waits, bool IsOverdue, IReadOnlyList<TypedReference> References, ClaimView? Claim) : EntryView(List, PublishedSince);

    /// <summary>Over, and the reader's agency had no part in it; what was said is not shown while another episode of the name is to be judged blind.</summary>
    internal sealed record Ended(string List, EpisodeStage Stage) : EntryView(List, (int?)null);

    /// <param name="OwnVote">The newest link of the reader's agency's chain of votes; the next one supersedes it.</param>
    /// <param name="SuspendedFrom">When the clock of a re-review ends or ended.</param>
    internal sealed record Open(string List, int? PublishedSince, EpisodeStage Stage, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, DateTimeOffset NewestSighting, DateTimeOffset LapsesAt,
        DateTimeOffset? SuspendedFrom, bool IsOverdue, bool IsLapsing, int MetAgencies, int MetCountries, IReadOnlyList<string> Voters, Guid? OwnVote,
        IReadOnlyList<TimelineItem> Timeline, IReadOnlyList<AddedReference> References, IReadOnlyList<Notification> Notifications, ClaimView? Claim) : EntryView(List, PublishedSince);
}

/// <summary>A decision, as it was received.</summary>
/// <param name="Verdicts">Of proposals and assessments.</param>
/// <param name="CriteriaVersion">That the verdict was made under.</param>
/// <param name="IsSuperseded">Its agency decided again.</param>
internal sealed record TimelineItem(Guid Id, DecisionKind Kind, string Agency, string AgencyName, string Person, string PersonName, DateTimeOffset At, Verdicts? Verdicts, int? CriteriaVersion,
    DateTimeOffset? SightedAt, TypedReference? Reference, string? Note, bool IsSuperseded);

/// <summary>A reference that someone added beside the decisions.</summary>
internal sealed record AddedReference(TypedReference Reference, string AgencyName, string PersonName, DateTimeOffset AddedAt);

/// <summary>Someone who could have the material taken down was told.</summary>
/// <param name="Kind"><c>ncb</c>, <c>hotline</c> or <c>iccam</c>.</param>
internal sealed record Notification(string Kind, string? Country, string? Number, DateTimeOffset SentAt, string AgencyName, string PersonName, DateTimeOffset AddedAt);
