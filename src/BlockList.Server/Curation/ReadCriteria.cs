using BlockList.Server.Access;
using BlockList.Server.Criteria;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Curation;

/// <summary>The criteria that an assessment is made under now.</summary>
/// <param name="Decided">Those that a curator decides, in the order of the text.</param>
internal sealed record CriteriaInForce(string List, int Version, string Sha256, IReadOnlyList<Criterion> Decided, int LeaseMonths, int AgenciesNeeded, int CountriesNeeded);

/// <summary>Which lists a person works on, and by which criteria.</summary>
internal sealed class ReadCriteria(IDbContextFactory<BlockListDb> contexts)
{
    /// <summary>Lists on which the person's agency may vote; all that take votes for people who read only. In the order of their ids, the joint list first.</summary>
    public async Task<IReadOnlyList<string>> ListsForAsync(Viewer person, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var lists = await db.Lists.AsNoTracking().Where(l => l.TestDomain == null).Select(l => new { l.Id, l.Country }).ToListAsync(cancellationToken);
        return [.. lists.Where(l => l.Country is null || person.Agency is null || l.Country == person.Country).OrderBy(l => l.Country is not null).ThenBy(l => l.Id, StringComparer.Ordinal).Select(l => l.Id)];
    }

    /// <summary>Numbers of all versions by list and hash: a statement names the hash.</summary>
    public async Task<IReadOnlyDictionary<(string List, string Sha256), int>> VersionsAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.CriteriaVersions.AsNoTracking().Select(v => new { v.List, v.Sha256, v.Version }).ToDictionaryAsync(v => (v.List, v.Sha256), v => v.Version, cancellationToken);
    }

    public async Task<CriteriaInForce> OfListAsync(string list, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var parameters = await db.Lists.AsNoTracking().SingleAsync(l => l.Id == list, cancellationToken);
        var version = await db.CriteriaVersions.AsNoTracking().Where(v => v.List == list).OrderByDescending(v => v.Version).FirstAsync(cancellationToken);
        var text = CriteriaText.Parse(version.Text);
        return new CriteriaInForce(list, version.Version, version.Sha256, [.. version.DecidedByCurator.Select(text.Find)],
            parameters.LeaseMonths ?? 0, parameters.AgenciesNeeded ?? 0, parameters.CountriesNeeded ?? 0);
    }
}
