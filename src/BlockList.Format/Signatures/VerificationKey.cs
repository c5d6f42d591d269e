using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Format.Signatures;

/// <summary>
/// A public key of the metadata: ECDSA on P-256 with SHA-256, signatures in DER (TUF scheme
/// <c>ecdsa-sha2-nistp256</c>). Its id is the SHA-256 of its canonical JSON.
/// </summary>
public sealed class VerificationKey
{
    private const string KeyType = "ecdsa";
    private const string Scheme = "ecdsa-sha2-nistp256";
    private readonly ECParameters? parameters;

    private VerificationKey(string keyId, JsonElement json, ECParameters? parameters)
    {
        KeyId = keyId;
        Json = json;
        this.parameters = parameters;
    }

    /// <summary>SHA-256 of the canonical key object, lower-case hexadecimal.</summary>
    public string KeyId { get; }

    /// <summary>The key object as it stands in a document, unknown fields included.</summary>
    public JsonElement Json { get; }

    /// <summary>Makes the key object for a P-256 public key.</summary>
    /// <exception cref="ArgumentException">The key lies on another curve.</exception>
    public static VerificationKey From(ECDsa key)
    {
        var found = key.ExportParameters(includePrivateParameters: false);
        if (!P256.Holds(found)) throw new ArgumentException("only keys on P-256 sign this format", nameof(key));
        var json = new JsonObject
        {
            ["keytype"] = KeyType,
            ["keyval"] = new JsonObject { ["public"] = key.ExportSubjectPublicKeyInfoPem() + "\n" },
            ["scheme"] = Scheme,
        };
        return new VerificationKey(Hashes.Sha256(CanonicalJson.Encode(json)), CanonicalJson.Parse(CanonicalJson.Print(json)), found);
    }

    /// <summary>Reads a key object. A key of a type or scheme that this version does not know is kept and never
    /// verifies, so that a second kind of key can be added to a role before every client knows it.</summary>
    /// <exception cref="MalformedDocumentException">It is no key object, or holds another curve's key.</exception>
    public static VerificationKey Parse(JsonElement json)
    {
        var fields = new JsonFields(json, "key");
        var keyId = Hashes.Sha256(CanonicalJson.Encode(json));
        if (fields.Text("keytype") != KeyType || fields.Text("scheme") != Scheme)
            return new VerificationKey(keyId, json.Clone(), null);
        using var key = ReadPem(fields.Object("keyval").Text("public"))
            ?? throw new MalformedDocumentException("a key's public part is not the PEM of a public key on P-256");
        return new VerificationKey(keyId, json.Clone(), key.ExportParameters(includePrivateParameters: false));
    }

    /// <summary>Reads one public key and nothing beside it. ImportFromPem would also take a private key, whose owner were
    /// never told that it is public now, and text and bytes around the key, which other readers refuse.</summary>
    private static ECDsa? ReadPem(string pem) =>
        PemEncoding.TryFind(pem, out var found) && pem[found.Label] == "PUBLIC KEY" && pem[found.Location] == pem.Trim()
            ? P256.Read(Convert.FromBase64String(pem[found.Base64Data]))
            : null;

    /// <summary>Whether both hold one key. Its id covers every byte of the object, line ends of the PEM text included,
    /// so that one key can stand under many ids.</summary>
    internal bool IsSameKeyAs(VerificationKey other) => parameters is { } mine && other.parameters is { } theirs
        && mine.Q.X.AsSpan().SequenceEqual(theirs.Q.X) && mine.Q.Y.AsSpan().SequenceEqual(theirs.Q.Y);

    /// <summary>How a signed note names this key (C2SP signed-note, kind 2): the first four bytes of the SHA-256 of its
    /// SubjectPublicKeyInfo. Empty for a key that this version does not know.</summary>
    public byte[] NoteKeyId()
    {
        if (parameters is null) return [];
        using var key = ECDsa.Create(parameters.Value);
        return SHA256.HashData(key.ExportSubjectPublicKeyInfo())[..4];
    }

    /// <summary>Whether <paramref name="signature"/> (DER) by this key covers <paramref name="data"/>.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (parameters is null) return false;
        using var key = ECDsa.Create(parameters.Value);
        return key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }
}
