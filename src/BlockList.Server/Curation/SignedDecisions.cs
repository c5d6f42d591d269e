using BlockList.Format.Statements;

namespace BlockList.Server.Curation;

/// <summary>Statements and the one assertion that signs them: over the statement itself where there is one and it was
/// signed alone, over the Merkle root otherwise.</summary>
internal sealed record SignedDecisions(IReadOnlyList<PreparedDecision> Decisions, bool IsBatch, byte[] Nonce, Assertion Assertion)
{
    public byte[] Challenge => ChallengeOf(Decisions, IsBatch, Nonce);

    public static byte[] ChallengeOf(IReadOnlyList<PreparedDecision> decisions, bool isBatch, byte[] nonce) => isBatch
        ? DecisionChallenge.ForBatch(nonce, MerkleTree.Root(decisions.Select(d => d.Bytes)))
        : DecisionChallenge.ForStatement(nonce, decisions.Single().Bytes);
}
