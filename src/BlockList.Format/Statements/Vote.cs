namespace BlockList.Format.Statements;

/// <summary>The newest link of one agency's chain of votes on one episode.</summary>
/// <param name="Decision">Its id; the next link supersedes it.</param>
/// <param name="Person">Who decided.</param>
/// <param name="Verdicts">Null after a withdrawal.</param>
/// <param name="CriteriaSha256">The criteria it was made under; null after a withdrawal.</param>
public sealed record Vote(Guid Decision, string Person, Verdicts? Verdicts, string? CriteriaSha256)
{
    /// <summary>Whether it counts towards a listing: every criterion that a curator decides is met, under criteria that
    /// <paramref name="list"/> accepts.</summary>
    public bool IsMet(RegisteredList list) =>
        Verdicts is not null && list.Criteria.FirstOrDefault(c => c.Sha256 == CriteriaSha256) is { } criteria && Verdicts.AreMet(criteria.DecidedByCurator);
}
