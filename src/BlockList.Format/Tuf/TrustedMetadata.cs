using BlockList.Format.Json;
using BlockList.Format.Signatures;

namespace BlockList.Format.Tuf;

/// <summary>
/// What a client trusts of one repository, and the only way to come to trust more: roots, then timestamp, snapshot
/// and targets, each checked against the one before (TUF specification 5.3 to 5.6). No file or network access;
/// the caller brings bytes and the time at which its update began. A call that throws changes nothing, but for
/// an expired timestamp or snapshot that is authentic: it stays remembered against rollback.
/// </summary>
public sealed class TrustedMetadata
{
    /// <summary>Largest metadata file a client reads, in bytes (targets with 30 deltas has about 6,000).</summary>
    public const int MaximumLength = 256 * 1024;

    private readonly DateTimeOffset now;

    /// <summary>Starts from a root that the caller trusts already: the one given out of band, or its last one.</summary>
    /// <param name="root">Bytes of the root.</param>
    /// <param name="now">The time for all expiry checks of this update.</param>
    /// <exception cref="RefusedException">It is no root, or does not bear its own threshold of signatures.</exception>
    public TrustedMetadata(ReadOnlySpan<byte> root, DateTimeOffset now)
    {
        this.now = now;
        var (document, parsed) = Read(root, RoleName.Root, RootDocument.Parse);
        RequireSignatures(document, parsed, RoleName.Root);
        Root = parsed;
    }

    public RootDocument Root { get; private set; }

    public TimestampDocument? Timestamp { get; private set; }

    public SnapshotDocument? Snapshot { get; private set; }

    public TargetsDocument? Targets { get; private set; }

    /// <summary>Steps to the next root: signed by the threshold of the current one and of itself, its number one higher.</summary>
    public void UpdateRoot(ReadOnlySpan<byte> bytes)
    {
        if (Timestamp is not null) throw new InvalidOperationException("roots come before the timestamp");
        var (document, next) = Read(bytes, RoleName.Root, RootDocument.Parse);
        RequireSignatures(document, Root, RoleName.Root);
        RequireSignatures(document, next, RoleName.Root);
        if (next.Version != Root.Version + 1)
            throw new RefusedException(RefusalReason.Version, $"root {next.Version} came where root {Root.Version + 1} was due");
        if (next.Deployment != Root.Deployment || next.List != Root.List)
            throw new RefusedException(RefusalReason.Foreign, "the new root is for another deployment or list");
        Root = next;
    }

    /// <summary>Takes a timestamp. Returns false, keeping the old one, where the version is the same.</summary>
    public bool UpdateTimestamp(ReadOnlySpan<byte> bytes)
    {
        if (Snapshot is not null) throw new InvalidOperationException("the timestamp comes before the snapshot");
        RequireFresh(Root.Expires, RoleName.Root);
        var (document, next) = Read(bytes, RoleName.Timestamp, TimestampDocument.Parse);
        RequireSignatures(document, Root, RoleName.Timestamp);
        if (Timestamp is { } old)
        {
            if (next.Version < old.Version) throw Rollback(RoleName.Timestamp, next.Version, old.Version);
            if (next.Snapshot.Version < old.Snapshot.Version) throw Rollback(RoleName.Snapshot, next.Snapshot.Version, old.Snapshot.Version);
            if (next.Version == old.Version) return false;
        }
        Timestamp = next;
        return true;
    }

    /// <summary>Whether the trusted timestamp is still in date; it must be before anything new is taken by it.</summary>
    /// <exception cref="RefusedException">It is expired.</exception>
    public void RequireFreshTimestamp() => RequireFresh(Trusted(Timestamp).Expires, RoleName.Timestamp);

    /// <summary>Takes the snapshot that the timestamp names.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="remembered">A snapshot the client kept from an earlier update: an older version is taken then, as
    /// memory against rollback; the caller goes on to fetch the one that the timestamp names.</param>
    public void UpdateSnapshot(ReadOnlySpan<byte> bytes, bool remembered = false)
    {
        var timestamp = Trusted(Timestamp);
        if (Targets is not null) throw new InvalidOperationException("the snapshot comes before targets");
        RequireFreshTimestamp();
        if (!remembered && !timestamp.Snapshot.Matches(bytes)) throw WrongFile(RoleName.Snapshot);
        var (document, next) = Read(bytes, RoleName.Snapshot, SnapshotDocument.Parse);
        RequireSignatures(document, Root, RoleName.Snapshot);
        if (Snapshot is { } old)
        {
            // The timestamp guards this already, unless it was lost and the remembered snapshot was not.
            if (next.Version < old.Version) throw Rollback(RoleName.Snapshot, next.Version, old.Version);
            if (next.Targets.Version < old.Targets.Version) throw Rollback(RoleName.Targets, next.Targets.Version, old.Targets.Version);
        }
        if (!remembered && next.Version != timestamp.Snapshot.Version)
            throw new RefusedException(RefusalReason.Version, $"snapshot {next.Version} came where the timestamp names {timestamp.Snapshot.Version}");
        Snapshot = next;
    }

    /// <summary>Takes the targets document that the snapshot names.</summary>
    public void UpdateTargets(ReadOnlySpan<byte> bytes)
    {
        var snapshot = Trusted(Snapshot);
        if (snapshot.Version != Trusted(Timestamp).Snapshot.Version)
            throw new RefusedException(RefusalReason.Version, "the snapshot is older than the timestamp");
        RequireFresh(snapshot.Expires, RoleName.Snapshot);
        if (!snapshot.Targets.Matches(bytes)) throw WrongFile(RoleName.Targets);
        var (document, next) = Read(bytes, RoleName.Targets, TargetsDocument.Parse);
        RequireSignatures(document, Root, RoleName.Targets);
        if (next.Version != snapshot.Targets.Version)
            throw new RefusedException(RefusalReason.Version, $"targets {next.Version} came where the snapshot names {snapshot.Targets.Version}");
        RequireFresh(next.Expires, RoleName.Targets);
        Targets = next;
    }

    private void RequireFresh(DateTimeOffset expires, string role)
    {
        if (expires <= now)
            throw new RefusedException(RefusalReason.Expired, $"{role} expired at {Json.Timestamp.Format(expires)}");
    }

    private static void RequireSignatures(SignedDocument document, RootDocument root, string role)
    {
        var keys = root.Roles[role];
        var valid = document.CountValid(keys, root.Keys);
        if (valid < keys.Threshold)
            throw new RefusedException(RefusalReason.Signature, $"{role} bears {valid} valid signatures of the {keys.Threshold} that root {root.Version} asks for");
    }

    private static (SignedDocument, T) Read<T>(ReadOnlySpan<byte> bytes, string role, Func<System.Text.Json.JsonElement, T> parse)
    {
        if (bytes.Length > MaximumLength)
            throw new RefusedException(RefusalReason.Malformed, $"{role} is longer than {MaximumLength} bytes");
        try
        {
            var document = SignedDocument.Parse(bytes);
            return (document, parse(document.Signed));
        }
        catch (MalformedDocumentException problem)
        {
            throw new RefusedException(RefusalReason.Malformed, $"{role}: {problem.Message}", problem);
        }
    }

    private static T Trusted<T>(T? document) where T : class =>
        document ?? throw new InvalidOperationException("the document above has not been taken yet");

    private static RefusedException Rollback(string role, int offered, int known) =>
        new(RefusalReason.Rollback, $"{role} {offered} was offered, but {known} is already known");

    private static RefusedException WrongFile(string role) =>
        new(RefusalReason.Hash, $"{role} has not the length and hash that the document above it names");
}
