using BlockList.Format.Statements;

namespace BlockList.Server.Tests.Publishing.Model;

/// <summary>One decision in the words of the model.</summary>
/// <param name="Finding">All criteria met, one of them not met, or undetermined; null where nothing is judged.</param>
/// <param name="At">When it was received.</param>
internal sealed record Said(Guid Id, DecisionKind Kind, Guid Episode, string Scope, Signer By, Verdict? Finding, bool UnderAcceptedCriteria, DateTime? Seen, Guid? Supersedes, DateTime At)
{
    public bool IsVote => Kind is DecisionKind.Proposal or DecisionKind.Assessment or DecisionKind.Withdrawal;
}
