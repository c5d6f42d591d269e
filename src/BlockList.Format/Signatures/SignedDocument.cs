using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Format.Signatures;

/// <summary>
/// The envelope of every signed document: <c>{"signatures":[{"keyid","sig"}],"signed":{…}}</c>; signatures cover
/// the canonical bytes of <c>signed</c> (TUF specification 4.2).
/// </summary>
public sealed class SignedDocument
{
    private SignedDocument(JsonElement signed, byte[] signedBytes, IReadOnlyList<DocumentSignature> signatures)
    {
        Signed = signed;
        SignedBytes = signedBytes;
        Signatures = signatures;
    }

    /// <summary>The signed part, unknown fields included.</summary>
    public JsonElement Signed { get; }

    /// <summary>The canonical bytes that signatures cover.</summary>
    public byte[] SignedBytes { get; }

    public IReadOnlyList<DocumentSignature> Signatures { get; }

    /// <summary>Reads an envelope; nothing is verified yet.</summary>
    /// <exception cref="MalformedDocumentException">It is no envelope, or names one key twice.</exception>
    public static SignedDocument Parse(ReadOnlySpan<byte> utf8)
    {
        var fields = new JsonFields(CanonicalJson.Parse(utf8), "document");
        var signatures = new List<DocumentSignature>();
        foreach (var item in fields.Array("signatures"))
        {
            var signature = new JsonFields(item, "signature");
            signatures.Add(new DocumentSignature(signature.Text("keyid"), Hexadecimal(signature.Text("sig"))));
        }
        // One key that signs twice must never count twice (TUF specification 5.3.4).
        if (signatures.DistinctBy(s => s.KeyId).Count() != signatures.Count)
            throw new MalformedDocumentException("the document has two signatures of one key");
        var signed = fields.Required("signed");
        return new SignedDocument(signed, CanonicalJson.Encode(signed), signatures);
    }

    /// <summary>How many different keys of <paramref name="role"/> signed this document.</summary>
    public int CountValid(RoleKeys role, IReadOnlyDictionary<string, VerificationKey> keys)
    {
        var valid = new List<VerificationKey>();
        foreach (var keyId in role.KeyIds)
        {
            var signature = Signatures.FirstOrDefault(s => s.KeyId == keyId);
            if (signature is not null && keys.TryGetValue(keyId, out var key) && key.Verify(SignedBytes, signature.Value)
                && !valid.Exists(key.IsSameKeyAs))
                valid.Add(key);
        }
        return valid.Count;
    }

    /// <summary>Whether enough keys of <paramref name="role"/> signed. A threshold below 1, which no document can have
    /// but a file of one's own can, is never reached.</summary>
    public bool ReachesThreshold(RoleKeys role, IReadOnlyDictionary<string, VerificationKey> keys) =>
        role.Threshold > 0 && CountValid(role, keys) >= role.Threshold;

    /// <summary>The bytes of an envelope around <paramref name="signed"/>, without white space.</summary>
    public static byte[] Compose(JsonObject signed, IEnumerable<DocumentSignature> signatures) =>
        CanonicalJson.Print(new JsonObject
        {
            ["signatures"] = new JsonArray([.. signatures.Select(s => (JsonNode)new JsonObject
            {
                ["keyid"] = s.KeyId,
                ["sig"] = Convert.ToHexStringLower(s.Value),
            })]),
            ["signed"] = signed.DeepClone(),
        });

    private static byte[] Hexadecimal(string text)
    {
        try
        {
            return Convert.FromHexString(text);
        }
        catch (FormatException problem)
        {
            throw new MalformedDocumentException("a signature is not hexadecimal", problem);
        }
    }
}
