using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Signatures;

namespace BlockList.Format.Tests.Fixtures;

/// <summary>A P-256 key made at run time, with its entry for documents.</summary>
internal sealed class SigningKey
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    internal SigningKey() => Public = VerificationKey.From(key);

    internal VerificationKey Public { get; }

    internal string Id => Public.KeyId;

    internal string PublicPem => key.ExportSubjectPublicKeyInfoPem();

    internal DocumentSignature Sign(JsonObject signed) => new(Id, SignBytes(CanonicalJson.Encode(signed)));

    internal byte[] SignBytes(ReadOnlySpan<byte> bytes) => key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
}
