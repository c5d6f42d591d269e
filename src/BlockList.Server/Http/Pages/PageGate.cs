using BlockList.Server.Access;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Http.Pages;

/// <summary>
/// Stands before every endpoint: who asks, whether the endpoint is for them, and whether what is posted comes from a form
/// of ours. An endpoint cannot be mapped around it, so none can forget it.
/// </summary>
internal sealed class PageGate(RequestDelegate next, Sessions sessions, KeptForms kept, IOptions<PageOptions> options)
{
    public async Task InvokeAsync(HttpContext context, PageContext page)
    {
        // What routing answers in place of an endpoint (another method than the address takes) leads nowhere either.
        if (context.GetEndpoint() is not RouteEndpoint endpoint)
        {
            await PageResult.Of<NotFoundPage>(status: StatusCodes.Status404NotFound).ExecuteAsync(context);
            return;
        }
        var audience = endpoint.Metadata.GetMetadata<Audience>() ?? throw new InvalidOperationException($"{endpoint.DisplayName} does not say for whom it is");
        var secret = context.Request.Cookies[FormTokens.SessionCookie];
        page.Viewer = await sessions.FindAsync(secret, context.RequestAborted);
        page.FormToken = page.Viewer is null ? FormTokens.OfVisitor(context) : FormTokens.Of(secret!);
        page.Address = context.Request.Path + context.Request.QueryString;
        if (await RefuseAsync(context, page, audience) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
            return;
        }
        await next(context);
    }

    private async Task<IResult?> RefuseAsync(HttpContext context, PageContext page, Audience audience)
    {
        var changes = !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method);
        if (changes && IsFromElsewhere(context.Request)) return Refused(StatusCodes.Status403Forbidden, "This request came from another site", "Nothing was changed. If you did not mean to be here, close this window; otherwise open the page you need and use its own form.");
        if (changes && Uploads.IsTooLong(context, out var limit)) return await RefuseLengthAsync(context, limit);
        if (audience.NeedsSession && page.Viewer is null) return changes ? await SignInAgainAsync(context) : Redirect(context);
        if (changes && await ReadTokenAsync(context) is var token && (token is null || !FormTokens.AreEqual(page.FormToken, token))) return await RefuseFormAsync(context, page);
        return audience.Roles.Length == 0 || page.Viewer!.IsAny(audience.Roles) ? null : await RefuseRoleAsync(context, page.Viewer, audience.Roles, changes);
    }

    /// <summary>The role may have been withdrawn while the form was open: what was typed is kept for when it is back.</summary>
    private async Task<IResult> RefuseRoleAsync(HttpContext context, Viewer viewer, string[] roles, bool changes)
    {
        const string What = "Your role does not open this page";
        var advice = $"It is for: {string.Join(", ", roles.Select(RoleNames.Describe))}. Nothing was changed. Your roles stand on your account page; an administrator of your agency changes them.";
        if (!changes || await ReadFormAsync(context) is not { } form) return Refused(StatusCodes.Status403Forbidden, What, advice);
        var again = await kept.KeepAsync(viewer.Person, ShownAt.PathOf(context), KeptForms.FieldsOf(form), context.RequestAborted);
        return new Refusal(StatusCodes.Status403Forbidden, new RefusedModel(What, $"{advice} What you typed is kept for a day: with the role back, open the form again.", again, "Open the form again"));
    }

    /// <summary>Browsers say where a request was made (Fetch Metadata, and Origin before that); what says nothing is left to the token.</summary>
    private bool IsFromElsewhere(HttpRequest request) =>
        (request.Headers.TryGetValue("Sec-Fetch-Site", out var site) && site != "same-origin")
        || (request.Headers.TryGetValue("Origin", out var origin) && origin != options.Value.Origin);

    private static IResult Redirect(HttpContext context) => context.Request.Headers.ContainsKey("HX-Request")
        ? Refused(StatusCodes.Status401Unauthorized, "Your session has ended", "Reload the page to sign in again.")
        : Results.Redirect($"/sign-in?to={Uri.EscapeDataString(context.Request.Path + context.Request.QueryString)}");

    private static async Task<IResult> RefuseLengthAsync(HttpContext context, long limit)
    {
        await Uploads.DropAsync(context);
        return PageResult.Of<RefusedPage>(new RefusedModel($"The file is longer than {limit / 1024 / 1024} MB",
            $"Nothing of it was stored. {context.GetEndpoint()!.Metadata.GetMetadata<UploadLimit>()!.Advice}", context.Request.Path, "Choose another file"), StatusCodes.Status413PayloadTooLarge);
    }

    /// <summary>What was typed travels through the sign-in page and is shown in its form again; nothing is carried out.</summary>
    private static async Task<IResult> SignInAgainAsync(HttpContext context)
    {
        if (Refusal.IsForScript(context.Request)) return Refused(StatusCodes.Status401Unauthorized, "Your session has ended", "Sign in and do it again; nothing was changed.");
        // Nobody knows who sends this, so a file in it goes into no memory; files are not kept in any case.
        if (context.Request.HasFormContentType && context.GetEndpoint()?.Metadata.GetMetadata<UploadLimit>() is not null)
        {
            var fields = await Uploads.ReadFieldsAsync(context);
            return PageResult.Of<SignInPage>(new SignInModel(ShownAt.PathOf(context), fields.Where(f => f.Key != FormTokens.Field).ToDictionary(StringComparer.Ordinal), Interrupted: true), StatusCodes.Status401Unauthorized);
        }
        return await ReadFormAsync(context) is { } form
            ? PageResult.Of<SignInPage>(new SignInModel(ShownAt.PathOf(context), KeptForms.FieldsOf(form), Interrupted: true), StatusCodes.Status401Unauthorized)
            : Refused(StatusCodes.Status401Unauthorized, "Your session has ended", "Sign in and do it again; nothing was changed.");
    }

    private async Task<IResult> RefuseFormAsync(HttpContext context, PageContext page)
    {
        const string What = "This form is from an earlier sign-in";
        if (page.Viewer is not { } viewer || context.Request.Headers.Origin != options.Value.Origin || await ReadFormAsync(context) is not { } form)
            return Refused(StatusCodes.Status403Forbidden, What, "Nothing was changed. Open the page again and send its form once more; if that happens again, let your browser store cookies for this site.");
        var again = await kept.KeepAsync(viewer.Person, ShownAt.PathOf(context), KeptForms.FieldsOf(form), context.RequestAborted);
        return new Refusal(StatusCodes.Status403Forbidden, new RefusedModel(What, "Nothing was changed, and what you typed is kept. Open the form again, look at it and send it.", again, "Open the form again"));
    }

    private static Refusal Refused(int status, string what, string advice) => new(status, new RefusedModel(what, advice));

    private static async Task<string?> ReadTokenAsync(HttpContext context) => (await ReadFormAsync(context))?[FormTokens.Field].ToString();

    private static async Task<IFormCollection?> ReadFormAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType) return null;
        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception problem) when (problem is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }
}
