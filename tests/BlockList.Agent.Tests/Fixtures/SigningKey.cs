using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Signatures;

namespace BlockList.Agent.Tests.Fixtures;

/// <summary>A key of a repository, made at run time.</summary>
internal sealed class SigningKey
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public SigningKey() => Public = VerificationKey.From(key);

    public VerificationKey Public { get; }

    public string Id => Public.KeyId;

    public DocumentSignature Sign(JsonObject signed) =>
        new(Id, SignBytes(CanonicalJson.Encode(signed)));

    public byte[] SignBytes(ReadOnlySpan<byte> bytes) => key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
}
