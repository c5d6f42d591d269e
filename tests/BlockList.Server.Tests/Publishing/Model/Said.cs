using BlockList.Format.Statements;

namespace BlockList.Server.Tests.Publishing.Model;

/// <summary>One decision in the words of the model.</summary>
/// <param name="Finding">All criteria met, one of them not met, or undetermined; null where nothing is judged.</param>
/// <param name="Criteria">Which of <see cref="LedgerHistory.CriteriaVersions"/> it was made under.</param>
/// <param name="Rule">Of the guard, where it is overridden or enforced.</param>
/// <param name="At">When it was received.</param>
/// <param name="Case">The complaint, where it is about one.</param>
/// <param name="Outcome">What the complaint came to.</param>
internal sealed record Said(Guid Id, DecisionKind Kind, Guid Episode, string Scope, Signer By, Verdict? Finding, int Criteria, DateTime? Seen, Guid? Supersedes, string? Rule, DateTime At, string? Case = null, ComplaintOutcome? Outcome = null)
{
    public bool IsVote => Kind is DecisionKind.Proposal or DecisionKind.Assessment or DecisionKind.Withdrawal;

    public bool IsOfComplaint => Kind is DecisionKind.Suspension or DecisionKind.SuspensionEnd or DecisionKind.ComplaintOutcome;

    public bool IsOfRelease => Kind is DecisionKind.Removal or DecisionKind.Override or DecisionKind.Enforcement;
}
