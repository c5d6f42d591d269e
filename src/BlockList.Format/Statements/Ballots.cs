namespace BlockList.Format.Statements;

/// <summary>The votes on one entry that had effect, in the order in which they were cast. An agency's newest one counts; that
/// it was replaced makes whoever cast the earlier one no stranger to the entry.</summary>
internal struct Ballots()
{
    private (Opinion Opinion, Guid Decision)[] cast = [];
    private int count;

    /// <summary>Agencies that voted, those that withdrew included, in the order of their first votes.</summary>
    public readonly IEnumerable<string> Agencies() => All().Select(b => b.Agency).Distinct(StringComparer.Ordinal);

    public void Add(Opinion opinion, Guid decision)
    {
        // Two votes are the rule.
        if (count == cast.Length) Array.Resize(ref cast, count < 2 ? count + 1 : 2 * count);
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
            if (cast[i].Opinion.IsMet(list) && IsNewest(i) && agencies.TryGetValue(cast[i].Opinion.Agency, out var agency)) met.Add(agency);
        return met;
    }

    private readonly bool IsNewest(int index)
    {
        for (var later = index + 1; later < count; later++)
            if (cast[later].Opinion.Agency == cast[index].Opinion.Agency) return false;
        return true;
    }

    private readonly IEnumerable<Opinion> All() => cast.Take(count).Select(b => b.Opinion);
}
