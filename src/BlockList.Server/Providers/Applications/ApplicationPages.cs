using BlockList.Server.Access;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Providers.Applications;

/// <summary>Addresses of the provider manager.</summary>
internal static class ApplicationPages
{
    public static void MapApplications(this IEndpointRouteBuilder routes)
    {
        var people = routes.MapGroup("/applications").ForPeople(RoleNames.ProviderManager);
        people.MapGet("", ShowAsync);
        people.MapGet("/{id:guid}/bundle", (Guid id, ApplicationScreens screens, CancellationToken cancellationToken) => screens.BundleAsync(id, cancellationToken));
        people.MapPost("/{id:guid}/approve", ApproveAsync).ShownAt("/applications");
        people.MapPost("/{id:guid}/refuse", RefuseAsync).ShownAt("/applications");
        people.MapPost("/{id:guid}/code", (Guid id, PageContext page, ApplicationScreens screens, CancellationToken cancellationToken) => screens.AnotherCodeAsync(page.Reader, id, cancellationToken)).ShownAt("/applications");
    }

    private static async Task<IResult> ShowAsync(HttpContext context, PageContext page, KeptForms kept, ApplicationScreens screens, string? done, CancellationToken cancellationToken)
    {
        var fields = await kept.FindAsync(context, page.Reader, cancellationToken);
        var typed = new TypedDecision(Guid.TryParse(fields.GetValueOrDefault(ApplicationScreens.ApplicationField), out var id) ? id : null,
            fields.GetValueOrDefault(ApplicationScreens.NameField, ""), null, fields.GetValueOrDefault(ApplicationScreens.ReasonField, ""));
        return await screens.ShowAsync(typed, [], null, done == "refused" ? "The application is refused, and whoever applied is told so." : null, null, cancellationToken);
    }

    private static async Task<IResult> ApproveAsync(HttpContext context, Guid id, PageContext page, ApplicationScreens screens, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        return await screens.ApproveAsync(page.Reader, id, form[ApplicationScreens.NameField].ToString(), [.. form[ApplicationScreens.ListField].OfType<string>()], cancellationToken);
    }

    private static async Task<IResult> RefuseAsync(HttpContext context, Guid id, PageContext page, ApplicationScreens screens, CancellationToken cancellationToken) =>
        await screens.RefuseAsync(page.Reader, id, (await context.Request.ReadFormAsync(cancellationToken))[ApplicationScreens.ReasonField].ToString(), cancellationToken);
}
