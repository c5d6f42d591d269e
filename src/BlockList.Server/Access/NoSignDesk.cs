using BlockList.Format.Statements;

namespace BlockList.Server.Access;

/// <summary>Of an installation without the role that asks people's passkeys: nothing can be decided there, and it says so.</summary>
internal sealed class NoSignDesk : IStatementSigner
{
    public (string? Credential, string? Problem) Find(Viewer person) =>
        (null, "Decisions are signed with people's own passkeys at the sign-desk, and this installation has none yet. Nothing was decided. Ask the operator to set it up.");

    public (byte[] Nonce, Assertion Assertion) Sign(Viewer person, Func<byte[], byte[]> challengeOf) => throw new InvalidOperationException("there is no sign-desk");
}
