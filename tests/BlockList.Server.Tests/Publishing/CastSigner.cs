using System.Security.Cryptography;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Tools.Deployments;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Signs with the demo people's own passkeys, for use cases that ask for a signer.</summary>
internal sealed class CastSigner(DemoCast cast) : IStatementSigner
{
    public (string? Credential, string? Problem) Find(Viewer person) => (cast[person.Person].Credential().Id, null);

    public (byte[] Nonce, Assertion Assertion) Sign(Viewer person, Func<byte[], byte[]> challengeOf)
    {
        using var key = cast[person.Person].OpenPasskey();
        var nonce = RandomNumberGenerator.GetBytes(DecisionChallenge.NonceLength);
        return (nonce, Assertion.Create(key, challengeOf(nonce), DevelopmentKeys.RelyingParty));
    }
}
