using BlockList.Format.Statements;
using BlockList.Server.Access;

namespace BlockList.Server.Complaints.Cases;

/// <summary>Decides a complaint, or its appeal, for every entry that is chosen: signed entry by entry, written down once.</summary>
internal sealed class DecideCase(CaseSteps steps, DecideComplaint decide)
{
    /// <summary>Beside the outcomes that are signed: nothing that it is about is on a list.</summary>
    public const string NoEntry = "no-entry";

    /// <param name="person">A complaints officer, or oversight; of an appeal, oversight and not who decided first.</param>
    /// <param name="reference">Of the case.</param>
    /// <param name="episodes">What is decided about; none with <see cref="NoEntry"/>.</param>
    /// <param name="outcome">A word of <see cref="ComplaintWords"/>, or <see cref="NoEntry"/>.</param>
    /// <param name="criterion">That decided it; null for none.</param>
    /// <param name="reason">Who complained reads it, once control is proven.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public Task<CaseOutcome> RunAsync(Viewer person, string reference, IReadOnlyList<Guid> episodes, string outcome, string? criterion, string reason, CancellationToken cancellationToken) => steps.RunAsync(async connection =>
    {
        if (outcome != NoEntry)
        {
            if (!ComplaintWords.TryParse(outcome, out var word)) return "Choose what the complaint came to.";
            if (episodes.Count == 0) return "Choose which entries this decides about.";
            foreach (var episode in episodes)
                if (CaseSteps.ProblemOf(await decide.RunAsync(connection, person, new CaseEntry(reference, episode, reason, criterion), word, cancellationToken)) is { } problem) return problem;
        }
        await CaseSteps.CallAsync(connection, "complaint.record_outcome", cancellationToken, reference, person.Person, outcome, criterion, reason);
        return null;
    }, cancellationToken);
}
