using BlockList.Format.Statements;

namespace BlockList.Server.Tests.Publishing.Model;

/// <summary>
/// The formula of the list, written a second time and slowly: everything that was ever said is gone through again from
/// the start after each word. Only what was found of a decision when it was received is kept, as the ledger keeps it.
/// </summary>
internal sealed class ListingModel(Terms terms, GuardModel guard)
{
    private readonly List<(Said Said, bool IsAccepted)> history = [];
    private readonly Dictionary<Guid, int> firstPublished = [];
    private Terms terms = terms;
    private List<Life>? gone;

    public void Hear(Said said)
    {
        var isAccepted = IsAccepted(said);
        history.Add((said, isAccepted));
        gone = null;
    }

    /// <summary>From the next thing said on, this episode has been published.</summary>
    public void Publish(Guid episode)
    {
        firstPublished.TryAdd(episode, history.Count);
        gone = null;
    }

    /// <summary>A later register: what was received stays as it was found, and is counted by the new terms.</summary>
    public void Change(Terms to)
    {
        terms = to;
        gone = null;
    }

    /// <summary>The scopes under which the name is listed.</summary>
    public IReadOnlyList<string> ListedAt(DateTime instant) => [.. Due(instant).Where(life => !IsLeftOut(life)).Select(life => life.Opening.Scope).Order(StringComparer.Ordinal)];

    /// <summary>What the guard has against entries that the formula lists: scope, rule, and whether the entry is left out.</summary>
    public IReadOnlyList<string> FindingsAt(DateTime instant) =>
        [.. Due(instant).SelectMany(life => RulesAgainst(life).Select(rule => $"{life.Opening.Scope} {rule} {IsLeftOut(life)}")).Order(StringComparer.Ordinal)];

    public IEnumerable<DateTime> LeaseEnds() => GoThrough().Select(LeaseEnd);

    public (int Disputes, int Declines, int Removals, int Suspended, int Upheld, int Appeals) Count()
    {
        var lives = GoThrough();
        return (lives.Count(l => FollowDoubts(l).Opened > 0), lives.Count(l => FollowDoubts(l).IsDeclined), lives.Count(IsRemoved),
            lives.Count(IsSuspended), lives.Count(IsUpheld), lives.Count(l => l.Counted.Any(s => s.Said.Outcome is not null && s.Said.Supersedes is not null)));
    }

    /// <summary>The first outcome of a complaint about an episode that had effect.</summary>
    public Guid? OutcomeOf(Guid episode, string complaint) =>
        GoThrough().SingleOrDefault(l => l.Opening.Id == episode)?.Counted.Select(s => s.Said).FirstOrDefault(s => s.Case == complaint && s.Outcome is not null)?.Id;

    /// <summary>The newest link of the agency's chain in an episode, counted or not.</summary>
    public Guid? HeadOf(Guid episode, string agency) =>
        GoThrough().SingleOrDefault(l => l.Opening.Id == episode)?.Heads.TryGetValue(agency, out var head) == true ? head : null;

    private IEnumerable<Life> Due(DateTime instant) => GoThrough().Where(life => IsDue(life, instant));

    private bool IsDue(Life life, DateTime instant)
    {
        if (IsRemoved(life) || IsUpheld(life) || IsSuspended(life) || LeaseEnd(life) <= instant) return false;
        var doubts = FollowDoubts(life);
        if (doubts.IsDeclined || doubts.OutFrom <= instant) return false;
        var met = life.Counted.Where(s => s.Said.IsVote).GroupBy(s => s.Said.By.Agency).Select(g => g.Last().Said).Where(IsMet).ToArray();
        return met.Length >= terms.Agencies && met.Select(s => s.By.Country).Distinct().Count() >= terms.Countries;
    }

    private bool IsMet(Said vote) => vote.Finding == Verdict.Met && terms.Accepts(vote.Criteria);

    private IEnumerable<string> RulesAgainst(Life life) => guard.RulesAgainst(life.Opening.Scope).Where(rule => !Answered(life, rule).IsOverridden || !GuardModel.CanBeOverridden(rule));

    private bool IsLeftOut(Life life)
    {
        var rules = RulesAgainst(life).ToArray();
        return rules.Length > 0 && (!firstPublished.ContainsKey(life.Opening.Id) || rules.Any(rule => Answered(life, rule).IsEnforced));
    }

    /// <summary>One person overrides, two enforce; the last word holds.</summary>
    private static (bool IsOverridden, bool IsEnforced) Answered(Life life, string rule)
    {
        var answers = life.Counted.Select(c => c.Said).Where(s => s.Rule == rule).ToArray();
        var (overridden, asking) = (false, new HashSet<string>(StringComparer.Ordinal));
        foreach (var answer in answers)
        {
            if (answer.Kind == DecisionKind.Override) (overridden, asking) = (true, new HashSet<string>(StringComparer.Ordinal));
            else asking.Add(answer.By.Person);
            if (asking.Count > 1) overridden = false;
        }
        return (overridden, asking.Count > 1);
    }

    private static bool IsRemoved(Life life) => life.Counted.Any(s => s.Said.Kind == DecisionKind.Removal);

    private static bool IsUpheld(Life life) => life.Counted.Any(s => s.Said.Outcome is not (null or ComplaintOutcome.Rejected));

    /// <summary>The last word on one of its complaints is that it is off the list meanwhile.</summary>
    private static bool IsSuspended(Life life) => life.Counted.Where(s => s.Said.IsOfComplaint).GroupBy(s => s.Said.Case).Any(words => words.Last().Said.Kind == DecisionKind.Suspension);

    private DateTime LeaseEnd(Life life) => LeaseAfter(life.Counted.Max(s => s.Said.Seen ?? DateTime.MinValue));

    private DateTime LeaseAfter(DateTime time)
    {
        var (year, month) = time.Month + terms.Months > 12 ? (time.Year + 1, time.Month + terms.Months - 12) : (time.Year, time.Month + terms.Months);
        return new DateTime(year, month, Math.Min(time.Day, DateTime.DaysInMonth(year, month)), 0, 0, 0, DateTimeKind.Utc) + time.TimeOfDay;
    }

    /// <summary>From one not met to what ends the doubt, and on from there.</summary>
    private (int Opened, bool IsDeclined, DateTime? OutFrom) FollowDoubts(Life life)
    {
        var votes = life.Counted.Where(s => s.Said.IsVote).ToArray();
        var opened = 0;
        for (var i = 0; i < votes.Length; i++)
        {
            if (votes[i].Said.Finding != Verdict.NotMet) continue;
            opened++;
            var dissent = votes[i];
            var heard = votes[..(i + 1)].Select(v => v.Said.By.Agency).ToHashSet(StringComparer.Ordinal);
            var end = Array.FindIndex(votes, i + 1, later => later.Said.By.Agency == dissent.Said.By.Agency
                ? later.Said.Kind == DecisionKind.Withdrawal || IsMet(later.Said)
                : later.Said.Finding == Verdict.NotMet || (IsMet(later.Said) && !heard.Contains(later.Said.By.Agency)));
            if (end < 0)
            {
                var wasPublished = firstPublished.TryGetValue(life.Opening.Id, out var from) && from <= dissent.Place;
                return (opened, false, wasPublished ? dissent.Said.At.AddHours(24) : DateTime.MinValue);
            }
            if (votes[end].Said.Finding == Verdict.NotMet) return (opened, true, null);
            i = end;
        }
        return (opened, false, null);
    }

    private List<Life> GoThrough()
    {
        if (gone is not null) return gone;
        gone = [];
        for (var place = 0; place < history.Count; place++)
        {
            var (said, isAccepted) = history[place];
            if (said.Kind != DecisionKind.Proposal)
            {
                if (gone.Find(l => l.Opening.Id == said.Episode) is { } life) Take(life, said, place, isAccepted);
                continue;
            }
            if (!isAccepted) continue;
            var opened = new Life(said);
            opened.Counted.Add((said, place));
            opened.Heads[said.By.Agency!] = said.Id;
            gone.Add(opened);
            // What was taken before its proposal counts from the proposal on, if it still may then.
            foreach (var (early, wasAccepted) in history.Take(place).Where(h => h.Said.Episode == said.Id && h.Said.Kind != DecisionKind.Proposal))
                Take(opened, early, place, wasAccepted && FitsInto(opened, early, said.At));
        }
        return gone;
    }

    private static void Take(Life life, Said said, int place, bool isAccepted)
    {
        if (isAccepted) life.Counted.Add((said, place));
        if (said.IsVote && Follows(life, said)) life.Heads[said.By.Agency!] = said.Id;
    }

    private bool IsAccepted(Said said)
    {
        if (!MaySay(said)) return false;
        var lives = GoThrough();
        if (said.Kind == DecisionKind.Proposal) return LeaseAfter(said.Seen!.Value) > said.At && !lives.Exists(l => l.Opening.Scope == said.Scope && !IsOver(l, said.At));
        return lives.Find(l => l.Opening.Id == said.Episode) is { } life ? FitsInto(life, said, said.At) : !history.Exists(h => h.Said.Id == said.Episode);
    }

    private bool MaySay(Said said) =>
        (said.IsOfComplaint ? said.By.DecidesComplaints : said.IsOfRelease ? said.By.IsReleaseOfficer : said.By.IsCurator)
        && (terms.Country is null || said.By.Agency is null || said.By.Country == terms.Country)
        && (said.Finding is null || terms.Accepts(said.Criteria)) && !(said.Seen > said.At);

    private bool FitsInto(Life life, Said said, DateTime asked) => said.IsOfComplaint ? said.Scope == life.Opening.Scope && !IsClosed(life) && !HadPart(said) && FollowsItsComplaint(life, said) : (!said.IsVote || Follows(life, said)) && said.Scope == life.Opening.Scope && !IsOver(life, asked)
        && !HasVoted(life, said) && !HasOverridden(life, said) && (said.Kind != DecisionKind.Override || GuardModel.CanBeOverridden(said.Rule!));

    private static bool Follows(Life life, Said said) => (life.Heads.TryGetValue(said.By.Agency!, out var head) ? head : (Guid?)null) == said.Supersedes;

    private bool IsOver(Life life, DateTime instant) => IsClosed(life) || LeaseEnd(life) <= instant;

    private bool IsClosed(Life life) => IsRemoved(life) || IsUpheld(life) || FollowDoubts(life).IsDeclined;

    /// <summary>In any life of the entry, by the person or by anybody of their agency; decisions about complaints apart.</summary>
    private bool HadPart(Said said) => GoThrough().Where(l => l.Opening.Scope == said.Scope).SelectMany(l => l.Counted).Select(s => s.Said)
        .Any(s => !s.IsOfComplaint && (s.By.Person == said.By.Person || (s.By.Agency is not null && s.By.Agency == said.By.Agency)));

    /// <summary>Rejected once, oversight decides once more, and nobody about their own word.</summary>
    private static bool FollowsItsComplaint(Life life, Said said)
    {
        var words = life.Counted.Select(s => s.Said).Where(s => s.Case == said.Case).ToArray();
        var outcomes = words.Where(s => s.Outcome is not null).ToArray();
        if (outcomes.Length > 1) return false;
        if (outcomes.Length == 1 && (!said.By.IsOversight || said.By.Person == outcomes[0].By.Person)) return false;
        if (said.Kind == DecisionKind.ComplaintOutcome) return said.Supersedes == outcomes.FirstOrDefault()?.Id;
        return (said.Kind == DecisionKind.Suspension) != (words.LastOrDefault()?.Kind == DecisionKind.Suspension);
    }

    /// <summary>A person judges for one agency, and removes nothing that they judged.</summary>
    private static bool HasVoted(Life life, Said said) => life.Counted.Any(s => s.Said.IsVote && s.Said.By.Person == said.By.Person
        && (said.IsOfRelease || (said.Kind == DecisionKind.Assessment && FirstAgencyOf(life, said.By.Person) != said.By.Agency)));

    /// <summary>Nor do they judge what they overrode the guard for.</summary>
    private static bool HasOverridden(Life life, Said said) =>
        said.Kind == DecisionKind.Assessment && life.Counted.Any(s => s.Said.Kind == DecisionKind.Override && s.Said.By.Person == said.By.Person);

    private static string FirstAgencyOf(Life life, string person) => life.Counted.First(s => s.Said.IsVote && s.Said.By.Person == person).Said.By.Agency!;

    private sealed record Life(Said Opening)
    {
        public List<(Said Said, int Place)> Counted { get; } = [];

        public Dictionary<string, Guid> Heads { get; } = new(StringComparer.Ordinal);
    }
}
