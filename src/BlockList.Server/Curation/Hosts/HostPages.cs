using BlockList.Server.Access;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Curation.Hosts;

/// <summary>The hosts that an agency shows to be its own, so that nobody can list them.</summary>
internal static class HostPages
{
    public static void MapHosts(this IEndpointRouteBuilder routes)
    {
        var people = routes.MapGroup("/hosts").ForPeople(RoleNames.Curator, RoleNames.ReleaseOfficer);
        people.MapGet("", ShowAsync);
        people.MapPost("", AskAsync);
        people.MapPost("/{id:guid}/recheck", RecheckAsync).ShownAt("/hosts");
        people.MapPost("/{id:guid}/enter", EnterAsync).ForPeople(RoleNames.ReleaseOfficer).ShownAt("/hosts");
    }

    private static async Task<IResult> ShowAsync(HttpContext context, PageContext page, KeptForms kept, HostScreens screens, Guid? before, string? done, CancellationToken cancellationToken)
    {
        var fields = await kept.FindAsync(context, page.Reader, cancellationToken);
        var enter = Guid.TryParse(fields.GetValueOrDefault("proof"), out var id) ? id : (Guid?)null;
        return await screens.ShowAsync(page.Reader, before, fields.GetValueOrDefault(HostScreens.NameField, ""), fields.GetValueOrDefault(HostScreens.ReasonField, ""), enter, [], null, DoneOf(done), cancellationToken);
    }

    private static async Task<IResult> AskAsync(HttpContext context, PageContext page, HostScreens screens, CancellationToken cancellationToken) =>
        await screens.AskAsync(page.Reader, await FieldAsync(context, HostScreens.NameField, cancellationToken), cancellationToken);

    private static Task<IResult> RecheckAsync(Guid id, PageContext page, HostScreens screens, CancellationToken cancellationToken) => screens.RecheckAsync(page.Reader, id, cancellationToken);

    private static async Task<IResult> EnterAsync(HttpContext context, Guid id, PageContext page, HostScreens screens, CancellationToken cancellationToken) =>
        await screens.EnterAsync(page.Reader, id, await FieldAsync(context, HostScreens.ReasonField, cancellationToken), cancellationToken);

    private static async Task<string> FieldAsync(HttpContext context, string name, CancellationToken cancellationToken) =>
        KeptForms.FieldsOf(await context.Request.ReadFormAsync(cancellationToken)).GetValueOrDefault(name, "");

    private static string? DoneOf(string? word) => word switch
    {
        "asked" => "Publish the record that is shown below. It is looked for every few minutes at first, then every hour.",
        "looking" => "The record is looked for now. Reload this page in a moment.",
        "proven" => "This host was proven already.",
        "entered" => "The host is in the never-block register: neither it nor anything below it can be listed.",
        _ => null,
    };
}
