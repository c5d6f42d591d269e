using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Signatures;
using BlockList.Format.Tuf;
using BlockList.Server.Data;
using BlockList.Server.Publishing.Resuming;
using BlockList.Server.Signing;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Publishing;

/// <summary>The numbers of a list's newest metadata. Whoever publishes names the one it went on from.</summary>
internal sealed record HeadNumbers(int Serial, int RootVersion, int TargetsVersion, int SnapshotVersion, int TimestampVersion,
    DateTimeOffset TargetsSignedAt, DateTimeOffset SnapshotSignedAt, DateTimeOffset TimestampSignedAt);

/// <summary>What is published of a list before a run: its root, and, but for the first run, its newest version. What the
/// database holds is verified as a client verifies it before anything is signed on top of it: whoever can write those
/// rows, but has not the keys, must not get them signed here.</summary>
/// <param name="RootBytes">The newest root.</param>
/// <param name="Root">The same, read.</param>
/// <param name="Head">Null before the first version.</param>
/// <param name="Targets">The newest targets document.</param>
/// <param name="TargetsBytes">The same, as served.</param>
/// <param name="SnapshotBytes">The newest snapshot, as served.</param>
/// <param name="List">The newest list.</param>
internal sealed record CurrentState(byte[] RootBytes, RootDocument Root, HeadNumbers? Head, TargetsDocument? Targets, byte[]? TargetsBytes, byte[]? SnapshotBytes, ListFile List)
{
    public const string ListPath = "list.txt";

    /// <summary>The list's log, with <see cref="Targets"/> as one of its leaves.</summary>
    public LogState Log { get; init; } = LogState.Empty;

    /// <summary>What agents may have seen before a restore.</summary>
    public ResumeFloor Floor { get; init; } = ResumeFloor.None;

    public Serial? Serial => Head is null ? null : Format.Serial.Create(Head.Serial);

    public Serial NextSerial => Serial?.Next() ?? Format.Serial.First;

    public string ListSha256 => List.Sha256;

    /// <summary>The newest version and its list, or null before the first.</summary>
    public (Serial Serial, string Sha256)? Before => Serial is { } serial ? (serial, ListSha256) : null;

    public ListFacts? Facts => Targets is null ? null : ListFacts.Parse(Targets.Files[ListPath].Custom!.Value);

    /// <param name="db">The publisher's.</param>
    /// <param name="list">The list.</param>
    /// <param name="holders">The root keys that this publisher pinned: every root must bear enough of their signatures.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    /// <exception cref="SigningException">The list has no root yet, or what is stored is not what was signed.</exception>
    /// <param name="known">The list as it was read before, which most times it still is.</param>
    public static async Task<CurrentState> ReadAsync(BlockListDb db, string list, PinnedRoots holders, CancellationToken cancellationToken, ListFile? known = null)
    {
        using var step = PublishTrace.Start(PublishTrace.ReadCurrent);
        var roots = await db.PublishedFiles.AsNoTracking().Where(f => f.List == list && f.Path.StartsWith("tuf/") && f.Path.EndsWith(".root.json"))
            .Select(f => f.Content).ToListAsync(cancellationToken);
        if (roots.Count == 0)
            throw new SigningException($"List {list} has no root yet. Take the one that the root ceremony signed: blocklist publisher root {list}.1.root.json");
        var head = await db.Heads.AsNoTracking().SingleOrDefaultAsync(h => h.List == list, cancellationToken);
        try
        {
            var (rootBytes, root) = roots.Select(bytes => (bytes, Root: Open(bytes, holders))).MaxBy(r => r.Root.Version);
            var floor = await ResumeFloor.ReadAsync(db, list, cancellationToken);
            if (head is null)
            {
                // Leaves came back after a restore from before the first version, or there are none.
                return new CurrentState(rootBytes, root, null, null, null, null, ListFile.Empty) { Log = await LogState.ReadAsync(db, root, root, null, cancellationToken), Floor = floor };
            }
            var client = new TrustedMetadata(roots.SingleOrDefault(bytes => Open(bytes, holders).Version == head.RootVersion) ?? throw Altered(list, $"publishing.head names root {head.RootVersion}, and there is none"), head.TimestampSignedAt);
            client.UpdateTimestamp(head.TimestampContent);
            var snapshot = await FileAsync(db, list, $"tuf/{head.SnapshotVersion}.snapshot.json", cancellationToken);
            client.UpdateSnapshot(snapshot);
            var targets = await FileAsync(db, list, $"tuf/{head.TargetsVersion}.targets.json", cancellationToken);
            client.UpdateTargets(targets);
            var listTarget = client.Targets!.Files[ListPath];
            var listBytes = await FileAsync(db, list, "targets/" + listTarget.LocationOf(ListPath), cancellationToken);
            if (!listTarget.Matches(listBytes)) throw Altered(list, "list.txt is another file");
            return new CurrentState(rootBytes, root, Numbers(head, client, list), client.Targets, targets, snapshot, ListFile.Take(listBytes, known))
            {
                Log = await LogState.ReadAsync(db, client.Root, root, (head.TargetsVersion, targets), cancellationToken),
                Floor = floor,
            };
        }
        catch (RefusedException problem)
        {
            throw Altered(list, problem.Message, problem);
        }
    }

    private static RootDocument Open(byte[] bytes, PinnedRoots holders)
    {
        var document = SignedDocument.Parse(bytes);
        var root = RootDocument.Parse(document.Signed);
        return document.ReachesThreshold(holders.Role, holders.Keys)
            ? root
            : throw Altered(root.List, $"root {root.Version} does not bear the signatures of the pinned root holders");
    }

    /// <summary>Of the row nothing is believed that the signed documents do not say: a number that somebody pushed ahead, once it is signed
    /// and served, is the last that any client takes.</summary>
    private static HeadNumbers Numbers(ListHead head, TrustedMetadata client, string list)
    {
        var serial = ListFacts.Parse(client.Targets!.Files[ListPath].Custom!.Value).Version;
        if ((head.Serial, head.TargetsVersion, head.SnapshotVersion, head.TimestampVersion) != (serial.Value, client.Targets.Version, client.Snapshot!.Version, client.Timestamp!.Version))
            throw Altered(list, "the numbers in publishing.head are not those of the signed documents");
        return new HeadNumbers(head.Serial, head.RootVersion, head.TargetsVersion, head.SnapshotVersion, head.TimestampVersion,
            SignedAt(head.TargetsSignedAt, client.Targets.Expires, SignMetadata.TargetsLifetime), SignedAt(head.SnapshotSignedAt, client.Snapshot.Expires, SignMetadata.SnapshotLifetime),
            SignedAt(head.TimestampSignedAt, client.Timestamp.Expires, SignMetadata.TimestampLifetime));
    }

    /// <summary>When a document was signed, by the row or by its own date, whichever is earlier: a row that says later keeps it from being signed anew.</summary>
    public static DateTimeOffset SignedAt(DateTimeOffset row, DateTimeOffset expires, TimeSpan lifetime) => row < expires - lifetime ? row : expires - lifetime;

    private static SigningException Altered(string list, string what, Exception? inner = null) =>
        new($"What is stored as published of list {list} is not what was signed: {what}. Someone wrote to publishing.head or publishing.file. Nothing is signed on top of it; restore those tables from a backup, and replace the password of the publisher's login.", inner);

    /// <exception cref="SigningException">There is none.</exception>
    public static async Task<byte[]> FileAsync(BlockListDb db, string list, string path, CancellationToken cancellationToken) =>
        await db.PublishedFiles.AsNoTracking().Where(f => f.List == list && f.Path == path).Select(f => f.Content).SingleOrDefaultAsync(cancellationToken) ?? throw Altered(list, $"{path} is missing");
}
