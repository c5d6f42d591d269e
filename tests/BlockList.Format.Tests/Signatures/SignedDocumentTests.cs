using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Signatures;
using Xunit;

namespace BlockList.Format.Tests.Signatures;

public sealed class SignedDocumentTests
{
    [Fact]
    public void A_document_with_a_pem_key_in_it_is_json_and_verifies_after_reading()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var verification = VerificationKey.From(key);
        var signed = new JsonObject { ["key"] = JsonNode.Parse(verification.Json.GetRawText()), ["text"] = "\u0001\t\"\\\u007f é" };
        var signature = new DocumentSignature(verification.KeyId, key.SignData(CanonicalJson.Encode(signed), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

        var bytes = SignedDocument.Compose(signed, [signature]);

        using var anyReader = JsonDocument.Parse(bytes);
        Assert.EndsWith("-----\n", anyReader.RootElement.GetProperty("signed").GetProperty("key").GetProperty("keyval").GetProperty("public").GetString(), StringComparison.Ordinal);
        var read = SignedDocument.Parse(bytes);
        Assert.Equal(CanonicalJson.Encode(signed), read.SignedBytes);
        Assert.Equal(1, read.CountValid(new RoleKeys([verification.KeyId], 1), new Dictionary<string, VerificationKey> { [verification.KeyId] = verification }));
        Assert.Equal(verification.KeyId, VerificationKey.Parse(read.Signed.GetProperty("key")).KeyId);
    }

    [Fact]
    public void Bytes_printed_as_a_file_have_sorted_keys_and_no_white_space() =>
        Assert.Equal("""{"a":[1,true,null],"b":"x\ny"}"""u8.ToArray(), CanonicalJson.Print(new JsonObject { ["b"] = "x\ny", ["a"] = new JsonArray(1, true, null) }));
}
