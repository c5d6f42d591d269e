using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Tests.Fixtures;
using BlockList.Format.Tuf;
using Xunit;

namespace BlockList.Format.Tests.Tuf;

/// <summary>Timestamp and snapshot: each names exactly one file by version, length and hash.</summary>
public sealed class ReferringDocumentTests
{
    private const string Hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static readonly DateTimeOffset Expires = new(2026, 11, 28, 6, 0, 0, TimeSpan.Zero);
    private static readonly MetadataReference Reference = new(9, 3, Hash);

    [Fact]
    public void A_timestamp_is_printed_with_every_field_that_other_clients_need_and_read_again()
    {
        var json = new TimestampDocument(5, Expires, Reference).ToJson();

        Assert.Equal(
            $$$"""{"_type":"timestamp","expires":"2026-11-28T06:00:00Z","meta":{"snapshot.json":{"hashes":{"sha256":"{{{Hash}}}"},"length":3,"version":9}},"spec_version":"1.0.31","version":5}""",
            System.Text.Encoding.UTF8.GetString(CanonicalJson.Encode(json)));
        Assert.Equal(new TimestampDocument(5, Expires, Reference), TimestampDocument.Parse(json.AsRead()));
    }

    [Fact]
    public void A_snapshot_is_printed_with_every_field_that_other_clients_need_and_read_again()
    {
        var json = new SnapshotDocument(int.MaxValue, Expires, Reference).ToJson();

        Assert.Equal(
            $$$"""{"_type":"snapshot","expires":"2026-11-28T06:00:00Z","meta":{"targets.json":{"hashes":{"sha256":"{{{Hash}}}"},"length":3,"version":9}},"spec_version":"1.0.31","version":2147483647}""",
            System.Text.Encoding.UTF8.GetString(CanonicalJson.Encode(json)));
        Assert.Equal(new SnapshotDocument(int.MaxValue, Expires, Reference), SnapshotDocument.Parse(json.AsRead()));
    }

    [Fact]
    public void One_role_is_not_read_as_another()
    {
        var (timestamp, snapshot) = (new TimestampDocument(1, Expires, Reference).ToJson(), new SnapshotDocument(1, Expires, Reference).ToJson());
        Assert.Equal("snapshot: \"_type\" is not \"snapshot\"", Problem(() => SnapshotDocument.Parse(timestamp.AsRead())));
        Assert.Equal("timestamp: \"_type\" is not \"timestamp\"", Problem(() => TimestampDocument.Parse(snapshot.AsRead())));
        Assert.Equal("targets: \"_type\" is not \"targets\"", Problem(() => TargetsDocument.Parse(timestamp.AsRead())));
        Assert.Equal("root: \"_type\" is not \"root\"", Problem(() => RootDocument.Parse(snapshot.AsRead())));
    }

    [Fact]
    public void A_second_file_is_refused_as_delegated_targets_would_be()
    {
        var snapshot = new SnapshotDocument(1, Expires, Reference).ToJson();
        snapshot["meta"]!["role1.json"] = snapshot["meta"]!["targets.json"]!.DeepClone();
        Assert.Equal("snapshot: \"meta\" does not name exactly one file", Problem(() => SnapshotDocument.Parse(snapshot.AsRead())));

        var timestamp = new TimestampDocument(1, Expires, Reference).ToJson();
        timestamp["meta"]!["other.json"] = timestamp["meta"]!["snapshot.json"]!.DeepClone();
        Assert.Equal("timestamp: \"meta\" does not name exactly one file", Problem(() => TimestampDocument.Parse(timestamp.AsRead())));
    }

    [Fact]
    public void No_file_and_the_wrong_file_are_refused()
    {
        var timestamp = new TimestampDocument(1, Expires, Reference).ToJson();
        timestamp["meta"] = new JsonObject();
        Assert.Equal("timestamp: \"meta\" does not name exactly one file", Problem(() => TimestampDocument.Parse(timestamp.AsRead())));
        timestamp["meta"] = new JsonObject { ["Snapshot.json"] = new JsonObject() };
        Assert.Equal("timestamp.meta has no \"snapshot.json\"", Problem(() => TimestampDocument.Parse(timestamp.AsRead())));
    }

    [Theory]
    [InlineData("version", "0", "a whole number from 1")]
    [InlineData("version", "2147483648", "a whole number from 1")]
    [InlineData("length", "0", "a whole number from 1")]
    [InlineData("length", "-1", "a whole number from 1")]
    [InlineData("length", "1.0", "a whole number from 1")]
    [InlineData("length", "9007199254740992", "a whole number from 1")]
    [InlineData("hashes", "1", null)]
    [InlineData("hashes", "{}", null)]
    [InlineData("hashes", """{"sha512":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}""", null)]
    [InlineData("hashes", """{"sha256":"BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}""", null)]
    [InlineData("hashes", """{"sha256":""}""", null)]
    public void A_reference_has_a_version_a_length_and_a_hash(string field, string value, string? expected)
    {
        var timestamp = new TimestampDocument(1, Expires, Reference).ToJson();
        timestamp["meta"]!["snapshot.json"]![field] = JsonNode.Parse(value);

        var problem = Problem(() => TimestampDocument.Parse(timestamp.AsRead()));

        Assert.StartsWith("timestamp.meta.snapshot.json", problem, StringComparison.Ordinal);
        if (expected is not null) Assert.Contains($"\"{field}\" is not {expected}", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reference_matches_its_file_and_no_other()
    {
        var reference = MetadataReference.To(4, "abc"u8);

        Assert.Equal(new MetadataReference(4, 3, Hash), reference);
        Assert.True(reference.Matches("abc"u8));
        Assert.False(reference.Matches("abd"u8));
        Assert.False(reference.Matches("abc\n"u8));
        Assert.False((reference with { Length = 4 }).Matches("abc"u8));
        Assert.False((reference with { Sha256 = Hash.ToUpperInvariant() }).Matches("abc"u8));
    }

    private static string Problem(Func<object> read) => Assert.Throws<MalformedDocumentException>(read).Message;
}
