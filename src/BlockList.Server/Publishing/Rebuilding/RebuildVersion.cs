using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Tuf;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Publishing.Rebuilding;

/// <summary>Makes the files of a past version again, byte for byte, and compares them with what was published. It writes nothing.</summary>
internal sealed class RebuildVersion(IDbContextFactory<BlockListDb> contexts, RecordedRegisters registers, DeriveList derive)
{
    /// <returns>List, step and manifest, as far as the version has them; null where there is no such version.</returns>
    public async Task<IReadOnlyList<RebuiltFile>?> RunAsync(string list, int serial, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var versions = await db.Versions.AsNoTracking().Where(v => v.List == list && v.Serial <= serial).OrderByDescending(v => v.Serial).Take(2).ToListAsync(cancellationToken);
        if (versions.Count == 0 || versions[0].Serial != serial) return null;
        var (version, before) = (versions[0], versions.Count > 1 ? versions[1] : null);
        // The one before first, so that one replay of the ledger does for both.
        var previous = before is null ? null : await DeriveAsync(db, before, cancellationToken);
        var rebuilt = await DeriveAsync(db, version, cancellationToken);

        var files = new List<RebuiltFile> { new(CurrentState.ListPath, rebuilt.ToBytes(), rebuilt.Sha256 == version.ListSha256 ? RebuiltFile.Comparison.Equal : RebuiltFile.Comparison.Different) };
        if (before is not null && before.Serial + 1 == version.Serial)
        {
            var step = Delta.Between(Serial.Create(before.Serial), previous!, Serial.Create(version.Serial), rebuilt);
            files.Add(await CompareAsync(db, version, Delta.PathOf(step.From, step.To), step.ToBytes(), cancellationToken));
        }
        var manifest = VersionFiles.ManifestOf(await FactsAsync(version, rebuilt, cancellationToken), rebuilt.Sha256);
        files.Add(await CompareAsync(db, version, VersionFiles.ManifestPath, manifest, cancellationToken));
        return files;
    }

    /// <summary>From the ledger; or, where it did not hold then, from the version before.</summary>
    private async Task<ListFile> DeriveAsync(BlockListDb db, PublishedVersion version, CancellationToken cancellationToken)
    {
        if (version.RemovedBy is not { } removedBy) return await derive.RunAsync(version, cancellationToken);
        var before = await db.Versions.AsNoTracking().Where(v => v.List == version.List && v.Serial < version.Serial).OrderByDescending(v => v.Serial).FirstOrDefaultAsync(cancellationToken)
            ?? throw new RebuildException($"The version before version {version.Serial} of {version.List} is missing. publishing.version was changed: restore it from a backup.");
        return (await DeriveAsync(db, before, cancellationToken)).Except(await derive.RemovedAsync(version, removedBy, cancellationToken));
    }

    /// <summary>A published file bears its hash in its name, so that the same bytes stand at the same place. A file of the same target
    /// and another hash, made with this version, is a different one.</summary>
    private static async Task<RebuiltFile> CompareAsync(BlockListDb db, PublishedVersion version, string path, byte[] content, CancellationToken cancellationToken)
    {
        var location = "targets/" + TargetFile.To(content).LocationOf(path);
        var sha256 = Hashes.Sha256(content);
        if (await db.PublishedFiles.AsNoTracking().AnyAsync(f => f.List == version.List && f.Path == location && f.Sha256 == sha256, cancellationToken))
            return new RebuiltFile(path, content, RebuiltFile.Comparison.Equal);
        // A manifest always is published, and a step has its two versions in its name.
        var name = "." + Path.GetFileName(path);
        var isOther = path == VersionFiles.ManifestPath || await db.PublishedFiles.AsNoTracking().AnyAsync(f => f.List == version.List && f.Path.StartsWith("targets/" + VersionFiles.DeltaFolder) && f.Path.EndsWith(name), cancellationToken);
        return new RebuiltFile(path, content, isOther ? RebuiltFile.Comparison.Different : RebuiltFile.Comparison.NotPublished);
    }

    private async Task<ListFacts> FactsAsync(PublishedVersion version, ListFile rebuilt, CancellationToken cancellationToken)
    {
        var register = await registers.ReadAsync(version.RegisterVersion, cancellationToken);
        var list = register.Lists[version.List];
        return new ListFacts
        {
            Deployment = register.Deployment,
            List = version.List,
            Version = Serial.Create(version.Serial),
            Count = rebuilt.Count,
            PreviousSha256 = version.PreviousSha256,
            PublishedAt = version.PublishedAt,
            EvaluatedAt = version.EvaluatedAt,
            LeaseMonths = list.LeaseMonths,
            Added = version.Added,
            Removed = version.Removed,
            Urgent = version.Urgent,
            CriteriaVersion = VersionFiles.CriteriaVersionOf(list),
            Salt = version.Salt,
        };
    }
}
