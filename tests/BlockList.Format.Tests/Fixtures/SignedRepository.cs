using System.Text.Json.Nodes;
using BlockList.Format.Signatures;
using BlockList.Format.Tuf;

namespace BlockList.Format.Tests.Fixtures;

/// <summary>A repository of one list with keys of its own. What an attacker could change is a parameter or can be set.</summary>
internal sealed class SignedRepository
{
    internal const string Deployment = "test-deployment";
    internal const string List = "worst-of";

    internal static readonly DateTimeOffset Now = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);
    internal static readonly DateTimeOffset Later = Now.AddDays(7);

    internal List<SigningKey> RootKeys { get; set; } = [new(), new(), new()];

    internal List<SigningKey> TargetsKeys { get; set; } = [new(), new()];

    internal SigningKey SnapshotKey { get; set; } = new();

    internal SigningKey TimestampKey { get; set; } = new();

    internal SigningKey ManifestKey { get; } = new();

    internal RootDocument RootDocument(int version = 1) => new()
    {
        Version = version,
        Expires = Later,
        Keys = RootKeys.Concat(TargetsKeys).Append(SnapshotKey).Append(TimestampKey).DistinctBy(k => k.Id).ToDictionary(k => k.Id, k => k.Public, StringComparer.Ordinal),
        Roles = new Dictionary<string, RoleKeys>(StringComparer.Ordinal)
        {
            [RoleName.Root] = new RoleKeys([.. RootKeys.Select(k => k.Id)], 2),
            [RoleName.Targets] = new RoleKeys([.. TargetsKeys.Select(k => k.Id)], TargetsKeys.Count),
            [RoleName.Snapshot] = new RoleKeys([SnapshotKey.Id], 1),
            [RoleName.Timestamp] = new RoleKeys([TimestampKey.Id], 1),
        },
        Deployment = Deployment,
        List = List,
        ManifestKey = ManifestKey.Public,
    };

    internal byte[] Root(int version = 1) => Sign(RootDocument(version).ToJson(), RootKeys);

    internal byte[] Targets(int version = 1, DateTimeOffset? expires = null, Action<JsonObject>? change = null)
    {
        var files = new Dictionary<string, TargetFile>(StringComparer.Ordinal) { ["list.txt"] = TargetFile.To("bad.example\n"u8) };
        return Sign(Changed(new TargetsDocument(version, expires ?? Later, files).ToJson(), change), TargetsKeys);
    }

    internal byte[] Snapshot(int version, byte[] targets, int targetsVersion, DateTimeOffset? expires = null, Action<JsonObject>? change = null) =>
        Sign(Changed(new SnapshotDocument(version, expires ?? Later, MetadataReference.To(targetsVersion, targets)).ToJson(), change), [SnapshotKey]);

    internal byte[] Timestamp(int version, byte[] snapshot, int snapshotVersion, DateTimeOffset? expires = null, Action<JsonObject>? change = null) =>
        Sign(Changed(new TimestampDocument(version, expires ?? Later, MetadataReference.To(snapshotVersion, snapshot)).ToJson(), change), [TimestampKey]);

    internal static byte[] Sign(JsonObject signed, IEnumerable<SigningKey> keys) => SignedDocument.Compose(signed, keys.Select(k => k.Sign(signed)));

    private static JsonObject Changed(JsonObject signed, Action<JsonObject>? change)
    {
        change?.Invoke(signed);
        return signed;
    }
}
