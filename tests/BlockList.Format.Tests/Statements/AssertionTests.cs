using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using BlockList.Format.Statements;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace BlockList.Format.Tests.Statements;

/// <summary>Web Authentication Level 2, section 7.2: one deviation at a time, signed by the right key where it can be.</summary>
public sealed class AssertionTests : IDisposable
{
    private static readonly RelyingParty Party = new("sign.operator.example", "https://sign.operator.example");
    private static readonly byte[] Challenge = SHA256.HashData("what is decided"u8);

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] publicKey;

    public AssertionTests() => publicKey = key.ExportSubjectPublicKeyInfo();

    public void Dispose() => key.Dispose();

    [Fact]
    public void An_assertion_over_the_challenge_by_the_credential_is_one()
    {
        Assert.Null(Assertion.Create(key, Challenge, Party).FindProblem(Challenge, Party, publicKey));
        Assert.Null(Problem());
    }

    [Theory]
    [InlineData("""{"challenge":"@","origin":"https://sign.operator.example","type":"webauthn.get"}""")]
    [InlineData("""{"type":"webauthn.get","challenge":"@","origin":"https://sign.operator.example","crossOrigin":false,"other_keys_can_be_added_here":"do not compare clientDataJSON against a template."}""")]
    [InlineData("""{ "type" : "webauthn.get", "challenge" : "@", "origin" : "https:\/\/sign.operator.example", "tokenBinding" : { "status" : "supported" } }""")]
    public void Browsers_write_client_data_in_their_own_ways(string clientData) => Assert.Null(Problem(clientData: clientData));

    [Fact]
    public void Counters_backup_flags_and_announced_extensions_are_fine()
    {
        Assert.Null(Problem(authenticatorData: AuthenticatorData(0x05, counter: 4_294_967_295)));
        Assert.Null(Problem(authenticatorData: AuthenticatorData(0x1d)));
        // A CBOR map with one entry.
        Assert.Null(Problem(authenticatorData: [.. AuthenticatorData(0x85), 0xa1, 0x61, 0x78, 0xf5]));
    }

    [Theory]
    [InlineData("the client data is not of type webauthn.get", "\"webauthn.get\"", "\"webauthn.create\"")]
    [InlineData("the client data is not of type webauthn.get", "\"webauthn.get\"", "\"payment.get\"")]
    [InlineData("client data has no \"type\"", "\"type\"", "\"Type\"")]
    [InlineData("client data: \"type\" is not text", "\"webauthn.get\"", "1")]
    [InlineData("it was signed at another origin", "https://sign.operator.example", "https://sign.operator.example.evil.example")]
    [InlineData("it was signed at another origin", "https://sign.operator.example", "http://sign.operator.example")]
    [InlineData("it was signed at another origin", "https://sign.operator.example", "https://sign.operator.example:444")]
    [InlineData("it was signed at another origin", "https://sign.operator.example", "https://sign.operator.example/")]
    [InlineData("it was signed at another origin", "https://sign.operator.example", "https://SIGN.operator.example")]
    [InlineData("it was signed at another origin", "https://sign.operator.example", "https://operator.example")]
    [InlineData("client data has no \"origin\"", "\"origin\":\"https://sign.operator.example\",", "")]
    [InlineData("it was signed inside another site's frame", "\"crossOrigin\":false", "\"crossOrigin\":true")]
    [InlineData("client data: \"crossOrigin\" is not true or false", "\"crossOrigin\":false", "\"crossOrigin\":\"false\"")]
    [InlineData("another challenge was signed", "\"@\"", "\"\"")]
    [InlineData("another challenge was signed", "\"@\"", "\"@=\"")]
    [InlineData("another challenge was signed", "\"@\"", "\"@ \"")]
    [InlineData("client data has no \"challenge\"", "\"@\"", "null")]
    [InlineData("not a JSON document: a key stands twice in one object", "\"type\"", "\"origin\":\"https://evil.example\",\"type\"")]
    [InlineData("not a JSON document: a key stands twice in one object", "\"type\"", "\"\\u0074ype\":\"webauthn.get\",\"type\"")]
    [InlineData("a key or a text is not Unicode", "\"type\"", "\"x\":\"\\ud800\",\"type\"")]
    [InlineData("a key or a text is not Unicode", "https://sign", "\\udfff")]
    [InlineData("client data is not an object", "{*}", "[{*}]")]
    public void Client_data_that_deviates_is_refused_though_signed(string problem, string from, string to)
    {
        const string Valid = """{"type":"webauthn.get","challenge":"@","origin":"https://sign.operator.example","crossOrigin":false}""";
        var changed = from == "{*}" ? to.Replace("{*}", Valid, StringComparison.Ordinal) : Valid.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(Valid, changed);
        Assert.Equal(problem, Problem(clientData: changed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}x")]
    [InlineData("\ufeff{}")]
    [InlineData("%")]
    public void Client_data_that_is_no_JSON_is_refused(string clientData) =>
        Assert.StartsWith("not a JSON document: line 1", Problem(clientData: clientData), StringComparison.Ordinal);

    [Fact]
    public void Another_challenge_is_refused_and_so_is_another_spelling_of_the_right_one()
    {
        var other = Challenge.ToArray();
        other[31] ^= 1;
        Assert.Equal("another challenge was signed", Assertion.Create(key, other, Party).FindProblem(Challenge, Party, publicKey));
        // 32 bytes leave two bits of the last character unused; a lax decoder reads all four spellings as the same bytes.
        var text = Base64Url.EncodeToString(Challenge);
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var last = Alphabet.IndexOf(text[^1], StringComparison.Ordinal);
        for (var unused = 1; unused < 4; unused++)
            Assert.Equal("another challenge was signed", Problem(clientData: ClientData(text[..^1] + Alphabet[last + unused])));
        Assert.Null(Problem(clientData: ClientData(text)));
    }

    [Fact]
    public void Authenticator_data_that_deviates_is_refused_though_signed()
    {
        var valid = AuthenticatorData(0x05);
        byte[] otherParty = [.. SHA256.HashData("operator.example"u8), .. valid[32..]];

        Assert.Equal("it was signed for another relying party", Problem(authenticatorData: otherParty));
        Assert.Equal("nobody was present", Problem(authenticatorData: AuthenticatorData(0x04)));
        Assert.Equal("the person was not verified", Problem(authenticatorData: AuthenticatorData(0x01)));
        Assert.Equal("nobody was present", Problem(authenticatorData: AuthenticatorData(0x00)));
        Assert.Equal("an assertion carries no attested credential", Problem(authenticatorData: AuthenticatorData(0x45)));
        Assert.Equal("an assertion carries no attested credential", Problem(authenticatorData: [.. AuthenticatorData(0x45), .. new byte[50]]));
        Assert.Equal("bytes follow that no flag announces", Problem(authenticatorData: [.. valid, 0]));
        Assert.Equal("a flag announces bytes that do not follow", Problem(authenticatorData: AuthenticatorData(0x85)));
        Assert.Equal("it says that its passkey is backed up and cannot be", Problem(authenticatorData: AuthenticatorData(0x15)));
        Assert.Equal("a part of the assertion has an impossible length", Problem(authenticatorData: valid[..36]));
        Assert.Equal("a part of the assertion has an impossible length", Problem(authenticatorData: []));
        Assert.Equal("a part of the assertion has an impossible length", Problem(authenticatorData: [.. AuthenticatorData(0x85), .. new byte[4060]]));
        Assert.Equal("a part of the assertion has an impossible length", Problem(clientData: ClientData(new string('x', 4096))));
    }

    [Fact]
    public void Every_bit_of_the_signature_and_of_what_it_covers_counts()
    {
        var valid = Assertion.Create(key, Challenge, Party);
        foreach (var flipped in Flipped(valid.Signature)) Assert.Equal("the signature does not belong to the credential", (valid with { Signature = flipped }).FindProblem(Challenge, Party, publicKey));
        foreach (var flipped in Flipped(valid.AuthenticatorData)) Assert.NotNull((valid with { AuthenticatorData = flipped }).FindProblem(Challenge, Party, publicKey));
        foreach (var flipped in Flipped(valid.ClientDataJson)) Assert.NotNull((valid with { ClientDataJson = flipped }).FindProblem(Challenge, Party, publicKey));
    }

    [Fact]
    public void Signatures_of_other_shapes_are_refused()
    {
        const string Problem = "the signature does not belong to the credential";
        var valid = Assertion.Create(key, Challenge, Party);
        byte[] signed = [.. valid.AuthenticatorData, .. SHA256.HashData(valid.ClientDataJson)];
        byte[][] others = [[], [0], valid.Signature[..^1], [.. valid.Signature, 0], key.SignData(signed, HashAlgorithmName.SHA256), [0x30, 6, 2, 1, 0, 2, 1, 0]];
        Assert.All(others, other => Assert.Equal(Problem, (valid with { Signature = other }).FindProblem(Challenge, Party, publicKey)));
        Assert.Equal("a part of the assertion has an impossible length", (valid with { Signature = new byte[129] }).FindProblem(Challenge, Party, publicKey));
    }

    [Fact]
    public void Another_key_is_refused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var valid = Assertion.Create(key, Challenge, Party);
        Assert.Equal("the signature does not belong to the credential", valid.FindProblem(Challenge, Party, other.ExportSubjectPublicKeyInfo()));
        Assert.Equal("the signature does not belong to the credential", valid.FindProblem(Challenge, Party, [.. publicKey, 0]));
        using var rsa = RSA.Create(new RSAParameters { Modulus = [.. Enumerable.Repeat((byte)0xff, 256)], Exponent = [1, 0, 1] });
        Assert.NotNull(valid.FindProblem(Challenge, Party, rsa.ExportSubjectPublicKeyInfo()));
        Assert.NotNull(valid.FindProblem(Challenge, Party, []));
        Assert.NotNull(valid.FindProblem(Challenge, Party, publicKey.AsSpan(1)));
    }

    [Theory]
    [InlineData("nistP384")]
    [InlineData("secp256k1")]
    [InlineData("brainpoolP256r1")]
    public void A_key_on_another_curve_is_refused_though_it_signed(string curve)
    {
        using var other = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        var assertion = Assertion.Create(other, Challenge, Party);
        Assert.Equal("the signature does not belong to the credential", assertion.FindProblem(Challenge, Party, other.ExportSubjectPublicKeyInfo()));
    }

    [Fact]
    public void Another_relying_party_or_origin_asked_for_is_another_answer()
    {
        var valid = Assertion.Create(key, Challenge, Party);
        Assert.Equal("it was signed for another relying party", valid.FindProblem(Challenge, Party with { Id = "operator.example" }, publicKey));
        Assert.Equal("it was signed at another origin", valid.FindProblem(Challenge, Party with { Origin = "https://operator.example" }, publicKey));
    }

    [Fact]
    public void Bytes_of_any_kind_are_a_problem_and_never_an_exception()
    {
        var valid = Assertion.Create(key, Challenge, Party);
        var any = Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf().Resize(150);
        var part = Gen.Choose(0, 3).Zip(any.Zip(Gen.Choose(0, 120)));
        Prop.ForAll(part.ToArbitrary(), changed =>
        {
            var (which, (bytes, at)) = changed;
            byte[][] parts = [valid.AuthenticatorData, valid.ClientDataJson, valid.Signature, publicKey];
            byte[] before = parts[which], after = [.. before.Take(at), .. bytes, .. before.Skip(at + bytes.Length)];
            parts[which] = after;
            var problem = new Assertion(parts[0], parts[1], parts[2]).FindProblem(Challenge, Party, parts[3]);
            return (problem is null) == before.AsSpan().SequenceEqual(after);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithQuietOnSuccess(true).WithReplay(20_260_108, 7));
    }

    private static byte[] AuthenticatorData(byte flags, uint counter = 0) =>
        [.. SHA256.HashData(Encoding.UTF8.GetBytes(Party.Id)), flags, (byte)(counter >> 24), (byte)(counter >> 16), (byte)(counter >> 8), (byte)counter];

    private static string ClientData(string challenge) =>
        $$"""{"type":"webauthn.get","challenge":"{{challenge}}","origin":"{{Party.Origin}}","crossOrigin":false}""";

    private static IEnumerable<byte[]> Flipped(byte[] bytes)
    {
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            yield return flipped;
        }
    }

    /// <summary>What is found against an assertion that the right key signed over these parts; @ is the challenge.</summary>
    private string? Problem(byte[]? authenticatorData = null, string? clientData = null)
    {
        authenticatorData ??= AuthenticatorData(0x05);
        var client = Encoding.UTF8.GetBytes((clientData ?? ClientData("@")).Replace("@", Base64Url.EncodeToString(Challenge), StringComparison.Ordinal));
        var signature = key.SignData([.. authenticatorData, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return new Assertion(authenticatorData, client, signature).FindProblem(Challenge, Party, publicKey);
    }
}
