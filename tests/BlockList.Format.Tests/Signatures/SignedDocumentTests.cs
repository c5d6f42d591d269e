using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Signatures;
using BlockList.Format.Tests.Fixtures;
using Xunit;

namespace BlockList.Format.Tests.Signatures;

public sealed class SignedDocumentTests
{
    private static readonly SigningKey One = new();
    private static readonly SigningKey Two = new();
    private static readonly SigningKey Three = new();
    private static readonly RoleKeys TwoOfThree = new([One.Id, Two.Id, Three.Id], 2);
    private static readonly Dictionary<string, VerificationKey> Keys = new[] { One, Two, Three }.ToDictionary(k => k.Id, k => k.Public, StringComparer.Ordinal);

    private readonly JsonObject signed = new() { ["value"] = 1 };

    [Fact]
    public void A_document_with_a_pem_key_in_it_is_json_and_verifies_after_reading()
    {
        var withKey = new JsonObject { ["key"] = JsonNode.Parse(One.Public.Json.GetRawText()), ["text"] = "\u0001\t\"\\\u007f é" };

        var bytes = SignedDocument.Compose(withKey, [One.Sign(withKey)]);

        using var anyReader = JsonDocument.Parse(bytes);
        Assert.EndsWith("-----\n", anyReader.RootElement.GetProperty("signed").GetProperty("key").GetProperty("keyval").GetProperty("public").GetString(), StringComparison.Ordinal);
        var read = SignedDocument.Parse(bytes);
        Assert.Equal(CanonicalJson.Encode(withKey), read.SignedBytes);
        Assert.Equal(1, read.CountValid(new RoleKeys([One.Id], 1), Keys));
        Assert.Equal(One.Id, VerificationKey.Parse(read.Signed.GetProperty("key")).KeyId);
    }

    [Fact]
    public void Bytes_printed_as_a_file_have_sorted_keys_and_no_white_space() =>
        Assert.Equal("""{"a":[1,true,null],"b":"x\ny"}"""u8.ToArray(), CanonicalJson.Print(new JsonObject { ["b"] = "x\ny", ["a"] = new JsonArray(1, true, null) }));

    [Fact]
    public void As_many_keys_as_the_threshold_reach_it_and_fewer_do_not()
    {
        Assert.Equal((0, false), Count());
        Assert.Equal((1, false), Count(One.Sign(signed)));
        Assert.Equal((2, true), Count(One.Sign(signed), Three.Sign(signed)));
        Assert.Equal((3, true), Count(One.Sign(signed), Two.Sign(signed), Three.Sign(signed)));
    }

    [Fact]
    public void Signatures_of_others_are_read_and_do_not_count()
    {
        var stranger = new SigningKey();
        var unknown = new DocumentSignature("nobody", [1, 2, 3]);

        Assert.Equal((1, false), Count(stranger.Sign(signed), unknown, One.Sign(signed)));
        // Known to the document, but not in this role.
        Assert.Equal(1, Read(One.Sign(signed), Two.Sign(signed)).CountValid(new RoleKeys([Two.Id], 1), Keys));
        // In this role, but the document does not hold the key.
        Assert.Equal(1, Read(One.Sign(signed), stranger.Sign(signed)).CountValid(new RoleKeys([One.Id, stranger.Id], 1), Keys));
    }

    [Fact]
    public void A_signature_under_another_keys_id_does_not_count() =>
        Assert.Equal((1, false), Count(One.Sign(signed), One.Sign(signed) with { KeyId = Two.Id }));

    [Fact]
    public void Empty_and_broken_signatures_do_not_count()
    {
        var good = One.Sign(signed).Value;
        byte[][] broken =
        [
            [], [0], good[..^1], [.. good, 0], [.. good.Reverse()], new byte[10_000],
            // r = s = 0, and r = s = 1 in DER: values that lazy verifiers have taken.
            [0x30, 6, 2, 1, 0, 2, 1, 0], [0x30, 6, 2, 1, 1, 2, 1, 1],
        ];
        foreach (var value in broken)
            Assert.Equal((1, false), Count(new DocumentSignature(One.Id, value), Two.Sign(signed)));
    }

    [Fact]
    public void A_key_that_signs_twice_refuses_the_document_even_if_nobody_asks_for_it()
    {
        Assert.Contains("two signatures of one key", Assert.Throws<MalformedDocumentException>(() => Read(One.Sign(signed), One.Sign(signed))).Message, StringComparison.Ordinal);
        Assert.Throws<MalformedDocumentException>(() => Read(One.Sign(signed), new DocumentSignature("x", []), new DocumentSignature("x", [1])));
    }

    [Fact]
    public void One_key_under_two_ids_counts_once()
    {
        // Every key object has its own id; these two hold the same key.
        var json = JsonNode.Parse(One.Public.Json.GetRawText())!.AsObject();
        json["note"] = "again";
        var again = VerificationKey.Parse(CanonicalJson.Parse(CanonicalJson.Print(json)));
        var keys = new Dictionary<string, VerificationKey>(Keys, StringComparer.Ordinal) { [again.KeyId] = again };
        var role = new RoleKeys([One.Id, again.KeyId], 2);

        var read = Read(One.Sign(signed), One.Sign(signed) with { KeyId = again.KeyId });

        Assert.NotEqual(One.Id, again.KeyId);
        Assert.Equal(1, read.CountValid(role, keys));
        Assert.False(read.ReachesThreshold(role, keys));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_threshold_below_one_is_never_reached(int threshold) =>
        Assert.False(Read(One.Sign(signed)).ReachesThreshold(new RoleKeys([One.Id], threshold), Keys));

    [Fact]
    public void White_space_and_key_order_do_not_matter_and_every_value_does()
    {
        var content = new JsonObject { ["a"] = 1, ["b"] = "x" };
        var signature = Convert.ToHexString(One.Sign(content).Value);

        Assert.Equal(1, CountOf($$"""{ "signed" : { "b" : "\u0078", "a" : 1 }, "signatures" : [ { "sig" : "{{signature}}", "keyid" : "{{One.Id}}" } ], "more": 1 }"""));
        Assert.Equal(0, CountOf($$"""{"signatures":[{"keyid":"{{One.Id}}","sig":"{{signature}}"}],"signed":{"a":1,"b":"y"} }"""));
        Assert.Equal(0, CountOf($$"""{"signatures":[{"keyid":"{{One.Id}}","sig":"{{signature}}"}],"signed":{"a":1,"b":"x","c":null} }"""));

        static int CountOf(string text) => SignedDocument.Parse(Encoding.UTF8.GetBytes(text)).CountValid(new RoleKeys([One.Id], 1), Keys);
    }

    [Theory]
    [InlineData("""{"signatures":[]}""")]
    [InlineData("""{"signed":{}}""")]
    [InlineData("""{"signatures":[],"signed":null}""")]
    [InlineData("""{"signatures":{},"signed":{}}""")]
    [InlineData("""{"signatures":[1],"signed":{}}""")]
    [InlineData("""{"signatures":[{}],"signed":{}}""")]
    [InlineData("""{"signatures":[{"keyid":"a"}],"signed":{}}""")]
    [InlineData("""{"signatures":[{"keyid":1,"sig":""}],"signed":{}}""")]
    [InlineData("""{"signatures":[{"keyid":"a","sig":"0"}],"signed":{}}""")]
    [InlineData("""{"signatures":[{"keyid":"a","sig":"zz"}],"signed":{}}""")]
    [InlineData("""{"signatures":[{"keyid":"\ud800","sig":""}],"signed":{}}""")]
    [InlineData("""{"signatures":[],"signed":{"a":1.5}}""")]
    [InlineData("""{"signatures":[],"signed":{"a":1},"signed":{"a":2}}""")]
    [InlineData("""{"signatures":[],"signed":{},"\u0073igned":{}}""")]
    [InlineData("[]")]
    [InlineData("null")]
    public void What_is_no_envelope_is_refused(string text) =>
        Assert.Throws<MalformedDocumentException>(() => SignedDocument.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_signed_number_that_readers_hold_differently_is_refused() =>
        Assert.Throws<MalformedDocumentException>(() => SignedDocument.Parse("""{"signatures":[],"signed":{"v":9007199254740993}}"""u8));

    private SignedDocument Read(params DocumentSignature[] signatures) => SignedDocument.Parse(SignedDocument.Compose(signed, signatures));

    private (int, bool) Count(params DocumentSignature[] signatures)
    {
        var read = Read(signatures);
        return (read.CountValid(TwoOfThree, Keys), read.ReachesThreshold(TwoOfThree, Keys));
    }
}
