using BlockList.Format.Names;
using BlockList.Format.Statements;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>One stretch of life of an entry, as the accepted decisions of the ledger leave it.</summary>
internal sealed class EpisodeState(Guid id, string list, ListedName name)
{
    private readonly Dictionary<string, Vote> votes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Guid> chainHeads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> agencyOf = new(StringComparer.Ordinal);
    private Doubt? doubt;

    public Guid Id { get; } = id;

    public string List { get; } = list;

    public ListedName Name { get; } = name;

    public DateTimeOffset NewestSighting { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Removed or declined; an episode that lapsed is closed by the calendar.</summary>
    public bool IsClosed { get; private set; }

    public bool WasPublished { get; private set; }

    /// <summary>The newest link of an agency's chain of votes, one without effect included: the next one supersedes it.</summary>
    public Guid? ChainHeadOf(string agency) => chainHeads.TryGetValue(agency, out var head) ? head : null;

    public void Link(string agency, Guid decision) => chainHeads[agency] = decision;

    /// <summary>Whether the person ever voted here; that a colleague replaced the vote makes them no stranger to the entry.</summary>
    public bool HasVoteBy(string person) => agencyOf.ContainsKey(person);

    /// <summary>Whether the person voted here for another agency than this one.</summary>
    public bool HasVoteElsewhere(string person, string agency) => agencyOf.TryGetValue(person, out var first) && first != agency;

    /// <summary>Calendar months are added to the sighting, never subtracted from the present.</summary>
    public bool IsLapsedAt(DateTimeOffset instant, RegisteredList list) => NewestSighting.AddMonths(list.LeaseMonths) <= instant;

    public void See(DateTimeOffset sightedAt)
    {
        if (sightedAt > NewestSighting) NewestSighting = sightedAt;
    }

    public void Close() => IsClosed = true;

    public void Publish() => WasPublished = true;

    /// <summary>Takes the next link of an agency's chain, in ledger order.</summary>
    public void Cast(string agency, Vote vote, RegisteredList list, DateTimeOffset receivedAt)
    {
        var votersBefore = votes.Keys.ToHashSet(StringComparer.Ordinal);
        votes[agency] = vote;
        agencyOf.TryAdd(vote.Person, agency);
        if (doubt is { } open)
        {
            if (agency == open.Dissenter)
            {
                if (vote.Verdicts is null || vote.IsMet(list)) doubt = null;
            }
            else if (vote.Verdicts?.AnyNotMet == true) IsClosed = true;
            else if (vote.IsMet(list) && !open.Voters.Contains(agency)) doubt = null;
        }
        else if (vote.Verdicts?.AnyNotMet == true)
        {
            votersBefore.Add(agency);
            doubt = new Doubt(agency, votersBefore, WasPublished ? receivedAt + Doubt.ReviewClock : DateTimeOffset.MinValue);
        }
    }

    /// <summary>The formula: whether this entry belongs on the list at an instant.</summary>
    public bool IsListedAt(DateTimeOffset instant, RegisteredList list, IReadOnlyDictionary<string, RegisteredAgency> agencies)
    {
        if (IsClosed || IsLapsedAt(instant, list) || doubt?.SuspendedFrom <= instant) return false;
        var met = votes.Where(v => v.Value.IsMet(list)).Select(v => agencies.GetValueOrDefault(v.Key)).OfType<RegisteredAgency>().ToArray();
        return met.Length >= list.AgenciesNeeded && met.DistinctBy(a => a.Country).Count() >= list.CountriesNeeded;
    }
}
