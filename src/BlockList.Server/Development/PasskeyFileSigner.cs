using System.Security.Cryptography;
using BlockList.Format;
using BlockList.Format.Statements;
using BlockList.Server.Access;

namespace BlockList.Server.Development;

/// <summary>Signs with one software passkey, whoever is named: the file says who it is. Development builds only.</summary>
internal sealed class PasskeyFileSigner(ECDsa key, RelyingParty relyingParty) : IStatementSigner
{
    public string Credential => Hashes.Sha256(key.ExportSubjectPublicKeyInfo());

    public (string? Credential, string? Problem) Find(Viewer person) => (Credential, null);

    public (byte[] Nonce, Assertion Assertion) Sign(Viewer person, Func<byte[], byte[]> challengeOf)
    {
        var nonce = RandomNumberGenerator.GetBytes(DecisionChallenge.NonceLength);
        return (nonce, Assertion.Create(key, challengeOf(nonce), relyingParty));
    }
}
