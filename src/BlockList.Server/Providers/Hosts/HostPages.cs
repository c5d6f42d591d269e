using BlockList.Server.Access;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Providers.Hosts;

/// <summary>The hosts that agencies and providers show to be their own, so that nobody can list them.</summary>
internal static class HostPages
{
    public static void MapHosts(this IEndpointRouteBuilder routes)
    {
        var people = routes.MapGroup("/hosts").ForPeople(RoleNames.Curator, RoleNames.ReleaseOfficer, RoleNames.ProviderManager);
        people.MapGet("", ShowAsync);
        people.MapPost("", AskAsync);
        people.MapPost("/{id:guid}/recheck", RecheckAsync).ShownAt("/hosts");
        people.MapPost("/{id:guid}/enter", EnterAsync).ForPeople(RoleNames.ReleaseOfficer).ShownAt("/hosts");
    }

    private static async Task<IResult> ShowAsync(HttpContext context, PageContext page, KeptForms kept, HostScreens screens, Guid? before, string? done, CancellationToken cancellationToken)
    {
        var fields = await kept.FindAsync(context, page.Reader, cancellationToken);
        var enter = Guid.TryParse(fields.GetValueOrDefault("proof"), out var id) ? id : (Guid?)null;
        var typed = new TypedHost(fields.GetValueOrDefault(HostScreens.NameField, ""), fields.GetValueOrDefault(HostScreens.ProviderField, ""), fields.GetValueOrDefault(HostScreens.ReasonField, ""), enter);
        return await screens.ShowAsync(page.Reader, before, typed, [], null, DoneOf(done), cancellationToken);
    }

    private static async Task<IResult> AskAsync(HttpContext context, PageContext page, HostScreens screens, CancellationToken cancellationToken) =>
        await screens.AskAsync(page.Reader, new TypedHost(await FieldAsync(context, HostScreens.NameField, cancellationToken), await FieldAsync(context, HostScreens.ProviderField, cancellationToken)), cancellationToken);

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
