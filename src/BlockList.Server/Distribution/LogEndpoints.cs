using BlockList.Server.Access;
using BlockList.Server.Distribution.Pages;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Distribution;

/// <summary>The page of the transparency log, for everyone with a role: agencies compare what they see of it with what providers see.
/// Which provider's receipt differs is for the operator's people.</summary>
internal static class LogEndpoints
{
    public static readonly string[] SeeProviders = [RoleNames.ProviderManager, RoleNames.OperatorAdministrator, RoleNames.Oversight, RoleNames.Auditor];

    public static IServiceCollection AddLogPage(this IServiceCollection services) => services.AddSingleton<ReadLog>();

    public static void MapLogPage(this IEndpointRouteBuilder routes) => routes.MapGet("/log", ShowAsync).ForPeople(RoleNames.All);

    private static async Task<PageResult> ShowAsync(long? before, PageContext page, ReadLog log, CancellationToken cancellationToken)
    {
        var logs = await log.NewestAsync(cancellationToken);
        var differing = page.Reader.IsAny(SeeProviders) ? await log.DifferingAsync(before, cancellationToken) : null;
        var next = differing?.Count > ReadLog.RowsOnAPage ? differing[ReadLog.RowsOnAPage - 1].Id : (long?)null;
        return PageResult.Of<LogPage>(new LogModel(logs, differing is null ? null : [.. differing.Take(ReadLog.RowsOnAPage)], before is null, next));
    }
}
