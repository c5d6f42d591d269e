using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Publishing.Resuming;

/// <summary>Numbers that agents may have seen although the database has lost them: what is signed next is above each.</summary>
internal sealed record ResumeFloor(int Serial, int TargetsVersion, int SnapshotVersion, int TimestampVersion)
{
    /// <summary>Of a list that was never resumed.</summary>
    public static readonly ResumeFloor None = new(0, 0, 0, 0);

    public static async Task<ResumeFloor> ReadAsync(BlockListDb db, string list, CancellationToken cancellationToken)
    {
        var rows = await db.ResumedLists.AsNoTracking().Where(r => r.List == list).ToListAsync(cancellationToken);
        return rows.Count == 0 ? None : new ResumeFloor(rows.Max(r => r.Serial), rows.Max(r => r.TargetsVersion), rows.Max(r => r.SnapshotVersion), rows.Max(r => r.TimestampVersion));
    }

    /// <summary>Whether the newest version is older than one that agents may have.</summary>
    public bool HidesVersionsAfter(HeadNumbers head) => Serial > head.Serial;

    /// <summary>Whether agents would refuse what is served.</summary>
    public bool IsAbove(HeadNumbers head) =>
        HidesVersionsAfter(head) || TargetsVersion > head.TargetsVersion || SnapshotVersion >= head.SnapshotVersion || TimestampVersion >= head.TimestampVersion;

    /// <summary>With what the verifier signed: the list of a serial that only the floor knows is not known any more.</summary>
    public Countersigned Raise(Countersigned highest) => highest with
    {
        Serial = Serial > (highest.Serial?.Value ?? 0) ? Format.Serial.Create(Serial) : highest.Serial,
        ListSha256 = Serial > (highest.Serial?.Value ?? 0) ? null : highest.ListSha256,
        TargetsVersion = Math.Max(TargetsVersion, highest.TargetsVersion),
    };
}
