using BlockList.Server.Access;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Curation.Importing;

/// <summary>The imports of the person's agency, and of every agency for those who read everything.</summary>
internal sealed class ReadImports(IDbContextFactory<BlockListDb> contexts)
{
    public const int Page = 50;

    /// <summary>Newest first, one more than a page holds where there are more.</summary>
    public async Task<IReadOnlyList<ImportLine>> ListAsync(Viewer viewer, Guid? before, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Lines(db, Visible(db, viewer).Where(i => before == null || i.Id < before).OrderByDescending(i => i.Id).Take(Page + 1)).ToListAsync(cancellationToken);
    }

    /// <summary>Null where there is none that this person may see.</summary>
    public async Task<ImportLine?> FindAsync(Viewer viewer, Guid id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Lines(db, Visible(db, viewer).Where(i => i.Id == id)).SingleOrDefaultAsync(cancellationToken);
    }

    private static IQueryable<Import> Visible(BlockListDb db, Viewer viewer)
    {
        var agency = viewer.Agency;
        return viewer.ReadsEverything ? db.Imports.AsNoTracking() : db.Imports.AsNoTracking().Where(i => i.Agency == agency);
    }

    private static IQueryable<ImportLine> Lines(BlockListDb db, IQueryable<Import> imports)
    {
        // The database's own clock wrote the sign of life, and reads it.
        var silent = db.Imports.FromSql($"select * from curation.import where heartbeat_at < clock_timestamp() - {ImportRunner.SilentFor}");
        return from import in imports
               orderby import.Id descending
               select new ImportLine(import,
                   db.Agencies.Single(a => a.Id == import.Agency).Name,
                   db.People.Single(p => p.Id == import.Person).Name,
                   db.People.Where(p => p.Id == import.SubmittedBy).Select(p => p.Name).SingleOrDefault(),
                   db.People.Where(p => p.Id == import.RevertedBy).Select(p => p.Name).SingleOrDefault(),
                   silent.Any(s => s.Id == import.Id));
    }
}
