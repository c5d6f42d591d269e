namespace BlockList.Server.Complaints.Cases;

/// <summary>How a decision about a complaint ended.</summary>
internal abstract record CaseDecision
{
    private CaseDecision()
    {
    }

    /// <summary>It is stored with the caller's transaction; the publisher follows within seconds of its commit.</summary>
    /// <param name="Statement">Id of the decision.</param>
    internal sealed record Decided(Guid Statement) : CaseDecision;

    /// <summary>Nothing is to be stored: the caller's transaction must be rolled back.</summary>
    /// <param name="Because">A sentence, and what to do.</param>
    internal sealed record Refused(string Because) : CaseDecision;

    /// <summary>Somebody decided at the same moment: the caller's transaction must be rolled back, and can be tried once more.</summary>
    /// <param name="Because">A sentence, and what to do.</param>
    internal sealed record Overtaken(string Because) : CaseDecision;
}
