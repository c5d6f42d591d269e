using System.Security.Cryptography;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Tools.Deployments;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Signs for whoever of the cast asks, with their software passkey.</summary>
internal sealed class CastSigner(DemoCast cast) : IStatementSigner
{
    /// <summary>A person as if signed in.</summary>
    public static Viewer ViewerOf(DemoPerson person) =>
        new(Guid.Empty, person.Id, person.Id, person.Agency, person.Agency, null, new HashSet<string> { person.Role }, TimeZoneInfo.Utc, "system", "{}");

    public (string? Credential, string? Problem) Find(Viewer person) => (cast[person.Person].Credential().Id, null);

    public (byte[] Nonce, Assertion Assertion) Sign(Viewer person, Func<byte[], byte[]> challengeOf)
    {
        using var key = cast[person.Person].OpenPasskey();
        var nonce = RandomNumberGenerator.GetBytes(DecisionChallenge.NonceLength);
        return (nonce, Assertion.Create(key, challengeOf(nonce), DevelopmentKeys.RelyingParty));
    }
}
