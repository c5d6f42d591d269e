using BlockList.Server.Complaints.Public.Pages;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Complaints.Public;

/// <summary>Every address of the public site. What has a language in its path has the same page in each.</summary>
internal static class PortalEndpoints
{
    public static void MapPortal(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", ToPreferredLanguage);
        var pages = routes.MapGroup("/{language:regex(^(en|fr|es|ar)$)}");
        pages.MapGet("/", () => PageResult.Of<HomePage>());
        pages.MapGet("/criteria", async (ReadCriteria read, CancellationToken cancellationToken) => PageResult.Of<ListCriteriaPage>(await read.RunAsync(cancellationToken)));
        pages.MapGet("/review", () => PageResult.Of<ReviewPage>());
        pages.MapGet("/help", () => PageResult.Of<HelpPage>());
        pages.MapGet("/privacy", () => PageResult.Of<PrivacyPage>());
        pages.MapGet("/complain", (ComplainScreens screens) => screens.Begin());
        pages.MapPost("/complain", async (HttpContext context, ComplainScreens screens) => await screens.TakeAsync(await FieldsAsync(context), context));
        pages.MapGet("/apply", (ApplyScreens screens) => screens.Begin());
        pages.MapPost("/apply", async (HttpContext context, ApplyScreens screens) => await screens.TakeAsync(await FieldsAsync(context), context));
        pages.MapGet("/status", () => PageResult.Of<StatusFormPage>(new StatusFormModel("", "", null)));
        pages.MapPost("/status", async (HttpContext context, StatusScreens screens) => await screens.ShowAsync(await FieldsAsync(context), context));
        pages.MapGet("/confirm/{reference}/{token}", (string reference, string token) => PageResult.Of<ConfirmPage>(new ConfirmModel(reference, token, null)));
        pages.MapPost("/confirm/{reference}/{token}", async (HttpContext context, string reference, string token, StatusScreens screens) => await screens.ConfirmAsync(reference, token, context));
        routes.MapPost("/enrol", (HttpContext context, EnrolEndpoint enrol) => enrol.RunAsync(context));
        routes.MapFallback(() => MessageModel.Page("not-found", StatusCodes.Status404NotFound));
    }

    private static IResult ToPreferredLanguage(HttpContext context, PortalContext portal)
    {
        context.Response.Headers.Vary = "Accept-Language";
        return Results.Redirect($"/{portal.Language.Code}/");
    }

    /// <summary>The first value of each field; a form of ours has no more.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> FieldsAsync(HttpContext context) => context.Request.HasFormContentType
        ? (await context.Request.ReadFormAsync(context.RequestAborted)).ToDictionary(field => field.Key, field => field.Value.Count > 0 ? field.Value[0] ?? "" : "", StringComparer.Ordinal)
        : new Dictionary<string, string>(StringComparer.Ordinal);
}
