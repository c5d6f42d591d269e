using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using BlockList.Format.Tuf;
using BlockList.Tools.Conformance.Repository;
using BlockList.Tools.Conformance.Serving;

namespace BlockList.Tools.Conformance.Cases;

/// <summary>Documents that are signed by the right keys and are not what they should be.</summary>
internal static class DocumentCases
{
    private const string Group = "documents";
    private static readonly string[] Online = [RoleName.Timestamp, RoleName.Snapshot, RoleName.Targets];

    public static IEnumerable<ConformanceCase> All => [.. Online.SelectMany(EveryRole), .. References, .. Offers, .. Facts];

    private static IEnumerable<ConformanceCase> EveryRole(string role) =>
    [
        Altered(role, "of-another-type", "says that it is a root", document => document["_type"] = RoleName.Root) with { Follows = "test_incorrect_metadata_type" },
        Altered(role, "of-tuf-2", "is of another major version of TUF", document => document["spec_version"] = "2.0.0"),
        Altered(role, "without-expiry", "has no date", document => document.Remove("expires")),
        Altered(role, "version-zero", "has the version 0", document => document["version"] = 0),
        Rewritten(role, "repeats-a-key", "has one key of an object twice", text => text.Replace("\"_type\":", "\"_type\":\"root\",\"_type\":", StringComparison.Ordinal)),
        Rewritten(role, "cut-off", "ends half-way", text => text[..(text.Length / 2)]),
        Rewritten(role, "nested-deeply", "has an array in an array, a thousand times", text => text.Replace("\"signatures\":", $"\"deep\":{new string('[', 1000)}{new string(']', 1000)},\"signatures\":", StringComparison.Ordinal)),
    ];

    private static IEnumerable<ConformanceCase> References =>
    [
        Altered(RoleName.Timestamp, "names-another-hash", "names another hash of the snapshot", document => document["meta"]!["snapshot.json"]!["hashes"]!["sha256"] = new string('0', 64)) with { Follows = "test_snapshot_hash_mismatch" },
        Altered(RoleName.Snapshot, "names-another-hash", "names another hash of targets", document => document["meta"]!["targets.json"]!["hashes"]!["sha256"] = new string('0', 64)) with { Follows = "test_targets_hash_mismatch" },
        Altered(RoleName.Timestamp, "names-another-length", "names another length of the snapshot", document => document["meta"]!["snapshot.json"]!["length"] = 10),
        Altered(RoleName.Timestamp, "names-an-endless-file", "names a snapshot of a gigabyte", document => document["meta"]!["snapshot.json"]!["length"] = 1_000_000_000),
        Altered(RoleName.Snapshot, "has-another-version-than-its-name", "has another version than the timestamp names", document => document["version"] = 7) with { Follows = "test_url_and_metadata_version_mismatch" },
        Altered(RoleName.Targets, "has-another-version-than-its-name", "has another version than the snapshot names", document => document["version"] = 7) with { Follows = "test_url_and_metadata_version_mismatch" },
        Mixed("mix-old-snapshot", "The first snapshot stands in the place of the second", "tuf/2.snapshot.json", "tuf/1.snapshot.json"),
        Mixed("mix-old-targets", "The first targets document stands in the place of the second", "tuf/2.targets.json", "tuf/1.targets.json"),
        Mixed("mix-targets-as-snapshot", "Targets stands in the place of the snapshot", "tuf/2.snapshot.json", "tuf/2.targets.json"),
    ];

    private static IEnumerable<ConformanceCase> Offers =>
    [
        Altered(RoleName.Targets, "delegates", "delegates to another role", document => document["delegations"] = new JsonObject { ["keys"] = new JsonObject(), ["roles"] = new JsonArray() }),
        Offered("no-list", "Targets names no list.txt", files => files.Remove("list.txt")),
        Offered("path-leads-out", "Targets names a file above its directory", files => files["../list.txt"] = files["list.txt"]),
        Offered("path-is-absolute", "Targets names a file by an absolute path", files => files["/etc/list.txt"] = files["list.txt"]),
        Offered("oversized-list", "Targets says that list.txt has three hundred million bytes", files => files["list.txt"] = files["list.txt"] with { Length = 300_000_000 }),
        Offered("list-without-custom", "Targets says nothing about list.txt", files => files["list.txt"] = files["list.txt"] with { Custom = null }),
        Altered(RoleName.Targets, "names-an-unknown-hash", "names list.txt by a hash that this format does not have", document =>
        {
            var hashes = document["targets"]!["list.txt"]!["hashes"]!.AsObject();
            hashes.Clear();
            hashes["md5"] = new string('0', 32);
        }) with { Follows = "test_download_with_unknown_hash_algorithm" },
        Altered(RoleName.Targets, "has-a-negative-length", "gives list.txt a length below zero", document => document["targets"]!["list.txt"]!["length"] = -1),
    ];

    private static IEnumerable<ConformanceCase> Facts =>
    [
        Fact("other-list", "Targets is for another list, signed by the same keys", facts => facts with { List = "other-list" }),
        Fact("other-deployment", "Targets is of another deployment, signed by the same keys", facts => facts with { Deployment = "elsewhere" }),
        Fact("count-too-high", "Targets says one entry too many", facts => facts with { Count = facts.Count + 1 }),
        Fact("count-too-low", "Targets says one entry too few", facts => facts with { Count = facts.Count - 1 }),
        Altered(RoleName.Targets, "serial-differs", "gives the zone another serial than the list's version", document => document["targets"]!["list.txt"]!["custom"]!["soa_serial"] = 99),
        Altered(RoleName.Targets, "version-beyond-serials", "gives the list a version of 2^31", document =>
        {
            var custom = document["targets"]!["list.txt"]!["custom"]!;
            custom["list_version"] = 1L << 31;
            custom["soa_serial"] = 1L << 31;
        }),
        Altered(RoleName.Targets, "without-list-version", "does not say which version of the list it is", document => document["targets"]!["list.txt"]!["custom"]!.AsObject().Remove("list_version")),
        Altered(RoleName.Targets, "without-lease", "does not say how long a listing lives", document => document["targets"]!["list.txt"]!["custom"]!.AsObject().Remove("lease_months")),
    ];

    private static ConformanceCase Altered(string role, string id, string wrong, Action<JsonObject> alter) => Next($"{role}-{id}", $"{role} {wrong}",
        vector => RoleOf(vector, role).Alter = alter);

    private static ConformanceCase Rewritten(string role, string id, string wrong, Func<string, string> rewrite) => Next($"{role}-{id}", $"{role} {wrong}",
        vector => RoleOf(vector, role).Rewrite = bytes => Encoding.UTF8.GetBytes(rewrite(Encoding.UTF8.GetString(bytes))));

    private static ConformanceCase Offered(string id, string wrong, Action<Dictionary<string, TargetFile>> offer) => Next($"targets-{id}", wrong, vector => vector.Repository.Offer = offer);

    private static ConformanceCase Fact(string id, string wrong, Func<ListFacts, ListFacts> change) => Next($"targets-{id}", wrong, vector => vector.Repository.Facts = change);

    private static ConformanceCase Mixed(string id, string wrong, string place, string other) => new(id, Group, wrong,
    [
        Shape.Begin(),
        Shape.Step($"The second version is published. {wrong}", vector =>
        {
            vector.Repository.Publish(NamedList.Second.Entries);
            vector.Misserve(place, Misservings.Instead(() => vector.Repository.Files[other]));
        }, Shape.Refused, NamedList.First),
        Shape.Step("The right file stands there again", vector => vector.ServeHonestly(), Shape.Done, NamedList.Second),
    ]);

    private static ConformanceCase Next(string id, string wrong, Action<Vector> arrange) => Shape.Signed(Group, id, string.Concat(wrong[..1].ToUpper(CultureInfo.InvariantCulture), wrong[1..]), vector =>
    {
        arrange(vector);
        vector.Repository.Publish(NamedList.Second.Entries);
    });

    private static VectorRole RoleOf(Vector vector, string role) => vector.Repository.Roles.Single(r => r.Name == role);
}
