using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Signatures;
using BlockList.Format.Statements;
using BlockList.Format.Tests.Fixtures;
using Xunit;

namespace BlockList.Format.Tests.Statements;

public sealed class AgencyRegisterTests
{
    private readonly SampleRegister sample = new();

    [Fact]
    public void A_register_is_read_as_it_was_signed()
    {
        var written = sample.Register;

        var read = sample.Open(written.ToJson());

        Assert.Equal((4, "test-deployment", written.Issued, written.RelyingParty), (read.Version, read.Deployment, read.Issued, read.RelyingParty));
        Assert.Equal(written.Agencies, read.Agencies);
        Assert.Equal(written.Credentials.Keys.Order(), read.Credentials.Keys.Order());
        Assert.Equal(CanonicalJson.Encode(written.ToJson()), CanonicalJson.Encode(read.ToJson()));
        Assert.Null(read.Lists["worst-of"].TestDomain);
        Assert.Equal("test.operator.example", read.Lists["enforcement-test"].TestDomain!.Ascii);
    }

    [Fact]
    public void Two_of_three_holders_sign_it()
    {
        var signed = sample.Register.ToJson();
        Assert.Equal("the register bears 0 valid root signatures of the 2 it needs", Problem(() => sample.Open(signed, 0)));
        Assert.Equal("the register bears 1 valid root signatures of the 2 it needs", Problem(() => sample.Open(signed, 1)));
        Assert.Equal(4, sample.Open(signed, 3).Version);
    }

    [Fact]
    public void Others_signatures_and_changed_content_do_not_count()
    {
        var signed = sample.Register.ToJson();
        var strangers = SignedRepository.Sign(signed, [new(), new(), sample.Holders[0]]);
        Assert.Equal("the register bears 1 valid root signatures of the 2 it needs", Problem(() => AgencyRegister.Open(strangers, sample.Roots, sample.Keys)));

        var signatures = sample.Holders.Select(h => h.Sign(signed)).ToArray();
        signed["version"] = 5;
        var changed = SignedDocument.Compose(signed, signatures);
        Assert.Equal("the register bears 0 valid root signatures of the 2 it needs", Problem(() => AgencyRegister.Open(changed, sample.Roots, sample.Keys)));
    }

    [Fact]
    public void Signatures_are_asked_for_before_anything_is_read() =>
        Assert.Equal("the register bears 0 valid root signatures of the 2 it needs", Problem(() => sample.Open(new JsonObject(), 0)));

    [Fact]
    public void A_credential_belongs_to_an_agency_of_the_register() =>
        Refused("register: a credential belongs to no agency of it", r => r["agencies"]!.AsArray().RemoveAt(0));

    [Theory]
    [InlineData("agencies", "agency")]
    [InlineData("credentials", "credential")]
    [InlineData("lists", "list")]
    public void What_stands_there_twice_is_refused(string field, string what) => Refused($"register: one {what} stands there twice", r =>
    {
        var again = r[field]![0]!.DeepClone();
        // Another person with the same key has the same credential.
        if (field == "credentials") again["person"] = "someone-else";
        r[field]!.AsArray().Add(again);
    });

    [Theory]
    [InlineData("\"no\"")]
    [InlineData("\"NOR\"")]
    [InlineData("\"N\"")]
    [InlineData("\"N1\"")]
    [InlineData("\"ÅÄ\"")]
    [InlineData("\"\"")]
    public void A_country_is_two_capital_letters(string country) =>
        Refused("agency: \"country\" is not a code of two capital letters", r => r["agencies"]![0]!["country"] = JsonNode.Parse(country));

    [Fact]
    public void A_credential_has_a_key_on_P256()
    {
        foreach (var curve in new[] { "nistP384", "secp256k1", "brainpoolP256r1" })
        {
            using var other = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
            Refused("credential: \"public\" is not a P-256 public key", r => SetKey(r, other.ExportSubjectPublicKeyInfo()));
        }
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(new RSAParameters { Modulus = [.. Enumerable.Repeat((byte)0xff, 256)], Exponent = [1, 0, 1] });
        Refused("credential: \"public\" is not a P-256 public key", r => SetKey(r, [.. key.ExportSubjectPublicKeyInfo(), 0]));
        Refused("credential: \"public\" is not a P-256 public key", r => SetKey(r, rsa.ExportSubjectPublicKeyInfo()));
        Refused("credential: \"public\" is not a P-256 public key", r => SetKey(r, key.ExportPkcs8PrivateKey()));
        Refused("credential: \"public\" is not a P-256 public key", r => SetKey(r, []));
        Refused("credential: \"public\" is not base64", r => r["credentials"]![0]!["public"] = "!");
        Refused("credential: \"public\" is not base64", r => r["credentials"]![0]!["public"] = 1);

        static void SetKey(JsonObject register, byte[] key) => register["credentials"]![0]!["public"] = Convert.ToBase64String(key);
    }

    [Theory]
    [InlineData("complaints-officer")]
    [InlineData("oversight")]
    [InlineData("oversight complaints-officer")]
    public void People_who_decide_about_complaints_alone_can_belong_to_no_agency(string roles)
    {
        var register = sample.Register.ToJson();
        var credential = register["credentials"]![0]!.AsObject();
        credential["roles"] = Roles(roles);
        credential.Remove("agency");
        var read = sample.Open(register);
        Assert.Single(read.Credentials.Values, c => c.Agency is null);
        Assert.Equal(CanonicalJson.Encode(register), CanonicalJson.Encode(read.ToJson()));
    }

    [Theory]
    [InlineData("curator")]
    [InlineData("release-officer")]
    [InlineData("list-owner")]
    [InlineData("complaints-officer curator")]
    [InlineData("")]
    public void Everybody_else_belongs_to_an_agency(string roles) => Refused("credential: \"agency\" is not there, and only complaints officers and oversight have none", r =>
    {
        r["credentials"]![0]!["roles"] = Roles(roles);
        r["credentials"]![0]!.AsObject().Remove("agency");
    });

    [Fact]
    public void No_agency_is_said_by_leaving_it_out_and_by_nothing_else()
    {
        Refused("credential has no \"agency\"", r => (r["credentials"]![0]!["roles"], r["credentials"]![0]!["agency"]) = (Roles("oversight"), null));
        Refused("register: a credential belongs to no agency of it", r => (r["credentials"]![0]!["roles"], r["credentials"]![0]!["agency"]) = (Roles("oversight"), ""));
    }

    private static JsonArray Roles(string roles) => [.. roles.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(role => (JsonNode)role)];

    [Fact]
    public void The_id_of_a_credential_is_the_hash_of_its_key()
    {
        var (id, credential) = sample.Register.Credentials.First();
        Assert.Equal(Hashes.Sha256(credential.PublicKey), id);
        Assert.Null(sample.Register.ToJson()["credentials"]![0]!["id"]);
    }

    [Theory]
    [InlineData("agencies_needed", "0")]
    [InlineData("agencies_needed", "4294967296")]
    [InlineData("agencies_needed", "4294967297")]
    [InlineData("agencies_needed", "-1")]
    [InlineData("agencies_needed", "null")]
    [InlineData("countries_needed", "0")]
    [InlineData("countries_needed", "4294967296")]
    [InlineData("lease_months", "0")]
    [InlineData("lease_months", "4294967299")]
    [InlineData("criteria", "null")]
    [InlineData("criteria", "{}")]
    [InlineData("criteria", "[1]")]
    [InlineData("id", "\"Worst-of\"")]
    public void A_list_has_numbers_from_one_that_no_reader_cuts(string field, string value) =>
        Refused(null, r => List(r)[field] = JsonNode.Parse(value));

    [Theory]
    [InlineData("decided_by_curator", "[]")]
    [InlineData("decided_by_curator", """["c1",""]""")]
    [InlineData("decided_by_curator", """["c1","c2","c1"]""")]
    [InlineData("decided_by_curator", "[1]")]
    [InlineData("decided_by_curator", "[null]")]
    [InlineData("decided_by_curator", "\"c1\"")]
    [InlineData("version", "0")]
    [InlineData("version", "4294967297")]
    [InlineData("sha256", "\"\"")]
    public void Accepted_criteria_name_each_criterion_once(string field, string value) =>
        Refused(null, r => List(r)["criteria"]![0]![field] = JsonNode.Parse(value));

    [Theory]
    [InlineData("version", "0")]
    [InlineData("version", "2147483648")]
    [InlineData("_type", "\"root\"")]
    [InlineData("issued", "\"2026-11-01\"")]
    [InlineData("deployment", "null")]
    [InlineData("relying_party", "null")]
    [InlineData("relying_party", """{"id":"x"}""")]
    [InlineData("agencies", "{}")]
    [InlineData("agencies", "[1]")]
    [InlineData("credentials", "null")]
    [InlineData("lists", "null")]
    public void A_wrong_field_of_the_register_is_refused(string field, string value) => Refused(null, r => r[field] = JsonNode.Parse(value));

    [Theory]
    [InlineData("roles", "[1]")]
    [InlineData("roles", "\"curator\"")]
    [InlineData("roles", "null")]
    [InlineData("person", "null")]
    [InlineData("agency", "1")]
    public void A_wrong_field_of_a_credential_is_refused(string field, string value) => Refused(null, r => r["credentials"]![0]![field] = JsonNode.Parse(value));

    [Theory]
    [InlineData("worst-of", true)]
    [InlineData("enforcement-test", true)]
    [InlineData("a", true)]
    [InlineData("0-1", true)]
    [InlineData("enforcement-tests", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    [InlineData("A", false)]
    [InlineData("a.b", false)]
    [InlineData("a/b", false)]
    [InlineData("..", false)]
    [InlineData("a_b", false)]
    [InlineData("é", false)]
    [InlineData("a\n", false)]
    public void A_list_id_is_short_and_fits_a_zone_and_a_path(string? id, bool expected) => Assert.Equal(expected, RegisteredList.IsListId(id));

    [Fact]
    public void A_national_list_is_open_to_agencies_of_its_country_only()
    {
        var signed = sample.Register.ToJson();
        List(signed)["countries_needed"] = 1;
        List(signed)["country"] = "NO";

        var read = sample.Open(signed);

        Assert.Equal(CanonicalJson.Encode(signed), CanonicalJson.Encode(read.ToJson()));
        var (national, common) = (read.Lists["worst-of"], read.Lists["worst-of"] with { Country = null });
        Assert.Equal(("NO", true, false, false), (national.Country, national.IsOpenTo(read.Agencies["no-kripos"]), national.IsOpenTo(read.Agencies["se-noa"]), national.IsOpenTo(null)));
        Assert.Equal((true, true, true), (common.IsOpenTo(read.Agencies["no-kripos"]), common.IsOpenTo(read.Agencies["se-noa"]), common.IsOpenTo(null)));
        Assert.Equal(["no-kripos"], read.AgenciesOf(national).Keys);
        Assert.Same(read.Agencies, read.AgenciesOf(common));
    }

    [Fact]
    public void A_list_of_every_country_says_nothing_of_a_country() =>
        Assert.DoesNotContain("country", List(sample.Register.ToJson()).Select(field => field.Key));

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"no\"")]
    [InlineData("\"NOR\"")]
    [InlineData("\"N0\"")]
    [InlineData("[\"NO\"]")]
    [InlineData("1")]
    public void A_country_that_is_no_code_does_not_open_the_list_to_all(string value) => Refused(null, r =>
    {
        List(r)["countries_needed"] = 1;
        List(r)["country"] = JsonNode.Parse(value);
    });

    [Fact]
    public void A_list_of_one_country_cannot_need_two() =>
        Refused("list: \"countries_needed\" is not 1 for a list of one country", r => List(r)["country"] = "NO");

    [Fact]
    public void A_test_domain_is_a_name_that_can_be_listed() =>
        Refused("list: \"test_domain\" is not a domain name", r => List(r, "enforcement-test")["test_domain"] = "Test.operator.example");

    private static JsonObject List(JsonObject register, string id = "worst-of") =>
        register["lists"]!.AsArray().Single(l => (string?)l!["id"] == id)!.AsObject();

    private void Refused(string? problem, Action<JsonObject> change)
    {
        var signed = sample.Register.ToJson();
        change(signed);
        var message = Problem(() => sample.Open(signed));
        if (problem is not null) Assert.Equal(problem, message);
        Assert.DoesNotContain("root signatures", message, StringComparison.Ordinal);
    }

    private static string Problem(Func<AgencyRegister> open) => Assert.Throws<MalformedDocumentException>(open).Message;
}
