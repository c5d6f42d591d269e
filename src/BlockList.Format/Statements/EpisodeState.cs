using BlockList.Format.Names;

namespace BlockList.Format.Statements;

/// <summary>
/// One stretch of life of an entry, as its accepted decisions leave it, taken one after the other: the formula of what is
/// listed. It judges no decision; whoever takes one has found it acceptable.
/// </summary>
/// <param name="id">Of the proposal that opened it.</param>
/// <param name="list">Id of the list.</param>
/// <param name="name">The entry.</param>
public sealed class EpisodeState(Guid id, string list, ListedName name)
{
    private Ballots ballots = new();

    /// <summary>Where the newest link of an agency's chain had no effect, so that it is no ballot.</summary>
    private Dictionary<string, Guid>? idleLinks;
    private GuardAnswers? answers;
    private ComplaintCases? complaints;
    private string? remover;

    /// <summary>Who decided something that is no vote, as far as their votes do not tell; decisions about complaints apart.</summary>
    private List<(string Person, string Agency)>? others;

    public Guid Id { get; } = id;

    public string List { get; } = list;

    public ListedName Name { get; } = name;

    /// <summary>Where the newest decision that had effect here stands in the ledger of whoever keeps one; 0 where nobody keeps count.</summary>
    public long NewestDecision { get; set; }

    /// <summary>When a person last saw the material online; <see cref="DateTimeOffset.MinValue"/> before the proposal.</summary>
    public DateTimeOffset NewestSighting { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>A release officer ended it.</summary>
    public bool IsRemoved { get; private set; }

    /// <summary>A complaint about it was upheld, in part at least, and ended it.</summary>
    public bool IsUpheld { get; private set; }

    /// <summary>Two agencies found a criterion not met.</summary>
    public bool IsDeclined { get; private set; }

    /// <summary>Whether it is off the list while a complaint about it is decided.</summary>
    public bool IsSuspendedByComplaint => complaints?.IsSuspended == true;

    /// <summary>Removed, upheld or declined; an episode that lapsed is closed by the calendar.</summary>
    public bool IsClosed => IsRemoved || IsUpheld || IsDeclined;

    public bool WasPublished { get; private set; }

    /// <summary>The dispute or re-review that is open, or null.</summary>
    public Doubt? Doubt { get; private set; }

    /// <summary>The agencies that voted, withdrawn votes included.</summary>
    public IEnumerable<string> Voters => ballots.Agencies();

    /// <summary>The newest link of an agency's chain of votes, one without effect included: the next one supersedes it.</summary>
    public Guid? ChainHeadOf(string agency) => idleLinks is not null && idleLinks.TryGetValue(agency, out var head) ? head : ballots.NewestOf(agency);

    /// <summary>Makes a vote the head of its agency's chain although it has no effect; one that is taken is it by that.</summary>
    public void Link(string agency, Guid decision)
    {
        if (ballots.NewestOf(agency) == decision) idleLinks?.Remove(agency);
        else (idleLinks ??= new(StringComparer.Ordinal))[agency] = decision;
    }

    /// <summary>Whether the person ever voted here; that a colleague replaced the vote makes them no stranger to the entry.</summary>
    public bool HasVoteBy(string person) => ballots.FirstAgencyOf(person) is not null;

    /// <summary>Whether the person voted here for another agency than this one.</summary>
    public bool HasVoteElsewhere(string person, string agency) => ballots.FirstAgencyOf(person) is { } first && first != agency;

    /// <summary>Whether the person overrode the never-block register here; they are then no second pair of eyes for a vote.</summary>
    public bool HasOverrideBy(string person) => answers?.HasOverrideBy(person) == true;

    /// <summary>Whether a source of the never-block register was overridden for this episode.</summary>
    public bool IsOverridden(string rule) => answers?.IsOverridden(rule) == true;

    /// <summary>Whether two people want the guard's rule to hold although the entry was listed before it came.</summary>
    public bool IsEnforced(string rule) => answers?.IsEnforced(rule) == true;

    /// <summary>Whether the person is one of those.</summary>
    public bool HasEnforcementBy(string person, string rule) => answers?.HasEnforcementBy(person, rule) == true;

    /// <summary>Whether the person decided anything here: whoever did is no second pair of eyes for the version that shows it.</summary>
    public bool HasDecisionBy(string person) =>
        HasVoteBy(person) || HasOverrideBy(person) || remover == person || answers?.HasEnforcementBy(person) == true || complaints?.HasDecisionBy(person) == true;

    /// <summary>Whether the person or their agency had a part in it: voted, saw the material, removed it, or answered the never-block
    /// guard. Whoever did decides no complaint about it. What was decided about complaints is no part in it.</summary>
    /// <param name="person">Id of the person.</param>
    /// <param name="agency">Id of their agency; null where they belong to none.</param>
    public bool HasPartBy(string person, string? agency) => HasVoteBy(person) || (agency is not null && ballots.Agencies().Contains(agency))
        || others?.Exists(other => other.Person == person || other.Agency == agency) == true;

    /// <summary>What was decided of a complaint about it so far.</summary>
    public ComplaintCase ComplaintOf(string reference) => complaints?.Find(reference) ?? ComplaintCase.New;

    /// <summary>Whether an agency took its vote back, or found a criterion not met: an entry that is off the list for want of votes
    /// is then off it by a decision, and not because the register of agencies or the accepted criteria changed.</summary>
    public bool HasRetractedVote => ballots.HasRetracted();

    /// <summary>Calendar months are added to the sighting, never subtracted from the present.</summary>
    public DateTimeOffset LapsesAt(RegisteredList list) => NewestSighting.AddMonths(list.LeaseMonths);

    /// <summary>Whether the lease has run out at an instant.</summary>
    public bool IsLapsedAt(DateTimeOffset instant, RegisteredList list) => LapsesAt(list) <= instant;

    /// <summary>From here on a doubt is a re-review with a clock.</summary>
    public void Publish() => WasPublished = true;

    /// <summary>Takes the next decision that has effect.</summary>
    /// <param name="statement">Of this episode.</param>
    /// <param name="list">Its list.</param>
    /// <param name="receivedAt">From when the clock of a re-review runs.</param>
    public void Take(DecisionStatement statement, RegisteredList list, DateTimeOffset receivedAt)
    {
        if (statement.SightedAt is { } sighted && sighted > NewestSighting) NewestSighting = sighted;
        if (statement.IsVote) Cast(Opinion.Of(statement), statement.Id, list, receivedAt);
        if (statement.Kind == DecisionKind.Removal) (IsRemoved, remover) = (true, statement.Person);
        if (statement.Kind == DecisionKind.Override) (answers ??= new()).Override(statement.Rule!, statement.Person);
        if (statement.Kind == DecisionKind.Enforcement) (answers ??= new()).Enforce(statement.Rule!, statement.Person);
        if (statement.IsOfComplaint) TakeOfComplaint(statement);
        else if (!statement.IsVote) Remember(statement.Person, statement.Agency!);
    }

    private void Remember(string person, string agency)
    {
        if (ballots.FirstAgencyOf(person) != agency && others?.Contains((person, agency)) != true) (others ??= []).Add((person, agency));
    }

    private void TakeOfComplaint(DecisionStatement statement)
    {
        (complaints ??= new()).Take(statement);
        IsUpheld |= statement.EndsEpisode;
    }

    private void Cast(Opinion vote, Guid decision, RegisteredList list, DateTimeOffset receivedAt)
    {
        ballots.Add(vote, decision);
        idleLinks?.Remove(vote.Agency);
        if (Doubt is { } open)
        {
            if (vote.Agency == open.Dissenter)
            {
                if (vote.Verdicts is null || vote.IsMet(list)) Doubt = null;
            }
            else if (vote.Verdicts?.AnyNotMet == true) IsDeclined = true;
            else if (vote.IsMet(list) && !open.Voters.Contains(vote.Agency)) Doubt = null;
        }
        else if (vote.Verdicts?.AnyNotMet == true)
            Doubt = new Doubt(vote.Agency, ballots.Agencies().ToHashSet(StringComparer.Ordinal), WasPublished ? receivedAt + Doubt.ReviewClock : DateTimeOffset.MinValue);
    }

    /// <summary>The agencies whose newest vote counts towards the listing.</summary>
    /// <param name="list">Which criteria are accepted.</param>
    /// <param name="agencies">Those of the register, by id; a vote of any other counts nothing.</param>
    public IReadOnlyList<RegisteredAgency> MetBy(RegisteredList list, IReadOnlyDictionary<string, RegisteredAgency> agencies) =>
        ballots.MetBy(list, agencies);

    /// <summary>The formula: whether this entry belongs on the list at an instant.</summary>
    public bool IsListedAt(DateTimeOffset instant, RegisteredList list, IReadOnlyDictionary<string, RegisteredAgency> agencies) =>
        !IsClosed && !IsLapsedAt(instant, list) && !IsSuspendedByComplaint && !(Doubt?.SuspendedFrom <= instant) && HasEnough(list, agencies);

    /// <summary>The same in words: every listed episode is <see cref="EpisodeStage.Eligible"/>, or <see cref="EpisodeStage.Disputed"/>
    /// while its review clock runs.</summary>
    public EpisodeStage StageAt(DateTimeOffset instant, RegisteredList list, IReadOnlyDictionary<string, RegisteredAgency> agencies)
    {
        if (IsRemoved || IsUpheld) return EpisodeStage.Removed;
        if (IsDeclined) return EpisodeStage.Declined;
        if (IsLapsedAt(instant, list)) return EpisodeStage.Lapsed;
        if (IsSuspendedByComplaint) return EpisodeStage.Suspended;
        if (Doubt is { } open) return open.IsReReview && open.SuspendedFrom <= instant ? EpisodeStage.Suspended : EpisodeStage.Disputed;
        if (HasEnough(list, agencies)) return EpisodeStage.Eligible;
        return ballots.AreAllWithdrawn() ? EpisodeStage.Withdrawn : EpisodeStage.Review;
    }

    private bool HasEnough(RegisteredList list, IReadOnlyDictionary<string, RegisteredAgency> agencies) =>
        ballots.CountMet(list, agencies) is var (met, countries) && met >= list.AgenciesNeeded && countries >= list.CountriesNeeded;
}
