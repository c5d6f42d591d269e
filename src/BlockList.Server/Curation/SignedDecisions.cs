using BlockList.Format.Statements;
using BlockList.Server.Access;

namespace BlockList.Server.Curation;

/// <summary>Statements and the one assertion that signs them: over the statement itself where there is one and it was
/// signed alone, over the Merkle root otherwise.</summary>
internal sealed record SignedDecisions(IReadOnlyList<PreparedDecision> Decisions, bool IsBatch, byte[] Nonce, Assertion Assertion)
{
    /// <summary>Has the person's credential sign them all at once.</summary>
    public static SignedDecisions By(IStatementSigner signer, Viewer person, IReadOnlyList<PreparedDecision> decisions)
    {
        var isBatch = decisions.Count > 1;
        var (nonce, assertion) = signer.Sign(person, nonce => ChallengeOf(decisions, isBatch, nonce));
        return new SignedDecisions(decisions, isBatch, nonce, assertion);
    }

    public byte[] Challenge => ChallengeOf(Decisions, IsBatch, Nonce);

    public static byte[] ChallengeOf(IReadOnlyList<PreparedDecision> decisions, bool isBatch, byte[] nonce) => isBatch
        ? DecisionChallenge.ForBatch(nonce, MerkleTree.Root(decisions.Select(d => d.Bytes)))
        : DecisionChallenge.ForStatement(nonce, decisions.Single().Bytes);
}
