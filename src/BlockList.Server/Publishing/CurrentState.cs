using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Signatures;
using BlockList.Format.Tuf;
using BlockList.Server.Data;
using BlockList.Server.Signing;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Publishing;

/// <summary>The numbers of a list's newest metadata. Whoever publishes names the one it went on from.</summary>
internal sealed record HeadNumbers(int Serial, int RootVersion, int TargetsVersion, int SnapshotVersion, int TimestampVersion,
    DateTimeOffset TargetsSignedAt, DateTimeOffset SnapshotSignedAt, DateTimeOffset TimestampSignedAt);

/// <summary>What is published of a list before a run: its root, and, but for the first run, its newest version.</summary>
/// <param name="RootBytes">The newest root.</param>
/// <param name="Root">The same, read.</param>
/// <param name="Head">Null before the first version.</param>
/// <param name="Targets">The newest targets document.</param>
/// <param name="List">The newest list.</param>
internal sealed record CurrentState(byte[] RootBytes, RootDocument Root, HeadNumbers? Head, TargetsDocument? Targets, ListFile List)
{
    public const string ListPath = "list.txt";

    public Serial? Serial => Head is null ? null : Format.Serial.Create(Head.Serial);

    public Serial NextSerial => Serial?.Next() ?? Format.Serial.First;

    public ListFacts? Facts => Targets is null ? null : ListFacts.Parse(Targets.Files[ListPath].Custom!.Value);

    /// <exception cref="SigningException">The list has no root yet.</exception>
    public static async Task<CurrentState> ReadAsync(BlockListDb db, string list, CancellationToken cancellationToken)
    {
        var roots = await db.PublishedFiles.AsNoTracking().Where(f => f.List == list && f.Path.StartsWith("tuf/") && f.Path.EndsWith(".root.json"))
            .Select(f => f.Content).ToListAsync(cancellationToken);
        if (roots.Count == 0)
            throw new SigningException($"List {list} has no root yet. Take the one that the root ceremony signed: blocklist publisher root {list}.1.root.json");
        var (rootBytes, root) = roots.Select(bytes => (bytes, Root: RootDocument.Parse(SignedDocument.Parse(bytes).Signed))).MaxBy(r => r.Root.Version);
        var head = await db.Heads.AsNoTracking().Where(h => h.List == list)
            .Select(h => new HeadNumbers(h.Serial, h.RootVersion, h.TargetsVersion, h.SnapshotVersion, h.TimestampVersion, h.TargetsSignedAt, h.SnapshotSignedAt, h.TimestampSignedAt))
            .SingleOrDefaultAsync(cancellationToken);
        if (head is null) return new CurrentState(rootBytes, root, null, null, ListFile.Empty);
        var targets = TargetsDocument.Parse(SignedDocument.Parse(await FileAsync(db, list, $"tuf/{head.TargetsVersion}.targets.json", cancellationToken)).Signed);
        var listTarget = targets.Files[ListPath];
        var listBytes = await FileAsync(db, list, "targets/" + listTarget.LocationOf(ListPath), cancellationToken);
        if (!listTarget.Matches(listBytes)) throw new SigningException($"The published list.txt of {list} is not the file that was signed. Restore publishing.file from a backup.");
        return new CurrentState(rootBytes, root, head, targets, ListFile.Parse(listBytes));
    }

    public static Task<byte[]> FileAsync(BlockListDb db, string list, string path, CancellationToken cancellationToken) =>
        db.PublishedFiles.AsNoTracking().Where(f => f.List == list && f.Path == path).Select(f => f.Content).SingleAsync(cancellationToken);
}
