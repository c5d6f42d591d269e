namespace BlockList.Server.Complaints.Cases;

/// <summary>How a step on a case ended.</summary>
internal abstract record CaseOutcome
{
    private CaseOutcome()
    {
    }

    /// <summary>It is stored, with what was signed for it.</summary>
    internal sealed record Done : CaseOutcome;

    /// <summary>Nothing was stored.</summary>
    /// <param name="Because">A sentence, and what to do.</param>
    internal sealed record Refused(string Because) : CaseOutcome;
}
