using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Tests.Fixtures;
using BlockList.Format.Tuf;
using Xunit;

namespace BlockList.Format.Tests.Tuf;

public sealed class ListFactsTests
{
    internal static readonly ListFacts Valid = new()
    {
        Deployment = "test-deployment",
        List = "worst-of",
        Version = Serial.Create(123),
        Count = 2,
        PreviousSha256 = new string('a', 64),
        PublishedAt = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero),
        EvaluatedAt = new(2026, 11, 21, 5, 59, 58, TimeSpan.Zero),
        LeaseMonths = 3,
        Added = 1,
        Removed = 0,
        Urgent = false,
        CriteriaVersion = 1,
        Salt = new string('0', 64),
    };

    [Fact]
    public void Facts_are_read_as_they_were_printed()
    {
        Assert.Equal(Valid, ListFacts.Parse(Valid.ToJson()));
        var first = Valid with { Version = Serial.First, PreviousSha256 = null, Urgent = true, Count = 0 };
        Assert.Equal(first, ListFacts.Parse(first.ToJson()));
        Assert.Equal("""
            {"added":1,"count":2,"criteria_version":1,"deployment":"test-deployment","evaluated_at":"2026-11-21T05:59:58Z","lease_months":3,"list":"worst-of","list_version":123,"prev_sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","published_at":"2026-11-21T06:00:00Z","removed":0,"salt":"0000000000000000000000000000000000000000000000000000000000000000","soa_serial":123,"urgent":false}
            """, Valid.ToJson().GetRawText());
    }

    [Fact]
    public void Facts_of_a_later_version_are_read()
    {
        var json = Json();
        json["bulk_approval"] = new JsonObject();
        Assert.Equal(Valid, ListFacts.Parse(json.AsRead()));
    }

    [Theory]
    [InlineData("list_version", "122", "\"list_version\" is not a serial that equals \"soa_serial\"")]
    [InlineData("soa_serial", "124", "\"list_version\" is not a serial that equals \"soa_serial\"")]
    [InlineData("list_version", "0", "\"list_version\" is not a whole number from 1")]
    [InlineData("list_version", "2147483648", "\"list_version\" is not a serial that equals \"soa_serial\"")]
    [InlineData("list_version", "\"123\"", "\"list_version\" is not a whole number from 1")]
    [InlineData("count", "-1", "\"count\" is not a whole number from 0")]
    [InlineData("count", "2147483648", "\"count\" is not a whole number from 0 to 2147483647")]
    [InlineData("lease_months", "1.5", "\"lease_months\" is not a whole number from 0")]
    [InlineData("urgent", "0", "\"urgent\" is not true or false")]
    [InlineData("urgent", "\"false\"", "\"urgent\" is not true or false")]
    [InlineData("deployment", "1", "\"deployment\" is not text")]
    [InlineData("prev_sha256", "\"\"", "\"prev_sha256\" is not a SHA-256 in lower-case hexadecimal")]
    [InlineData("prev_sha256", "false", "\"prev_sha256\" is not text")]
    [InlineData("published_at", "\"2026-11-21T06:00:00.5Z\"", "\"published_at\" is not a time such as 2026-11-21T06:00:00Z")]
    [InlineData("evaluated_at", "1795240800", "\"evaluated_at\" is not text")]
    [InlineData("salt", "\"x\"", "\"salt\" is not a SHA-256 in lower-case hexadecimal")]
    public void A_wrong_field_is_named(string field, string value, string problem)
    {
        var json = Json();
        json[field] = JsonNode.Parse(value);
        Assert.Equal("custom: " + problem, Problem(json));
    }

    [Fact]
    public void Every_field_but_the_hash_of_the_version_before_is_needed()
    {
        foreach (var field in Json().Select(p => p.Key).ToArray())
        {
            var json = Json();
            json.Remove(field);
            if (field == "prev_sha256") Assert.Equal(Valid with { PreviousSha256 = null }, ListFacts.Parse(json.AsRead()));
            else Assert.Equal($"custom has no \"{field}\"", Problem(json));
        }
        Assert.Equal("custom is not an object", Assert.Throws<MalformedDocumentException>(() => ListFacts.Parse(CanonicalJson.Parse("[]"u8))).Message);
    }

    private static JsonObject Json() => JsonNode.Parse(Valid.ToJson().GetRawText())!.AsObject();

    private static string Problem(JsonObject json) =>
        Assert.Throws<MalformedDocumentException>(() => ListFacts.Parse(json.AsRead())).Message;
}
