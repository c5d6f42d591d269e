using System.Security.Cryptography;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Tools.Deployments;

namespace BlockList.Tools.Benchmarks;

/// <summary>Signs for one demo person with their software passkey.</summary>
internal sealed class PersonalSigner(DemoPerson person) : IStatementSigner
{
    /// <summary>The person as if signed in.</summary>
    public Viewer Viewer => new(Guid.Empty, person.Id, person.Id, person.Agency, person.Agency, null, new HashSet<string> { person.Role }, TimeZoneInfo.Utc, "system", "{}");

    public (string? Credential, string? Problem) Find(Viewer viewer) => (person.Credential().Id, null);

    public (byte[] Nonce, Assertion Assertion) Sign(Viewer viewer, Func<byte[], byte[]> challengeOf)
    {
        using var key = person.OpenPasskey();
        var nonce = RandomNumberGenerator.GetBytes(DecisionChallenge.NonceLength);
        return (nonce, Assertion.Create(key, challengeOf(nonce), DevelopmentKeys.RelyingParty));
    }
}
