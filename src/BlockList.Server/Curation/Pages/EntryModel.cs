using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Curation.Reading;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Curation.Pages;

/// <summary>All that a person may see of a name: one panel for each list.</summary>
/// <param name="HasConflict">Whether the person declared a conflict of interest.</param>
/// <param name="Done">What the step before did.</param>
/// <param name="Problem">Why a form came back.</param>
/// <param name="Failed">Which form that was.</param>
internal sealed record EntryModel(Guid Handle, string Name, Scope Scope, IReadOnlyList<EntryPanel> Panels, bool HasConflict, Guid Submission, DateTimeOffset Now,
    FormValues Values, IReadOnlyList<FieldError> Errors, string? Done, string? Problem, string? Failed, IReadOnlyDictionary<string, int> Navigation);

/// <summary>An entry on one list.</summary>
/// <param name="State">As this person may know it.</param>
/// <param name="IsBlind">The person's agency has not voted: no decisions are here to show.</param>
/// <param name="Timeline">Newest first; empty where blind.</param>
/// <param name="Earlier">Closed episodes, newest first.</param>
internal sealed record EntryPanel(string List, EntryState State, int? PublishedSince, bool IsOpen, bool IsBlind, bool IsOverdue, DateTimeOffset? NewestSighting, DateTimeOffset? LapsesAt,
    int? MetAgencies, int? MetCountries, int AgenciesNeeded, int CountriesNeeded, IReadOnlyList<ReferenceRow> References, IReadOnlyList<NotificationRow> Notifications,
    ClaimRow? Claim, IReadOnlyList<ColleagueRow> Colleagues, IReadOnlyList<TimelineRow> Timeline, IReadOnlyList<EpisodeRow> Earlier, EntryActions Actions,
    GuardPanel Guard)
{
    /// <summary>That providers leave it out by never-block files of their own; null where none does, or the person is not to know.</summary>
    public ReReviewRow? LeftOut { get; init; }
}

/// <summary>The never-block guard and an entry.</summary>
/// <param name="Holds">What its last run has against the entry, the gravest first.</param>
/// <param name="OfName">What it says of the name alone, where nothing of a run is to be shown.</param>
/// <param name="NamesPeople">Whether those who decided may be named.</param>
internal sealed record GuardPanel(IReadOnlyList<GuardHold> Holds, NameProblem? OfName, bool NamesPeople)
{
    public bool IsTouched => Holds.Any(h => h.IsTouched);
}

/// <summary>What this person may do here.</summary>
/// <param name="Again">Whether an assessment would replace one of the person's agency.</param>
/// <param name="Override">Rules of the never-block guard that they may override.</param>
/// <param name="Enforce">Rules that they may ask to hold.</param>
internal sealed record EntryActions(bool Assess, bool Again, bool Sight, bool Withdraw, bool Remove, bool Annotate, string? WhyNotRemove, IReadOnlyList<string> Override, IReadOnlyList<string> Enforce);

internal sealed record NotificationRow(string Kind, string? Country, string? Number, DateTimeOffset SentAt, string? AgencyName);

internal sealed record ColleagueRow(string Id, string Name);

internal sealed record TimelineRow(Guid Id, string Kind, string Person, string AgencyName, string PersonName, DateTimeOffset At, IReadOnlyList<(string Criterion, Verdict Verdict)> Verdicts, int? CriteriaVersion,
    DateTimeOffset? SightedAt, ReferenceRow? Reference, string? Note, bool IsReplaced, string? Rule, string? Case, ComplaintOutcome? Outcome)
{
    /// <summary>Whether it is a vote of this person.</summary>
    public bool IsOf(Viewer viewer) => Person == viewer.Person && Kind is ("proposal" or "assessment" or "withdrawal");
}

internal sealed record EpisodeRow(EntryState State, DateTimeOffset OpenedAt, DateTimeOffset ClosedAt, IReadOnlyList<TimelineRow> Timeline);
