using BlockList.Server.Access;

namespace BlockList.Server.Curation;

/// <summary>Where a person's decision credential is asked for its signature.</summary>
internal interface IDecisionSigner
{
    /// <summary>The credential that signs for the person, or a sentence that says why none can.</summary>
    (string? Credential, string? Problem) Find(Viewer person);

    /// <summary>One assertion over the statement, or over the Merkle root of several.</summary>
    SignedDecisions Sign(Viewer person, IReadOnlyList<PreparedDecision> decisions);
}
