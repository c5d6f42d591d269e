namespace BlockList.Format.Statements;

/// <summary>The votes on one entry that had effect, in the order in which they were cast. An agency's newest one counts; that
/// it was replaced makes whoever cast the earlier one no stranger to the entry.</summary>
internal struct Ballots()
{
    private (Opinion Opinion, Guid Decision)[] cast = [];
    private int count;

    /// <summary>Two votes are the rule.</summary>
    private const int Usual = 2;

    /// <summary>Agencies that voted, those that withdrew included, in the order of their first votes.</summary>
    public readonly IEnumerable<string> Agencies() => All().Select(b => b.Agency).Distinct(StringComparer.Ordinal);

    public void Add(Opinion opinion, Guid decision)
    {
        if (count == cast.Length) Array.Resize(ref cast, Math.Max(Usual, 2 * count));
        cast[count++] = (opinion, decision);
    }

    public readonly Guid? NewestOf(string agency)
    {
        for (var i = count - 1; i >= 0; i--)
            if (cast[i].Opinion.Agency == agency) return cast[i].Decision;
        return null;
    }

    /// <summary>For which agency a person voted first, or null where they never did.</summary>
    public readonly string? FirstAgencyOf(string person)
    {
        for (var i = 0; i < count; i++)
            if (cast[i].Opinion.Person == person) return cast[i].Opinion.Agency;
        return null;
    }

    public readonly bool AreAllWithdrawn()
    {
        for (var i = 0; i < count; i++)
            if (IsNewest(i) && cast[i].Opinion.Verdicts is not null) return false;
        return true;
    }

    /// <summary>Whether an agency's newest vote is a withdrawal, or finds a criterion not met.</summary>
    public readonly bool HasRetracted()
    {
        for (var i = 0; i < count; i++)
            if (IsNewest(i) && cast[i].Opinion.Verdicts is not { AnyNotMet: false }) return true;
        return false;
    }

    /// <summary>The agencies of the register whose newest vote counts towards the listing.</summary>
    public readonly List<RegisteredAgency> MetBy(RegisteredList list, IReadOnlyDictionary<string, RegisteredAgency> agencies)
    {
        var met = new List<RegisteredAgency>(count);
        for (var i = 0; i < count; i++)
            if (FindMet(i, list, agencies) is { } agency) met.Add(agency);
        return met;
    }

    /// <summary>How many agencies those are, of how many countries. Without a set: this is asked of every entry of every version.</summary>
    public readonly (int Agencies, int Countries) CountMet(RegisteredList list, IReadOnlyDictionary<string, RegisteredAgency> agencies)
    {
        var (met, countries) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            if (FindMet(i, list, agencies) is not { } agency) continue;
            met++;
            var isNew = true;
            for (var before = 0; before < i && isNew; before++) isNew = FindMet(before, list, agencies)?.Country != agency.Country;
            if (isNew) countries++;
        }
        return (met, countries);
    }

    private readonly RegisteredAgency? FindMet(int index, RegisteredList list, IReadOnlyDictionary<string, RegisteredAgency> agencies) =>
        cast[index].Opinion.IsMet(list) && IsNewest(index) ? agencies.GetValueOrDefault(cast[index].Opinion.Agency) : null;

    private readonly bool IsNewest(int index)
    {
        for (var later = index + 1; later < count; later++)
            if (cast[later].Opinion.Agency == cast[index].Opinion.Agency) return false;
        return true;
    }

    private readonly IEnumerable<Opinion> All() => cast.Take(count).Select(b => b.Opinion);
}
