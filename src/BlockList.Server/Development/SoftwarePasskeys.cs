using System.Security.Cryptography;
using BlockList.Format;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Development;

/// <summary>Signs for demo people with the private keys in a folder: <c>anna.pem</c> signs for anna. Development builds only.</summary>
internal sealed class SoftwarePasskeys(IOptions<DevelopmentOptions> development, IOptions<RelyingPartyOptions> relyingParty) : IStatementSigner
{
    public (string? Credential, string? Problem) Find(Viewer person)
    {
        if (Open(person) is not { } key) return (null, "There is no software passkey for you in the folder of [Development] Passkeys, so nothing can be signed. Nothing was decided.");
        using (key) return (Hashes.Sha256(key.ExportSubjectPublicKeyInfo()), null);
    }

    public (byte[] Nonce, Assertion Assertion) Sign(Viewer person, Func<byte[], byte[]> challengeOf)
    {
        using var key = Open(person) ?? throw new InvalidOperationException("the passkey is gone");
        var nonce = RandomNumberGenerator.GetBytes(DecisionChallenge.NonceLength);
        return (nonce, Assertion.Create(key, challengeOf(nonce), relyingParty.Value.RelyingParty));
    }

    private ECDsa? Open(Viewer person)
    {
        // A person's id is of letters, digits, dots and hyphens: no path.
        var file = Path.Combine(development.Value.Passkeys, person.Person + ".pem");
        if (!File.Exists(file)) return null;
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(file));
        return key;
    }
}
