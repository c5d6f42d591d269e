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
    private readonly Dictionary<string, Vote> votes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Guid> chainHeads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> agencyOf = new(StringComparer.Ordinal);
    private readonly HashSet<string> overridden = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> enforcers = new(StringComparer.Ordinal);
    private readonly HashSet<string> overriders = new(StringComparer.Ordinal);
    private string? remover;

    public Guid Id { get; } = id;

    public string List { get; } = list;

    public ListedName Name { get; } = name;

    /// <summary>When a person last saw the material online; <see cref="DateTimeOffset.MinValue"/> before the proposal.</summary>
    public DateTimeOffset NewestSighting { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>A release officer ended it.</summary>
    public bool IsRemoved { get; private set; }

    /// <summary>Two agencies found a criterion not met.</summary>
    public bool IsDeclined { get; private set; }

    /// <summary>Removed or declined; an episode that lapsed is closed by the calendar.</summary>
    public bool IsClosed => IsRemoved || IsDeclined;

    public bool WasPublished { get; private set; }

    /// <summary>The dispute or re-review that is open, or null.</summary>
    public Doubt? Doubt { get; private set; }

    /// <summary>The agencies that voted, withdrawn votes included.</summary>
    public IReadOnlyCollection<string> Voters => votes.Keys;

    /// <summary>The newest link of an agency's chain of votes, one without effect included: the next one supersedes it.</summary>
    public Guid? ChainHeadOf(string agency) => chainHeads.TryGetValue(agency, out var head) ? head : null;

    /// <summary>The agency's newest vote that has effect, or null where it has none; a withdrawal is a vote too.</summary>
    public Vote? VoteOf(string agency) => votes.GetValueOrDefault(agency);

    /// <summary>Makes a decision the head of its agency's chain, whether or not it has effect.</summary>
    public void Link(string agency, Guid decision) => chainHeads[agency] = decision;

    /// <summary>Whether the person ever voted here; that a colleague replaced the vote makes them no stranger to the entry.</summary>
    public bool HasVoteBy(string person) => agencyOf.ContainsKey(person);

    /// <summary>Whether the person voted here for another agency than this one.</summary>
    public bool HasVoteElsewhere(string person, string agency) => agencyOf.TryGetValue(person, out var first) && first != agency;

    /// <summary>Whether the person overrode the never-block register here; they are then no second pair of eyes for a vote.</summary>
    public bool HasOverrideBy(string person) => overriders.Contains(person);

    /// <summary>Whether a source of the never-block register was overridden for this episode.</summary>
    public bool IsOverridden(string rule) => overridden.Contains(rule);

    /// <summary>Whether two people want the guard's rule to hold although the entry was listed before it came.</summary>
    public bool IsEnforced(string rule) => enforcers.TryGetValue(rule, out var people) && people.Count >= 2;

    /// <summary>Whether the person is one of those.</summary>
    public bool HasEnforcementBy(string person, string rule) => enforcers.TryGetValue(rule, out var people) && people.Contains(person);

    /// <summary>Whether the person decided anything here: whoever did is no second pair of eyes for the version that shows it.</summary>
    public bool HasDecisionBy(string person) => HasVoteBy(person) || HasOverrideBy(person) || remover == person || enforcers.Values.Any(people => people.Contains(person));

    /// <summary>Whether an agency took its vote back, or found a criterion not met: an entry that is off the list for want of votes
    /// is then off it by a decision, and not because the register of agencies or the accepted criteria changed.</summary>
    public bool HasRetractedVote => votes.Values.Any(v => v.Verdicts is not { AnyNotMet: false });

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
        if (statement.IsVote)
            Cast(statement.Agency, new Vote(statement.Id, statement.Person, statement.Verdicts, statement.CriteriaSha256), list, receivedAt);
        if (statement.Kind == DecisionKind.Removal) (IsRemoved, remover) = (true, statement.Person);
        if (statement.Kind == DecisionKind.Override)
        {
            overridden.Add(statement.Rule!);
            overriders.Add(statement.Person);
            // Who wanted the rule to hold before is answered: it takes two again.
            enforcers.Remove(statement.Rule!);
        }
        if (statement.Kind == DecisionKind.Enforcement)
        {
            if (!enforcers.TryGetValue(statement.Rule!, out var people)) enforcers.Add(statement.Rule!, people = new HashSet<string>(StringComparer.Ordinal));
            people.Add(statement.Person);
            // Whoever wants the rule to hold after it was overridden has the later word.
            if (IsEnforced(statement.Rule!)) overridden.Remove(statement.Rule!);
        }
    }

    private void Cast(string agency, Vote vote, RegisteredList list, DateTimeOffset receivedAt)
    {
        var votersBefore = votes.Keys.ToHashSet(StringComparer.Ordinal);
        votes[agency] = vote;
        agencyOf.TryAdd(vote.Person, agency);
        if (Doubt is { } open)
        {
            if (agency == open.Dissenter)
            {
                if (vote.Verdicts is null || vote.IsMet(list)) Doubt = null;
            }
            else if (vote.Verdicts?.AnyNotMet == true) IsDeclined = true;
            else if (vote.IsMet(list) && !open.Voters.Contains(agency)) Doubt = null;
        }
        else if (vote.Verdicts?.AnyNotMet == true)
        {
            votersBefore.Add(agency);
            Doubt = new Doubt(agency, votersBefore, WasPublished ? receivedAt + Doubt.ReviewClock : DateTimeOffset.MinValue);
        }
    }

    /// <summary>The agencies whose newest vote counts towards the listing.</summary>
    /// <param name="list">Which criteria are accepted.</param>
    /// <param name="agencies">Those of the register, by id; a vote of any other counts nothing.</param>
    public IReadOnlyList<RegisteredAgency> MetBy(RegisteredList list, IReadOnlyDictionary<string, RegisteredAgency> agencies) =>
        [.. votes.Where(v => v.Value.IsMet(list)).Select(v => agencies.GetValueOrDefault(v.Key)).OfType<RegisteredAgency>()];

    /// <summary>The formula: whether this entry belongs on the list at an instant.</summary>
    public bool IsListedAt(DateTimeOffset instant, RegisteredList list, IReadOnlyDictionary<string, RegisteredAgency> agencies) =>
        !IsClosed && !IsLapsedAt(instant, list) && !(Doubt?.SuspendedFrom <= instant) && HasEnough(list, agencies);

    /// <summary>The same in words: every listed episode is <see cref="EpisodeStage.Eligible"/>, or <see cref="EpisodeStage.Disputed"/>
    /// while its review clock runs.</summary>
    public EpisodeStage StageAt(DateTimeOffset instant, RegisteredList list, IReadOnlyDictionary<string, RegisteredAgency> agencies)
    {
        if (IsRemoved) return EpisodeStage.Removed;
        if (IsDeclined) return EpisodeStage.Declined;
        if (IsLapsedAt(instant, list)) return EpisodeStage.Lapsed;
        if (Doubt is { } open) return open.IsReReview && open.SuspendedFrom <= instant ? EpisodeStage.Suspended : EpisodeStage.Disputed;
        if (HasEnough(list, agencies)) return EpisodeStage.Eligible;
        return votes.Values.All(v => v.Verdicts is null) ? EpisodeStage.Withdrawn : EpisodeStage.Review;
    }

    private bool HasEnough(RegisteredList list, IReadOnlyDictionary<string, RegisteredAgency> agencies)
    {
        var met = MetBy(list, agencies);
        return met.Count >= list.AgenciesNeeded && met.DistinctBy(a => a.Country).Count() >= list.CountriesNeeded;
    }
}
