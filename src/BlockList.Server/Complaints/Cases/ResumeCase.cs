using BlockList.Server.Access;

namespace BlockList.Server.Complaints.Cases;

/// <summary>Ends the suspension of a case that goes on: its entries come back with the next version, if their votes stand.</summary>
internal sealed class ResumeCase(CaseSteps steps, EndSuspension end)
{
    /// <param name="person">A complaints officer, or oversight.</param>
    /// <param name="reference">Of the case.</param>
    /// <param name="episodes">All that is suspended for it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public Task<CaseOutcome> RunAsync(Viewer person, string reference, IReadOnlyList<Guid> episodes, string reason, CancellationToken cancellationToken) => steps.RunAsync(async connection =>
    {
        if (episodes.Count == 0) return "Nothing is suspended for this case. Open it again.";
        foreach (var episode in episodes)
            if (CaseSteps.ProblemOf(await end.RunAsync(connection, person, new CaseEntry(reference, episode, reason, null), cancellationToken)) is { } problem) return problem;
        await CaseSteps.CallAsync(connection, "complaint.record_suspension_end", cancellationToken, reference, person.Person, reason);
        return null;
    }, cancellationToken);
}
