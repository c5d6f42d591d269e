using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Signatures;
using Xunit;

namespace BlockList.Format.Tests.Signatures;

public sealed class VerificationKeyTests : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => key.Dispose();

    [Fact]
    public void A_key_is_printed_read_and_verifies()
    {
        var made = VerificationKey.From(key);

        var read = VerificationKey.Parse(made.Json);

        Assert.Equal(Hashes.Sha256(CanonicalJson.Encode(made.Json)), read.KeyId);
        Assert.Equal(made.KeyId, read.KeyId);
        Assert.True(read.Verify("text"u8, Sign("text"u8)));
        Assert.False(read.Verify("texT"u8, Sign("text"u8)));
    }

    [Fact]
    public void The_id_is_the_hash_of_every_byte_of_the_object()
    {
        var made = VerificationKey.From(key);
        var other = JsonNode.Parse(made.Json.GetRawText())!.AsObject();
        other["unknown"] = 1;

        var read = VerificationKey.Parse(CanonicalJson.Parse(CanonicalJson.Print(other)));

        Assert.NotEqual(made.KeyId, read.KeyId);
        Assert.Equal(1, read.Json.GetProperty("unknown").GetInt32());
        Assert.True(read.Verify("text"u8, Sign("text"u8)));
    }

    [Fact]
    public void A_signature_in_the_other_encoding_or_of_another_hash_is_none()
    {
        var made = VerificationKey.From(key);
        Assert.False(made.Verify("text"u8, key.SignData("text"u8, HashAlgorithmName.SHA256)));
        Assert.False(made.Verify("text"u8, key.SignData("text"u8, HashAlgorithmName.SHA512, DSASignatureFormat.Rfc3279DerSequence)));
        Assert.False(made.Verify("text"u8, []));
        Assert.False(made.Verify("text"u8, [.. Sign("text"u8), 0]));
    }

    [Theory]
    [InlineData("nistP384")]
    [InlineData("nistP521")]
    [InlineData("secp256k1")]
    [InlineData("brainpoolP256r1")]
    public void Keys_on_other_curves_are_refused_those_of_the_same_size_too(string curve)
    {
        using var other = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        Assert.Throws<ArgumentException>(() => VerificationKey.From(other));
        Refused(other.ExportSubjectPublicKeyInfoPem());
    }

    [Fact]
    public void What_is_no_public_key_is_refused()
    {
        using var rsa = RSA.Create(new RSAParameters { Modulus = [.. Enumerable.Repeat((byte)0xff, 256)], Exponent = [1, 0, 1] });
        var pem = key.ExportSubjectPublicKeyInfoPem();
        var offCurve = key.ExportSubjectPublicKeyInfo();
        offCurve[^1] ^= 1;
        var unknownCurve = key.ExportSubjectPublicKeyInfo();
        unknownCurve[16] ^= 1;
        byte[] infinity = [0x30, 0x19, .. key.ExportSubjectPublicKeyInfo()[2..23], 3, 2, 0, 0];

        Refused("");
        Refused("text");
        Refused(pem[..^1]);
        Refused(pem + "\n" + pem);
        Refused(rsa.ExportSubjectPublicKeyInfoPem());
        Refused(PemEncoding.WriteString("PUBLIC KEY", [0x30, 0]));
        Refused(PemEncoding.WriteString("PUBLIC KEY", [.. key.ExportSubjectPublicKeyInfo(), 0]));
        Refused(PemEncoding.WriteString("PUBLIC KEY", offCurve));
        Refused(PemEncoding.WriteString("PUBLIC KEY", infinity));
        Refused(PemEncoding.WriteString("PUBLIC KEY", [.. key.ExportSubjectPublicKeyInfo().AsSpan(0, 27), .. new byte[64]]));
        Refused(PemEncoding.WriteString("PUBLIC KEY", unknownCurve));
        Refused(PemEncoding.WriteString("CERTIFICATE", key.ExportSubjectPublicKeyInfo()));
    }

    [Fact]
    public void A_private_key_is_refused_where_a_public_one_belongs()
    {
        Refused(key.ExportECPrivateKeyPem());
        Refused(key.ExportPkcs8PrivateKeyPem());
        Refused(key.ExportSubjectPublicKeyInfoPem() + "\n" + key.ExportPkcs8PrivateKeyPem());
    }

    [Theory]
    [InlineData("ed25519", "ed25519")]
    [InlineData("ecdsa", "ecdsa-sha2-nistp384")]
    [InlineData("ECDSA", "ecdsa-sha2-nistp256")]
    public void A_key_of_a_kind_that_is_not_known_yet_is_kept_and_never_verifies(string type, string scheme)
    {
        var read = VerificationKey.Parse(Object(type, scheme, key.ExportSubjectPublicKeyInfoPem()));

        Assert.Equal(64, read.KeyId.Length);
        Assert.False(read.Verify("text"u8, Sign("text"u8)));
    }

    private static void Refused(string pem) =>
        Assert.Equal("a key's public part is not the PEM of a public key on P-256", Assert.Throws<MalformedDocumentException>(() => VerificationKey.Parse(Object("ecdsa", "ecdsa-sha2-nistp256", pem))).Message);

    private static JsonElement Object(string type, string scheme, string pem) => CanonicalJson.Parse(CanonicalJson.Print(new JsonObject
    {
        ["keytype"] = type,
        ["scheme"] = scheme,
        ["keyval"] = new JsonObject { ["public"] = pem },
    }));

    private byte[] Sign(ReadOnlySpan<byte> data) => key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
}
