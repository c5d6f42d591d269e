using BlockList.Server.Access;

namespace BlockList.Server.Curation;

/// <summary>Of an installation without the role that asks people's passkeys: nothing can be decided there, and it says so.</summary>
internal sealed class NoSignDesk : IDecisionSigner
{
    public (string? Credential, string? Problem) Find(Viewer person) =>
        (null, "Decisions are signed with people's own passkeys at the sign-desk, and this installation has none yet. Nothing was decided. Ask the operator to set it up.");

    public SignedDecisions Sign(Viewer person, IReadOnlyList<PreparedDecision> decisions) => throw new InvalidOperationException("there is no sign-desk");
}
