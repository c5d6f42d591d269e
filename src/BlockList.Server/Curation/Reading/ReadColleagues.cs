using BlockList.Server.Access;
using BlockList.Server.Curation.Pages;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Curation.Reading;

/// <summary>The other curators of a person's agency: to whom a claim can be given, and who decides where that person may not.</summary>
internal sealed class ReadColleagues(IDbContextFactory<BlockListDb> contexts)
{
    public async Task<IReadOnlyList<ColleagueRow>> RunAsync(Viewer person, CancellationToken cancellationToken)
    {
        if (person.Agency is null) return [];
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.People.AsNoTracking().Where(p => p.Agency == person.Agency && p.Id != person.Person && p.LeftAt == null && p.Roles.Contains(RoleNames.Curator))
            .OrderBy(p => p.Name).Select(p => new ColleagueRow(p.Id, p.Name)).ToListAsync(cancellationToken);
    }
}
