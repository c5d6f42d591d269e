using BlockList.Format.Names;
using BlockList.Server.Access;
using BlockList.Server.Curation;
using BlockList.Server.Curation.Pages;

namespace BlockList.Server.Complaints.Cases;

/// <summary>A case as officers see it.</summary>
/// <param name="Reference">Of the complaint that leads; statements carry it.</param>
/// <param name="Domain">In A-labels.</param>
/// <param name="Stage">As in <see cref="CaseRow"/>.</param>
/// <param name="IsProven">Somebody proved control of the domain.</param>
/// <param name="IsSuspended">An entry is suspended for it.</param>
/// <param name="IsOversights">Oversight is asked to look at it.</param>
/// <param name="Outcome">The last; null before it.</param>
/// <param name="DecidedAt">When that was.</param>
/// <param name="DecidedBy">Id of who decided it.</param>
/// <param name="DecidedByName">As people know them.</param>
/// <param name="AnsweredFrom">From when on people without proof are told that there is an answer.</param>
/// <param name="IsRegistrable">Whoever proves it may know of entries below.</param>
internal sealed record CaseView(string Reference, string Domain, string Stage, bool IsProven, bool IsSuspended, bool IsOversights, string? Outcome, DateTimeOffset? DecidedAt, string? DecidedBy, string? DecidedByName, DateTimeOffset? AnsweredFrom, bool IsRegistrable)
{
    /// <summary>The one that leads first.</summary>
    public IReadOnlyList<CaseComplaint> Complaints { get; init; } = [];

    /// <summary>Those that run first.</summary>
    public IReadOnlyList<CaseClock> Clocks { get; init; } = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<CaseEvent> Events { get; init; } = [];

    public IReadOnlyList<CaseListing> Entries { get; init; } = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<CaseMail> Mails { get; init; } = [];

    public bool IsOver => Stage is "decided" or "closed";

    public bool IsAppeal => Stage == "appealed";

    /// <summary>Why this person cannot decide it, as a sentence; null where they can.</summary>
    public string? WhyNot(Viewer person)
    {
        if (!person.IsAny(RoleNames.ComplaintsOfficer, RoleNames.Oversight)) return "You read this case; complaints officers and oversight work on it.";
        if (IsOver) return CaseRefusals.Over;
        if (Entries.Any(entry => entry.HadPart)) return DecisionRefusals.HasPart;
        return IsAppeal && (DecidedBy == person.Person || !person.Is(RoleNames.Oversight)) ? CaseRefusals.AppealOfOversight : null;
    }
}

/// <summary>One complaint of a case.</summary>
/// <param name="Party">Who complains.</param>
/// <param name="Kind">What is said to have happened.</param>
/// <param name="Language">In which they are answered.</param>
/// <param name="Since">When it was cleaned, or taken over.</param>
/// <param name="Text">Null once its time of keeping is over.</param>
/// <param name="OpenedAt">From when its clocks run.</param>
/// <param name="ProofState"><c>none</c>, <c>asked</c> or <c>proven</c>.</param>
/// <param name="ProofMethod"><c>txt</c> or <c>letter</c>.</param>
/// <param name="HasMail">They gave an address.</param>
internal sealed record CaseComplaint(string Reference, string Party, string Kind, string Language, DateOnly? Since, string? Text, DateTimeOffset OpenedAt, string ProofState, string? ProofMethod, DateTimeOffset? ProofAt, bool HasMail)
{
    public bool IsProven => ProofState == "proven";
}

/// <param name="Kind"><c>triage</c>, <c>decision</c>, <c>suspension</c> or <c>appeal</c>.</param>
/// <param name="EndedAt">Null while it runs.</param>
/// <param name="LateAt">When it was found late.</param>
internal sealed record CaseClock(string Reference, string Kind, DateTimeOffset DueAt, DateTimeOffset? EndedAt, DateTimeOffset? LateAt);

/// <param name="Person">Name of the officer; null for whoever complained and for the worker.</param>
/// <param name="IsVisible">Whoever complained may read it once they may read more.</param>
/// <param name="Detail">Words of ours.</param>
/// <param name="IsForgotten">There was a text, and its time of keeping is over.</param>
internal sealed record CaseEvent(long Id, string Reference, DateTimeOffset At, string Kind, string? Person, bool IsVisible, IReadOnlyDictionary<string, string> Detail, string? Text, bool IsForgotten);

/// <summary>An entry that a case is about.</summary>
/// <param name="Episode">Its newest stretch of life.</param>
/// <param name="Handle">Of its page.</param>
/// <param name="Voters">Agencies that voted.</param>
/// <param name="Relation"><c>covers</c> the domain, lies <c>below</c> it, or was <c>decided</c> for this case.</param>
/// <param name="PublishedSince">The version it came with; null where it is on no list.</param>
/// <param name="HadPart">The reader or their agency had a part in it.</param>
/// <param name="IsSuspendedHere">It is suspended for this case.</param>
internal sealed record CaseListing(Guid Episode, Guid Handle, string List, string Name, Scope Scope, string Stage, string Voters, string Relation, int? PublishedSince, bool HadPart, bool IsSuspendedHere)
{
    /// <summary>Newest first; null where the reader stays blind.</summary>
    public IReadOnlyList<TimelineRow>? History { get; init; }

    /// <summary>A decision would change something.</summary>
    public bool Stands => PublishedSince is not null || Stage is "eligible" or "suspended";
}

/// <summary>A mail about a complaint, without whom it went to.</summary>
/// <param name="Problem">What the relay said when it was last tried.</param>
internal sealed record CaseMail(string Reference, string Template, DateTimeOffset WrittenAt, bool IsSent, bool IsFailed, string? Problem);
