using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Log;
using BlockList.Format.Signatures;
using BlockList.Format.Tuf;
using BlockList.Server.Signing;

namespace BlockList.Server.Publishing;

/// <summary>Composes and signs the metadata of one list under its current root.</summary>
internal sealed class SignMetadata
{
    public static readonly TimeSpan TargetsLifetime = TimeSpan.FromDays(30);
    public static readonly TimeSpan SnapshotLifetime = TimeSpan.FromDays(14);
    public static readonly TimeSpan TimestampLifetime = TimeSpan.FromDays(7);
    private readonly RootDocument root;
    private readonly ListKeys keys;
    private readonly DateTimeOffset now;

    /// <exception cref="SigningException">The keys at hand are not the ones that the root names: clients would refuse
    /// whatever they sign.</exception>
    public SignMetadata(RootDocument root, ListKeys keys, DateTimeOffset now)
    {
        foreach (var role in new[] { RoleName.Targets, RoleName.Snapshot, RoleName.Timestamp })
        {
            if (!root.Roles[role].KeyIds.Contains(keys.Of(role).Key.KeyId))
                throw new SigningException($"The {role} key of list {root.List} is not named by its root {root.Version}. Put the key back that the root names, or take the root of the rotation (blocklist publisher root).");
        }
        if (keys.Manifest.Key.KeyId != root.ManifestKey.KeyId)
            throw new SigningException($"The manifest key of list {root.List} is not the one that its root {root.Version} names. Put the key back that the root names, or take the root of the rotation (blocklist publisher root).");
        if (root.LogKey is not null && keys.Log?.Key.KeyId != root.LogKey.KeyId)
            throw new SigningException($"The log key of list {root.List} is not the one that its root {root.Version} names. Put the key back that the root names, or take the root of the rotation (blocklist publisher root).");
        this.root = root;
        this.keys = keys;
        this.now = now;
    }

    /// <summary>What is to be signed of targets, by this publisher and whoever signs beside it.</summary>
    public JsonObject TargetsPart(int version, IReadOnlyDictionary<string, TargetFile> files) =>
        new TargetsDocument(version, Timestamp.Truncate(now + TargetsLifetime), files).ToJson();

    public byte[] Targets(JsonObject part, IReadOnlyList<DocumentSignature> others) => Sign(RoleName.Targets, part, others);

    public byte[] Snapshot(int version, MetadataReference targets) =>
        Sign(RoleName.Snapshot, new SnapshotDocument(version, Timestamp.Truncate(now + SnapshotLifetime), targets).ToJson(), []);

    public byte[] TimestampFile(int version, MetadataReference snapshot) =>
        Sign(RoleName.Timestamp, new TimestampDocument(version, Timestamp.Truncate(now + TimestampLifetime), snapshot).ToJson(), []);

    /// <summary>The log with the leaf of a targets document that was just signed, or null where the root names no log key.</summary>
    /// <param name="log">The log as the run found it.</param>
    /// <param name="serial">The version that the document offers.</param>
    /// <param name="version">The document's own.</param>
    /// <param name="targets">The document, as it will be served.</param>
    public LogAppend? Log(LogState log, Serial serial, int version, byte[] targets) => root.LogKey is null
        ? null
        : log.Append(new LogLeaf(root.List, serial, version, Hashes.Sha256(targets)), Checkpoint.OriginOf(root.Deployment, root.List), keys.Log!);

    private byte[] Sign(string role, JsonObject signed, IReadOnlyList<DocumentSignature> others)
    {
        var signer = keys.Of(role);
        var signature = signer.Sign(CanonicalJson.Encode(signed), DSASignatureFormat.Rfc3279DerSequence);
        return SignedDocument.Compose(signed, [new DocumentSignature(signer.Key.KeyId, signature), .. others]);
    }
}
