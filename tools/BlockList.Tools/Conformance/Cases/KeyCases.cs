using System.Text.Json.Nodes;
using BlockList.Format.Tuf;
using BlockList.Tools.Conformance.Repository;
using BlockList.Tools.Conformance.Serving;

namespace BlockList.Tools.Conformance.Cases;

/// <summary>Who may sign what, how many must, and which roots lead to which (TUF specification 5.3).</summary>
internal static class KeyCases
{
    private const string Group = "keys";

    public static IEnumerable<ConformanceCase> All => [.. Rotations, .. Roots, .. FirstRoots, .. Thresholds, .. RoleKeys(RoleName.Targets), .. RoleKeys(RoleName.Snapshot), .. RoleKeys(RoleName.Timestamp)];

    private static IEnumerable<ConformanceCase> Rotations =>
    [
        Shape.Valid("keys-root-rotated-three-times", "Three new roots at once, each with one new key", Shape.Begin(), Shape.Second("Three roots are signed", vector =>
        {
            for (var i = 0; i < 3; i++) vector.Repository.ReplaceRootKey();
        })) with { Follows = "test_root_rotation" },
        Shape.Valid("keys-root-all-replaced", "All root keys are replaced at once; old and new ones sign", Shape.Begin(), Shape.Second("A root with new keys is signed", vector => ReplaceAll(vector, signedByOld: 2, signedByNew: 2))) with { Follows = "test_root_rotation: 3-of-5-all-keys-rotated" },
        Shape.Valid("keys-root-threshold-raised", "Root asks for three of three from now on", Shape.Begin(), Shape.Second("A root with a higher threshold is signed", vector =>
        {
            vector.Repository.Root.Threshold = 3;
            vector.Repository.SignRoot();
        })) with { Follows = "test_root_rotation: threshold-increase" },
        Shape.Valid("keys-root-threshold-lowered", "Root asks for one of three from now on; the old threshold signed that", Shape.Begin(), Shape.Second("A root with a lower threshold is signed", vector =>
        {
            vector.Repository.Root.Threshold = 1;
            vector.Repository.SignRoot();
        })) with { Follows = "test_root_rotation: threshold-decrease" },
        Shape.Valid("keys-old-root-expired", "The trusted root is past its date and a newer one is not", Shape.Begin(vector => SignFirstRoot(vector, TimeSpan.FromMinutes(-1))), Shape.Second("Nothing else is new")) with { Follows = "test_expired_local_root" },
        .. ((string[])[RoleName.Targets, RoleName.Snapshot, RoleName.Timestamp]).Select(role =>
            Shape.Valid($"keys-{role}-replaced", $"Root names new keys for {role}", Shape.Begin(), Shape.Second($"The keys of {role} are replaced", vector => Replace(vector, role))) with { Follows = "test_non_root_rotations" }),
        Shape.Valid("keys-unused-signatures", "Documents bear signatures of strangers beside the right ones", Shape.Begin(vector =>
        {
            foreach (var role in vector.Repository.Roles) role.Signers = [new SigningKey(), .. role.Keys, new SigningKey()];
        }), Shape.Second("The second version is published")) with { Follows = "test_invalid_sig_in_valid_metadata" },
        Shape.Valid("keys-unknown-type-beside", "Root names a key of a type that this version does not know, beside the right ones", Shape.Begin(), Shape.Second("Such a root is signed", vector =>
        {
            vector.Repository.Root.Alter = document => document["keys"]![UnknownKeyId] = UnknownKey();
            vector.Repository.SignRoot();
        })) with { Follows = "test_keytype_and_scheme", StockClientDiffers = "it may refuse a root with a key that it cannot read" },
        Shape.Valid("keys-deprecated-field", "Keys have the deprecated field keyid_hash_algorithms", Shape.Begin(), Shape.Second("The snapshot key is replaced by one with the field", vector =>
        {
            vector.Repository.Snapshot.Keys = [new SigningKey().With("keyid_hash_algorithms", new JsonArray("sha256", "sha512"))];
            vector.Repository.SignRoot();
        })) with { Follows = "test_deprecated_keyid_hash_algorithms" },
    ];

    private static IEnumerable<ConformanceCase> Roots =>
    [
        Root("keys-root-below-threshold", "A root bears one signature of two", vector => vector.Repository.Root.Signers = [vector.Repository.Root.Keys[0]]),
        Root("keys-root-unsigned", "A root bears no signature", vector => vector.Repository.Root.Signers = []) with { Follows = "test_unsigned_metadata" },
        Shape.Signed(Group, "keys-root-not-signed-by-old", "The old root keys did not sign the new root", vector => ReplaceAll(vector, signedByOld: 0, signedByNew: 3)) with { Follows = "test_root_rotation: not-signed-with-old-key" },
        Shape.Signed(Group, "keys-root-not-signed-by-new", "The new root keys did not sign the new root", vector => ReplaceAll(vector, signedByOld: 3, signedByNew: 0)) with { Follows = "test_root_rotation: not-signed-with-new-key" },
        Root("keys-root-new-threshold-not-reached", "A root asks for three signatures and bears two", vector =>
        {
            vector.Repository.Root.Threshold = 3;
            vector.Repository.Root.Signers = [.. vector.Repository.Root.Keys.Take(2)];
        }) with { Follows = "test_root_rotation: new-threshold-not-reached" },
        Root("keys-root-old-threshold-not-reached", "A root asks for one signature, where the old one asks for two, and bears one", vector =>
        {
            vector.Repository.Root.Threshold = 1;
            vector.Repository.Root.Signers = [vector.Repository.Root.Keys[0]];
        }) with { Follows = "test_root_rotation: old-threshold-not-reached" },
        Root("keys-root-skips-a-number", "The file of root 2 holds root 3", vector => vector.Repository.Root.Version = 2, vector => vector.Repository.Files["tuf/2.root.json"] = vector.Repository.Files["tuf/3.root.json"]),
        Root("keys-root-same-number", "The file of root 2 holds root 1", vector => vector.Repository.Root.Version = 0, vector =>
        {
            vector.Repository.Files["tuf/2.root.json"] = vector.Repository.Files["tuf/1.root.json"];
            vector.Repository.Root.Version = 2;
        }),
        Root("keys-root-expired", "The newest root is past its date", vector => vector.Repository.Root.Lifetime = TimeSpan.FromMinutes(-1), exit: Shape.Stale) with { Follows = "test_root_expired" },
        Document("keys-root-other-list", "A root of another list, signed by the same keys", document => document["blocklist"]!["list"] = "other-list"),
        Document("keys-root-other-deployment", "A root of another deployment, signed by the same keys", document => document["blocklist"]!["deployment"] = "elsewhere"),
        Document("keys-root-without-identity", "A root that does not say for which list it is", document => document.Remove("blocklist")),
        Document("keys-root-of-another-type", "A targets document in the place of root", document => document["_type"] = "targets") with { Follows = "test_incorrect_metadata_type" },
        Document("keys-root-of-tuf-2", "A root of another major version of TUF", document => document["spec_version"] = "2.0.0"),
        Document("keys-root-inconsistent-snapshot", "A root without consistent snapshots", document => document["consistent_snapshot"] = false),
        Document("keys-root-role-missing", "A root without the role snapshot", document => document["roles"]!.AsObject().Remove(RoleName.Snapshot)),
        Document("keys-root-threshold-zero", "A root that asks for no signature of timestamp", document => document["roles"]![RoleName.Timestamp]!["threshold"] = 0),
        Document("keys-root-no-keys", "A root that names no key for snapshot", document => document["roles"]![RoleName.Snapshot]!["keyids"] = new JsonArray()) with { Follows = "test_snapshot_has_too_few_keys" },
        Document("keys-root-foreign-key-id", "A key stands under the id of another one", document =>
        {
            var keys = document["keys"]!.AsObject();
            var (first, last) = (keys.First().Key, keys.Last().Key);
            keys[first] = keys[last]!.DeepClone();
        }),
        Document("keys-root-key-id-twice", "A role names one key id twice to reach its threshold", document =>
        {
            var role = document["roles"]![RoleName.Targets]!;
            role["keyids"] = new JsonArray(role["keyids"]![0]!.DeepClone(), role["keyids"]![0]!.DeepClone());
        }) with { Follows = "test_duplicate_keys" },
        Root("keys-root-file-too-long", "A root of more than 256 KiB", vector => vector.Repository.Root.Alter = document => document["padding"] = new string('x', 300_000)),
    ];

    private static IEnumerable<ConformanceCase> FirstRoots =>
    [
        First("keys-first-root-no-document", "The first root is an error page", vector => vector.FirstRoot = _ => "<html>502 Bad Gateway</html>\n"u8.ToArray()) with { Follows = "test_invalid_initial_root" },
        First("keys-first-root-unsigned", "The first root bears one signature of two", vector =>
        {
            vector.Repository.Root.Signers = [vector.Repository.Root.Keys[0]];
            vector.Repository.Root.Version = 0;
            vector.Repository.SignRoot();
        }) with { Follows = "test_unsigned_initial_root" },
        First("keys-first-root-another-hash", "The first root is not the one whose hash came by another way", vector => vector.ToldHash = hash => new string('0', hash.Length)),
    ];

    private static IEnumerable<ConformanceCase> Thresholds =>
    [
        Shape.Signed(Group, "keys-one-key-under-two-ids", "Root names one key under two ids for targets, and that key signs twice", vector =>
        {
            var key = new SigningKey();
            vector.Repository.Targets.Keys = [key, key.With("comment", "the same key")];
            vector.Repository.SignRoot();
            vector.Repository.Publish(NamedList.Second.Entries);
        }) with { Follows = "test_duplicate_keys" },
        Shape.Signed(Group, "keys-one-signature-twice", "Targets bears the signature of one key twice", vector =>
        {
            vector.Repository.Targets.AlterSignatures = signatures => signatures[1] = signatures[0]!.DeepClone();
            vector.Repository.Publish(NamedList.Second.Entries);
        }) with { Follows = "test_duplicate_sig_keyids" },
        Shape.Signed(Group, "keys-targets-below-threshold", "One of the two targets keys signed: a publisher without its verifier", vector =>
        {
            vector.Repository.Targets.Signers = [vector.Repository.Targets.Keys[0]];
            vector.Repository.Publish(NamedList.Second.Entries);
        }),
        Shape.Signed(Group, "keys-snapshot-below-threshold", "Root asks for two snapshot keys, and one signed", vector =>
        {
            vector.Repository.Snapshot.Keys = [.. vector.Repository.Snapshot.Keys, new SigningKey()];
            vector.Repository.Snapshot.Threshold = 2;
            vector.Repository.SignRoot();
            vector.Repository.Snapshot.Signers = [vector.Repository.Snapshot.Keys[0]];
            vector.Repository.Publish(NamedList.Second.Entries);
        }) with { Follows = "test_snapshot_does_not_meet_threshold" },
        Shape.Signed(Group, "keys-role-signs-for-another", "The timestamp key signs targets", vector =>
        {
            vector.Repository.Targets.Signers = vector.Repository.Timestamp.Keys;
            vector.Repository.Publish(NamedList.Second.Entries);
        }),
    ];

    private static IEnumerable<ConformanceCase> RoleKeys(string role) =>
    [
        Online($"keys-{role}-wrong-key", $"{role} is signed by keys that root does not name", role, one => one.Signers = [new SigningKey(), new SigningKey()]) with { Follows = "test_non_root_rotations" },
        Online($"keys-{role}-unsigned", $"{role} bears no signature", role, one => one.Signers = []) with { Follows = "test_unsigned_metadata" },
        Online($"keys-{role}-signature-of-other-bytes", $"{role} was changed after it was signed", role, one => one.Rewrite = bytes =>
        {
            var document = JsonNode.Parse(bytes)!.AsObject();
            document["signed"]!["added"] = "later";
            return System.Text.Encoding.UTF8.GetBytes(document.ToJsonString());
        }),
        Shape.Signed(Group, $"keys-{role}-revoked", $"{role} is signed by the keys that the newest root took away", vector =>
        {
            var one = vector.Repository.Roles.Single(r => r.Name == role);
            var old = one.Keys;
            Replace(vector, role);
            one.Signers = old;
            vector.Repository.Publish(NamedList.Second.Entries);
        }),
    ];

    private static string UnknownKeyId { get; } = Format.Hashes.Sha256(Format.Json.CanonicalJson.Encode(UnknownKey()));

    private static JsonObject UnknownKey() => new()
    {
        ["keytype"] = "ed25519",
        ["keyval"] = new JsonObject { ["public"] = new string('0', 64) },
        ["scheme"] = "ed25519",
    };

    private static ConformanceCase Online(string id, string wrong, string role, Action<VectorRole> change) => Shape.Signed(Group, id, wrong, vector =>
    {
        change(vector.Repository.Roles.Single(r => r.Name == role));
        vector.Repository.Publish(NamedList.Second.Entries);
    });

    private static ConformanceCase Root(string id, string wrong, Action<Vector> change, Action<Vector>? after = null, int exit = Shape.Refused) => Shape.Signed(Group, id, wrong, vector =>
    {
        change(vector);
        vector.Repository.SignRoot();
        after?.Invoke(vector);
        vector.Repository.Publish(NamedList.Second.Entries);
    }, exit);

    private static ConformanceCase Document(string id, string wrong, Action<JsonObject> alter) => Root(id, wrong, vector => vector.Repository.Root.Alter = alter);

    private static ConformanceCase First(string id, string wrong, Action<Vector> arrange) => new(id, Group, wrong,
        [Shape.Step(wrong, arrange, Shape.Refused, NamedList.Nothing) with { Enrols = true }]);

    private static void Replace(Vector vector, string role)
    {
        var one = vector.Repository.Roles.Single(r => r.Name == role);
        one.Keys = [.. one.Keys.Select(_ => new SigningKey())];
        vector.Repository.SignRoot();
    }

    private static void ReplaceAll(Vector vector, int signedByOld, int signedByNew)
    {
        var root = vector.Repository.Root;
        var old = root.Keys;
        root.Keys = [new SigningKey(), new SigningKey(), new SigningKey()];
        root.Signers = [.. old.Take(signedByOld), .. root.Keys.Take(signedByNew)];
        vector.Repository.SignRoot();
        root.Signers = null;
    }

    private static void SignFirstRoot(Vector vector, TimeSpan lifetime)
    {
        var root = vector.Repository.Root;
        var usual = root.Lifetime;
        root.Version = 0;
        root.Lifetime = lifetime;
        vector.Repository.SignRoot();
        root.Lifetime = usual;
        vector.Repository.SignRoot();
    }
}
