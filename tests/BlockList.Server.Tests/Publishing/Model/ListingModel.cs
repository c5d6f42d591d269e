using BlockList.Format.Statements;

namespace BlockList.Server.Tests.Publishing.Model;

/// <summary>
/// The formula of the list, written a second time and slowly: everything that was ever said is gone through again from
/// the start after each word. Two agencies of two countries, three calendar months.
/// </summary>
internal sealed class ListingModel
{
    private readonly List<Said> history = [];
    private readonly Dictionary<Guid, int> firstPublished = [];
    private List<Life>? gone;

    public void Hear(Said said)
    {
        history.Add(said);
        gone = null;
    }

    /// <summary>From the next thing said on, this episode has been published.</summary>
    public void Publish(Guid episode)
    {
        firstPublished.TryAdd(episode, history.Count);
        gone = null;
    }

    /// <summary>The scopes under which the name is listed.</summary>
    public IReadOnlyList<string> ListedAt(DateTime instant) =>
        [.. GoThrough().Where(life => IsListed(life, instant)).Select(life => life.Opening.Scope).Order(StringComparer.Ordinal)];

    public IEnumerable<DateTime> LeaseEnds() => GoThrough().Select(LeaseEnd);

    public (int Disputes, int Declines, int Removals) Count()
    {
        var lives = GoThrough();
        return (lives.Count(l => FollowDoubts(l).Opened > 0), lives.Count(l => FollowDoubts(l).IsDeclined), lives.Count(IsRemoved));
    }

    /// <summary>The newest link of the agency's chain in an episode, counted or not.</summary>
    public Guid? HeadOf(Guid episode, string agency) =>
        GoThrough().SingleOrDefault(l => l.Opening.Id == episode)?.Heads.TryGetValue(agency, out var head) == true ? head : null;

    private bool IsListed(Life life, DateTime instant)
    {
        if (IsRemoved(life) || LeaseEnd(life) <= instant) return false;
        var doubts = FollowDoubts(life);
        if (doubts.IsDeclined || doubts.OutFrom <= instant) return false;
        var met = life.Counted.Where(s => s.Said.IsVote).GroupBy(s => s.Said.By.Agency).Select(g => g.Last().Said)
            .Where(s => s.Finding == Verdict.Met).ToArray();
        return met.Length >= 2 && met.Select(s => s.By.Country).Distinct().Count() >= 2;
    }

    private static bool IsRemoved(Life life) => life.Counted.Any(s => s.Said.Kind == DecisionKind.Removal);

    private static DateTime LeaseEnd(Life life) => ThreeMonthsAfter(life.Counted.Max(s => s.Said.Seen ?? DateTime.MinValue));

    private static DateTime ThreeMonthsAfter(DateTime time)
    {
        var (year, month) = time.Month > 9 ? (time.Year + 1, time.Month - 9) : (time.Year, time.Month + 3);
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
                ? later.Said.Kind == DecisionKind.Withdrawal || later.Said.Finding == Verdict.Met
                : later.Said.Finding == Verdict.NotMet || (later.Said.Finding == Verdict.Met && !heard.Contains(later.Said.By.Agency)));
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
        var lives = new List<Life>();
        var early = new List<(Said Said, int Place)>();
        for (var place = 0; place < history.Count; place++)
        {
            var said = history[place];
            if (said.Kind != DecisionKind.Proposal)
            {
                if (lives.Find(l => l.Opening.Id == said.Episode) is { } life) Take(life, said, place, said.At);
                else if (!history.Take(place).Any(s => s.Id == said.Episode)) early.Add((said, place));
                continue;
            }
            if (!MaySay(said) || ThreeMonthsAfter(said.Seen!.Value) <= said.At) continue;
            if (lives.Any(l => l.Opening.Scope == said.Scope && !IsOver(l, said.At))) continue;
            var opened = new Life(said);
            opened.Counted.Add((said, place));
            opened.Heads[said.By.Agency] = said.Id;
            lives.Add(opened);
            // What was taken before its proposal counts from the proposal on.
            foreach (var (waiting, _) in early.Where(e => e.Said.Episode == said.Id)) Take(opened, waiting, place, said.At);
        }
        return gone = lives;
    }

    private void Take(Life life, Said said, int place, DateTime asked)
    {
        var follows = !said.IsVote || (life.Heads.TryGetValue(said.By.Agency, out var head) ? head : (Guid?)null) == said.Supersedes;
        if (MaySay(said) && follows && said.Scope == life.Opening.Scope && !IsOver(life, asked) && !HasVoted(life, said)) life.Counted.Add((said, place));
        if (said.IsVote && follows) life.Heads[said.By.Agency] = said.Id;
    }

    private static bool MaySay(Said said) =>
        (said.Kind == DecisionKind.Removal ? said.By.IsReleaseOfficer : said.By.IsCurator) && said.UnderAcceptedCriteria && !(said.Seen > said.At);

    private bool IsOver(Life life, DateTime instant) => IsRemoved(life) || FollowDoubts(life).IsDeclined || LeaseEnd(life) <= instant;

    /// <summary>A person judges for one agency, and removes nothing that they judged.</summary>
    private static bool HasVoted(Life life, Said said) => life.Counted.Any(s => s.Said.IsVote && s.Said.By.Person == said.By.Person
        && (said.Kind == DecisionKind.Removal || (said.Kind == DecisionKind.Assessment && FirstAgencyOf(life, said.By.Person) != said.By.Agency)));

    private static string FirstAgencyOf(Life life, string person) => life.Counted.First(s => s.Said.IsVote && s.Said.By.Person == person).Said.By.Agency;

    private sealed record Life(Said Opening)
    {
        public List<(Said Said, int Place)> Counted { get; } = [];

        public Dictionary<string, Guid> Heads { get; } = new(StringComparer.Ordinal);
    }
}
