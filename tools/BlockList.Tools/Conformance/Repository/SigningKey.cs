using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Signatures;

namespace BlockList.Tools.Conformance.Repository;

/// <summary>A key of a vector's repository, made at run time and never written down.</summary>
internal sealed class SigningKey
{
    private readonly ECDsa key;

    public SigningKey() : this(ECDsa.Create(ECCurve.NamedCurves.nistP256), _ => { })
    {
    }

    private SigningKey(ECDsa key, Action<JsonObject> alter)
    {
        this.key = key;
        var json = JsonNode.Parse(VerificationKey.From(key).Json.GetRawText())!.AsObject();
        alter(json);
        Public = VerificationKey.Parse(CanonicalJson.Parse(CanonicalJson.Print(json)));
    }

    public VerificationKey Public { get; }

    public string Id => Public.KeyId;

    /// <summary>The same key with one more field in its object, and so under another id.</summary>
    public SigningKey With(string field, JsonNode? value) => new(key, json => json[field] = value);

    public JsonObject Sign(JsonObject signed) => new()
    {
        ["keyid"] = Id,
        ["sig"] = Convert.ToHexStringLower(SignBytes(CanonicalJson.Encode(signed))),
    };

    public byte[] SignBytes(ReadOnlySpan<byte> bytes) => key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
}
