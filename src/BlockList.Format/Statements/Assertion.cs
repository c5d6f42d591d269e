using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using BlockList.Format.Json;
using BlockList.Format.Signatures;

namespace BlockList.Format.Statements;

/// <summary>
/// A complete WebAuthn assertion, kept so that anyone can verify it again off line
/// (Web Authentication Level 2, section 7.2, and step 17 of Level 3; ES256 only).
/// </summary>
/// <param name="AuthenticatorData">RP id hash (32), flags (1), counter (4), extensions.</param>
/// <param name="ClientDataJson">What the browser says was signed, UTF-8 JSON.</param>
/// <param name="Signature">ECDSA in DER over authenticator data and the SHA-256 of the client data.</param>
public sealed record Assertion(byte[] AuthenticatorData, byte[] ClientDataJson, byte[] Signature)
{
    private const int MaximumLength = 4096;
    private const byte UserPresent = 0x01;
    private const byte UserVerified = 0x04;
    private const byte BackupEligible = 0x08;
    private const byte BackedUp = 0x10;
    private const byte ExtensionData = 0x80;
    private const byte AttestedData = 0x40;

    /// <summary>What an authenticator with this key would answer after verifying its user. For software passkeys of tests
    /// and development builds; nothing that runs in production holds such a key.</summary>
    public static Assertion Create(ECDsa key, ReadOnlySpan<byte> challenge, RelyingParty relyingParty)
    {
        byte[] authenticatorData = [.. SHA256.HashData(Encoding.UTF8.GetBytes(relyingParty.Id)), UserPresent | UserVerified, 0, 0, 0, 0];
        var clientData = Encoding.UTF8.GetBytes(
            $$"""{"type":"webauthn.get","challenge":"{{Base64Url.EncodeToString(challenge)}}","origin":"{{relyingParty.Origin}}","crossOrigin":false}""");
        byte[] data = [.. authenticatorData, .. SHA256.HashData(clientData)];
        return new Assertion(authenticatorData, clientData, key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    /// <summary>Why this is no assertion over <paramref name="challenge"/> by the key, or null where it is one.</summary>
    /// <param name="challenge">The 32 bytes that had to be signed.</param>
    /// <param name="relyingParty">Whom it must have been signed for.</param>
    /// <param name="publicKey">SubjectPublicKeyInfo of the credential, P-256.</param>
    public string? FindProblem(ReadOnlySpan<byte> challenge, RelyingParty relyingParty, ReadOnlySpan<byte> publicKey)
    {
        if (AuthenticatorData.Length is < 37 or > MaximumLength || ClientDataJson.Length > MaximumLength || Signature.Length > 128)
            return "a part of the assertion has an impossible length";
        try
        {
            return FindProblemInClientData(challenge, relyingParty)
                ?? FindProblemInAuthenticatorData(relyingParty)
                ?? (SignatureHolds(publicKey) ? null : "the signature does not belong to the credential");
        }
        catch (Exception problem) when (problem is MalformedDocumentException or CryptographicException)
        {
            return problem.Message;
        }
    }

    private string? FindProblemInClientData(ReadOnlySpan<byte> challenge, RelyingParty relyingParty)
    {
        var fields = new JsonFields(CanonicalJson.Parse(ClientDataJson), "client data");
        if (fields.Text("type") != "webauthn.get") return "the client data is not of type webauthn.get";
        // Compared as text: base64url has one spelling only, and a lax decoder would let others pass.
        if (fields.Text("challenge") != Base64Url.EncodeToString(challenge)) return "another challenge was signed";
        if (fields.Text("origin") != relyingParty.Origin) return "it was signed at another origin";
        return fields.Has("crossOrigin") && fields.Boolean("crossOrigin") ? "it was signed inside another site's frame" : null;
    }

    private string? FindProblemInAuthenticatorData(RelyingParty relyingParty)
    {
        if (!AuthenticatorData.AsSpan(0, 32).SequenceEqual(SHA256.HashData(Encoding.UTF8.GetBytes(relyingParty.Id))))
            return "it was signed for another relying party";
        var flags = AuthenticatorData[32];
        if ((flags & UserPresent) == 0) return "nobody was present";
        if ((flags & UserVerified) == 0) return "the person was not verified";
        if ((flags & AttestedData) != 0) return "an assertion carries no attested credential";
        if ((flags & (BackupEligible | BackedUp)) == BackedUp) return "it says that its passkey is backed up and cannot be";
        if ((flags & ExtensionData) == 0 && AuthenticatorData.Length != 37) return "bytes follow that no flag announces";
        if ((flags & ExtensionData) != 0 && AuthenticatorData.Length == 37) return "a flag announces bytes that do not follow";
        return null;
    }

    private bool SignatureHolds(ReadOnlySpan<byte> publicKey)
    {
        using var key = P256.Read(publicKey);
        byte[] data = [.. AuthenticatorData, .. SHA256.HashData(ClientDataJson)];
        return key is not null && key.VerifyData(data, Signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }
}
