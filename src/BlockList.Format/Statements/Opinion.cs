namespace BlockList.Format.Statements;

/// <summary>What somebody says with a vote. Few differ, so that the votes on a million entries share them.</summary>
internal sealed class Opinion
{
    private static readonly Opinion?[] Recurring = new Opinion?[1024];
    private volatile Answer? newest;

    private Opinion(string agency, string person, Verdicts? verdicts, string? criteriaSha256) =>
        (Agency, Person, Verdicts, CriteriaSha256) = (agency, person, verdicts, criteriaSha256);

    public string Agency { get; }

    public string Person { get; }

    /// <summary>Null of a withdrawal.</summary>
    public Verdicts? Verdicts { get; }

    /// <summary>The criteria it was made under; null of a withdrawal.</summary>
    public string? CriteriaSha256 { get; }

    /// <summary>The same object for the same opinion while it recurs; that two threads write at once costs a copy.</summary>
    public static Opinion Of(DecisionStatement statement)
    {
        var hash = HashCode.Combine(statement.Agency, statement.Person, statement.CriteriaSha256, statement.Verdicts?.AnyNotMet);
        ref var place = ref Recurring[hash & (Recurring.Length - 1)];
        return place is { } known && known.Agency == statement.Agency && known.Person == statement.Person && known.CriteriaSha256 == statement.CriteriaSha256 && Equals(known.Verdicts, statement.Verdicts)
            ? known
            : place = new Opinion(statement.Agency!, statement.Person, statement.Verdicts, statement.CriteriaSha256);
    }

    /// <summary>Whether it counts towards a listing: every criterion that a curator decides is met, under criteria that
    /// <paramref name="list"/> accepts.</summary>
    public bool IsMet(RegisteredList list)
    {
        if (newest is { } known && ReferenceEquals(known.List, list)) return known.IsMet;
        var isMet = Verdicts is not null && list.Criteria.FirstOrDefault(c => c.Sha256 == CriteriaSha256) is { } criteria && Verdicts.AreMet(criteria.DecidedByCurator);
        newest = new Answer(list, isMet);
        return isMet;
    }

    private sealed record Answer(RegisteredList List, bool IsMet);
}
