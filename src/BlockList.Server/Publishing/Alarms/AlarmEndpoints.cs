using BlockList.Server.Access;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Publishing.Alarms;

/// <summary>What somebody must look at, and who said that they do.</summary>
internal static class AlarmEndpoints
{
    private const int OnAPage = 25;

    /// <summary>More cannot stand at once without something being wrong with the alarms themselves.</summary>
    private const int MostStanding = 200;

    public static void MapAlarms(this IEndpointRouteBuilder routes)
    {
        var readers = routes.MapGroup("/alarms").ForPeople(RoleNames.ReleaseOfficer, RoleNames.ListOwner, RoleNames.OperatorAdministrator, RoleNames.ProviderManager, RoleNames.Oversight, RoleNames.Auditor);
        readers.MapGet("", ShowAsync);
        routes.MapGroup("/alarms").ForPeople(RoleNames.ReleaseOfficer, RoleNames.ListOwner, RoleNames.OperatorAdministrator).MapPost("/{id:guid}/acknowledge", AcknowledgeAsync).ShownAt("/alarms");
    }

    private static async Task<IResult> ShowAsync(DateTimeOffset? before, string? done, ReadAlarms alarms, CancellationToken cancellationToken)
    {
        var over = await alarms.RunAsync(standing: false, before?.ToUniversalTime(), OnAPage + 1, cancellationToken);
        return PageResult.Of<AlarmsPage>(new AlarmsModel(before is null ? await alarms.RunAsync(standing: true, null, MostStanding, cancellationToken) : [], [.. over.Take(OnAPage)],
            before is null, over.Count > OnAPage ? over[OnAPage - 1].RaisedAt : null, done switch
            {
                "acknowledged" => "Others see now that you look after it.",
                "late" => "A colleague was first, or the alarm is over.",
                _ => null,
            }));
    }

    private static async Task<IResult> AcknowledgeAsync(Guid id, PageContext page, ReadAlarms alarms, CancellationToken cancellationToken) =>
        Results.Redirect(await alarms.AcknowledgeAsync(id, page.Reader.Person, cancellationToken) ? "/alarms?done=acknowledged" : "/alarms?done=late");
}
