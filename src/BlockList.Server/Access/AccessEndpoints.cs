using BlockList.Server.Http.Pages;

namespace BlockList.Server.Access;

internal static class AccessEndpoints
{
    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        var visitors = routes.MapGroup("/sign-in").ForVisitors();
        visitors.MapGet("", ShowSignIn);

        var people = routes.MapGroup("").ForPeople();
        people.MapPost("/sign-out", SignOutAsync);
    }

    private static PageResult ShowSignIn(HttpContext context) =>
        PageResult.Of<SignInPage>(new SignInModel(LocalPath.Of(context.Request.Query["to"]), new Dictionary<string, string>(), Interrupted: false));

    private static async Task<IResult> SignOutAsync(HttpContext context, PageContext page, Sessions sessions, CancellationToken cancellationToken)
    {
        await sessions.EndAsync(page.Reader.Session, "signed-out", cancellationToken);
        context.Response.Cookies.Delete(FormTokens.SessionCookie, FormTokens.CookieOptions);
        return Results.Redirect("/sign-in");
    }
}
