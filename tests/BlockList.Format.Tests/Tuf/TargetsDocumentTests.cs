using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Tests.Fixtures;
using BlockList.Format.Tuf;
using Xunit;

namespace BlockList.Format.Tests.Tuf;

public sealed class TargetsDocumentTests
{
    private const string Hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static readonly DateTimeOffset Expires = new(2026, 12, 21, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Targets_are_read_as_they_were_printed()
    {
        var custom = CanonicalJson.Parse("""{"any":{"thing":[1,"é"]}}"""u8);
        var document = new TargetsDocument(3, Expires, new Dictionary<string, TargetFile>
        {
            ["list.txt"] = new(3, Hash, custom),
            ["delta/1-2.txt"] = new(0, Hash),
        });

        var read = Read(document.ToJson());

        Assert.Equal((3, Expires), (read.Version, read.Expires));
        Assert.Equal(["delta/1-2.txt", "list.txt"], read.Files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(new TargetFile(0, Hash), read.Files["delta/1-2.txt"]);
        Assert.Equal(CanonicalJson.Encode(custom), CanonicalJson.Encode(read.Files["list.txt"].Custom!.Value));
        Assert.Equal(CanonicalJson.Encode(document.ToJson()), CanonicalJson.Encode(read.ToJson()));
    }

    [Fact]
    public void A_repository_without_files_is_one() => Assert.Empty(Read(Json()).Files);

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"keys":{},"roles":[]}""")]
    public void Delegations_are_refused_even_if_empty(string delegations)
    {
        var json = Json();
        json["delegations"] = JsonNode.Parse(delegations);
        Refused("targets: delegations are not part of this format", json);
    }

    [Theory]
    [InlineData("list.txt", $"{Hash}.list.txt")]
    [InlineData("delta/122-123.txt", $"delta/{Hash}.122-123.txt")]
    [InlineData("a/b/c", $"a/b/{Hash}.c")]
    [InlineData("manifest.txt.sshsig", $"{Hash}.manifest.txt.sshsig")]
    public void A_file_lies_at_its_hash_in_its_folder(string path, string location)
    {
        Assert.Single(Read(Json(path)).Files);
        Assert.Equal(location, new TargetFile(1, Hash).LocationOf(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/etc/passwd")]
    [InlineData("//host/x")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../list.txt")]
    [InlineData("delta/../../x")]
    [InlineData("delta/..")]
    [InlineData("./list.txt")]
    [InlineData(".hidden")]
    [InlineData("a/.hidden")]
    [InlineData("..\\x")]
    [InlineData("C:x")]
    [InlineData("a b")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a?b")]
    [InlineData("a#b")]
    [InlineData("%2e%2e/x")]
    [InlineData("~root/x")]
    [InlineData("é")]
    [InlineData("a\u2215b")]
    public void A_name_that_leads_elsewhere_on_a_disk_or_in_a_URL_is_refused(string path)
    {
        Assert.False(TargetFile.IsPath(path));
        Refused("targets: a file has a name that leads out of the repository or needs escaping", Json(path));
    }

    [Theory]
    [InlineData("length", "-1")]
    [InlineData("length", "1.5")]
    [InlineData("length", "9007199254740992")]
    [InlineData("length", "null")]
    [InlineData("hashes", "null")]
    [InlineData("hashes", """{"sha256":"x"}""")]
    [InlineData("custom", "1")]
    [InlineData("custom", "\"text\"")]
    [InlineData("custom", "[]")]
    public void A_file_has_a_length_a_hash_and_perhaps_an_object_of_its_own(string field, string value)
    {
        var json = Json("list.txt");
        json["targets"]!["list.txt"]![field] = JsonNode.Parse(value);
        Assert.StartsWith("target", Assert.Throws<MalformedDocumentException>(() => Read(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_files_of_one_name_are_refused_however_the_name_is_spelled() =>
        Assert.Throws<MalformedDocumentException>(() => TargetsDocument.Parse(CanonicalJson.Parse(
            """{"_type":"targets","spec_version":"1.0.31","version":1,"expires":"2026-12-21T06:00:00Z","targets":{"a":{},"\u0061":{}}}"""u8)));

    [Fact]
    public void A_file_matches_its_bytes_and_no_others()
    {
        var file = TargetFile.To("abc"u8);

        Assert.Equal(new TargetFile(3, Hash), file);
        Assert.True(file.Matches("abc"u8));
        Assert.False(file.Matches("abd"u8));
        Assert.False((file with { Length = 2 }).Matches("abc"u8));
        Assert.True(TargetFile.To([]).Matches([]));
    }

    private static JsonObject Json(params string[] paths) =>
        new TargetsDocument(1, Expires, paths.ToDictionary(p => p, _ => new TargetFile(3, Hash), StringComparer.Ordinal)).ToJson();

    private static TargetsDocument Read(JsonObject json) => TargetsDocument.Parse(json.AsRead());

    private static void Refused(string problem, JsonObject json) =>
        Assert.Equal(problem, Assert.Throws<MalformedDocumentException>(() => Read(json)).Message);
}
