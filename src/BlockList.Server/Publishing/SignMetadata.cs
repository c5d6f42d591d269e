using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Log;
using BlockList.Format.Signatures;
using BlockList.Format.Tuf;
using BlockList.Server.Signing;

namespace BlockList.Server.Publishing;

/// <summary>Composes and signs the metadata of one list under its current root, with keys that it names: clients would refuse whatever
/// others sign.</summary>
/// <exception cref="SigningException">From each signing, where its key is not at hand.</exception>
internal sealed class SignMetadata(RootDocument root, ListKeys keys, DateTimeOffset now)
{
    public static readonly TimeSpan TargetsLifetime = TimeSpan.FromDays(30);
    public static readonly TimeSpan SnapshotLifetime = TimeSpan.FromDays(14);
    public static readonly TimeSpan TimestampLifetime = TimeSpan.FromDays(7);

    /// <summary>What is to be signed of targets, by this publisher and whoever signs beside it.</summary>
    public JsonObject TargetsPart(int version, IReadOnlyDictionary<string, TargetFile> files) =>
        new TargetsDocument(version, Timestamp.Truncate(now + TargetsLifetime), files).ToJson();

    /// <exception cref="NotCountersignedException">A signature of another is by no key that the root names, or does not hold.</exception>
    public byte[] Targets(JsonObject part, IReadOnlyList<DocumentSignature> others)
    {
        // Not every path reads back what it signed, and clients would refuse all of it.
        var signed = CanonicalJson.Encode(part);
        if (others.FirstOrDefault(other => other.KeyId == keys.Targets.Key.KeyId || !root.Roles[RoleName.Targets].KeyIds.Contains(other.KeyId) || !root.Keys[other.KeyId].Verify(signed, other.Value)) is { } useless)
            throw new NotCountersignedException($"The verifier signed with the key {useless.KeyId}, and that is no second targets key of root {root.Version} of list {root.List}, or its signature does not hold. Put the targets.p8 that the root names back into the verifier's [Verifying] Directory, or take the root of the rotation (blocklist publisher root).");
        return Sign(RoleName.Targets, part, others);
    }

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
