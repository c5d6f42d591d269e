using BlockList.Server.Access;
using BlockList.Server.Data;
using BlockList.Server.Http.Pages;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Criteria;

/// <summary>The criteria texts, for everyone with a role.</summary>
internal static class CriteriaEndpoints
{
    public static void MapCriteria(this IEndpointRouteBuilder routes)
    {
        var criteria = routes.MapGroup("/criteria").ForPeople(RoleNames.All);
        criteria.MapGet("", ShowAllAsync);
        criteria.MapGet("/{list}/{version:int}", ShowAsync);
    }

    private static async Task<PageResult> ShowAllAsync(IDbContextFactory<BlockListDb> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var lists = await db.Lists.AsNoTracking().Where(l => l.TestDomain == null).ToListAsync(cancellationToken);
        var versions = await db.CriteriaVersions.AsNoTracking().OrderByDescending(v => v.Version).ToListAsync(cancellationToken);
        return PageResult.Of<CriteriaListPage>(lists.OrderBy(l => l.Country is not null).ThenBy(l => l.Id, StringComparer.Ordinal)
            .Select(l => new ListCriteria(l, [.. versions.Where(v => v.List == l.Id)])).ToArray());
    }

    private static async Task<PageResult> ShowAsync(string list, int version, IDbContextFactory<BlockListDb> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var parameters = await db.Lists.AsNoTracking().SingleOrDefaultAsync(l => l.Id == list, cancellationToken);
        var versions = await db.CriteriaVersions.AsNoTracking().Where(v => v.List == list).ToListAsync(cancellationToken);
        return parameters is not null && versions.SingleOrDefault(v => v.Version == version) is { } shown
            ? PageResult.Of<CriteriaPage>(new CriteriaModel(parameters, shown, CriteriaText.Parse(shown.Text), [.. versions.Select(v => v.Version).Where(v => v != version).Order()]))
            : PageResult.Of<NotFoundPage>(status: StatusCodes.Status404NotFound);
    }
}
