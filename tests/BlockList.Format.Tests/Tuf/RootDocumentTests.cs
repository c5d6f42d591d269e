using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Tests.Fixtures;
using BlockList.Format.Tuf;
using Xunit;

namespace BlockList.Format.Tests.Tuf;

public sealed class RootDocumentTests
{
    private static readonly SignedRepository Repository = new();

    [Fact]
    public void A_root_is_read_as_it_was_printed()
    {
        var root = Repository.RootDocument(7);

        var read = Read(root.ToJson());

        Assert.Equal(7, read.Version);
        Assert.Equal(SignedRepository.Later, read.Expires);
        Assert.Equal((SignedRepository.Deployment, SignedRepository.List), (read.Deployment, read.List));
        Assert.Equal(root.Keys.Keys.Order(), read.Keys.Keys.Order());
        Assert.Equal(Repository.ManifestKey.Id, read.ManifestKey.KeyId);
        foreach (var (role, keys) in root.Roles)
        {
            Assert.Equal(keys.KeyIds, read.Roles[role].KeyIds);
            Assert.Equal(keys.Threshold, read.Roles[role].Threshold);
        }
        Assert.Equal(CanonicalJson.Encode(root.ToJson()), CanonicalJson.Encode(read.ToJson()));
    }

    [Fact]
    public void Fields_and_roles_that_a_later_version_adds_are_passed_over()
    {
        var read = Read(Changed(root =>
        {
            root["later"] = new JsonArray(1);
            root["blocklist"]!["later_key"] = "x";
            root["roles"]!["mirrors"] = new JsonObject { ["keyids"] = new JsonArray(), ["threshold"] = 1 };
            root["spec_version"] = "1.1.0";
        }));

        Assert.Equal(4, read.Roles.Count);
    }

    [Theory]
    [InlineData("1.0.31", true)]
    [InlineData("1.99", true)]
    [InlineData("2.0.0", false)]
    [InlineData("10.0", false)]
    [InlineData("1", false)]
    [InlineData("", false)]
    [InlineData(" 1.0", false)]
    public void Another_major_version_of_the_specification_is_refused(string version, bool taken)
    {
        var json = Changed(root => root["spec_version"] = version);
        if (taken) Assert.Equal(1, Read(json).Version);
        else Refused("root: \"spec_version\" is not 1.x", json);
    }

    [Fact]
    public void A_key_under_another_keys_id_is_refused()
    {
        // Were it taken, one key under two ids would reach a threshold of two.
        var (one, two) = (Repository.RootKeys[0], Repository.RootKeys[1]);
        Refused("root: a key stands under another key's id", Changed(root => root["keys"]![two.Id] = root["keys"]![one.Id]!.DeepClone()));
        Refused("root: a key stands under another key's id", Changed(root => root["keys"]!["x"] = root["keys"]![one.Id]!.DeepClone()));
        Refused("root: a key stands under another key's id", Changed(root => root["keys"]![one.Id]!["more"] = 1));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""["0000000000000000000000000000000000000000000000000000000000000000","0000000000000000000000000000000000000000000000000000000000000000"]""")]
    [InlineData("""["000000000000000000000000000000000000000000000000000000000000000"]""")]
    [InlineData("""["A000000000000000000000000000000000000000000000000000000000000000"]""")]
    [InlineData("""[""]""")]
    public void A_role_names_different_key_ids(string keyIds) =>
        Refused("role targets has no list of different key ids", Changed(root => root["roles"]!["targets"]!["keyids"] = JsonNode.Parse(keyIds)));

    [Theory]
    [InlineData("[1]")]
    [InlineData("[null]")]
    [InlineData("[[]]")]
    public void Key_ids_are_texts(string keyIds) =>
        Refused("root.roles.targets: \"keyids\" is not an array of texts", Changed(root => root["roles"]!["targets"]!["keyids"] = JsonNode.Parse(keyIds)));

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("2147483648")]
    [InlineData("4294967297")]
    [InlineData("1.0")]
    [InlineData("\"1\"")]
    public void A_threshold_is_a_number_from_one(string threshold) =>
        Assert.Contains("\"threshold\" is not a whole number from 1", Problem(Changed(root => root["roles"]!["root"]!["threshold"] = JsonNode.Parse(threshold))), StringComparison.Ordinal);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("2147483648")]
    [InlineData("4294967297")]
    [InlineData("9007199254740993")]
    [InlineData("\"1\"")]
    public void A_version_is_a_number_from_one_to_the_last_serial(string version) =>
        Assert.Contains("\"version\" is not a whole number from 1", Problem(Changed(root => root["version"] = JsonNode.Parse(version))), StringComparison.Ordinal);

    [Fact]
    public void Each_of_the_four_roles_is_needed_and_snapshots_are_consistent()
    {
        foreach (var role in new[] { RoleName.Root, RoleName.Targets, RoleName.Snapshot, RoleName.Timestamp })
            Refused($"root.roles has no \"{role}\"", Changed(root => root["roles"]!.AsObject().Remove(role)));
        Refused("root: \"consistent_snapshot\" is not true", Changed(root => root["consistent_snapshot"] = false));
        Refused("root: \"_type\" is not \"root\"", Changed(root => root["_type"] = "targets"));
        Refused("root has no \"blocklist\"", Changed(root => root.Remove("blocklist")));
        Refused("root has no \"expires\"", Changed(root => root["expires"] = null));
    }

    private static JsonObject Changed(Action<JsonObject> change)
    {
        var json = Repository.RootDocument().ToJson();
        change(json);
        return json;
    }

    private static RootDocument Read(JsonObject json) => RootDocument.Parse(json.AsRead());

    private static string Problem(JsonObject json) => Assert.Throws<MalformedDocumentException>(() => Read(json)).Message;

    private static void Refused(string problem, JsonObject json) => Assert.Equal(problem, Problem(json));
}
