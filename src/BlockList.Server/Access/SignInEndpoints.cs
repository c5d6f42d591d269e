using BlockList.Server.Http.Pages;

namespace BlockList.Server.Access;

internal static class SignInEndpoints
{
    public static IResult Show(HttpContext context, PageContext page)
    {
        var to = LocalPath.Of(context.Request.Query["to"]);
        return page.Viewer is null ? PageResult.Of<SignInPage>(new SignInModel(to, new Dictionary<string, string>(), Interrupted: false)) : Results.Redirect(to);
    }

    public static async Task<IResult> BeginAsync(HttpContext context, PageContext page, SignIn signIn, CancellationToken cancellationToken) =>
        PasskeyAnswers.Begun(await signIn.BeginAsync(context, page.FormToken, cancellationToken));

    public static async Task<IResult> FinishAsync(HttpContext context, PageContext page, SignIn signIn, EndSession endSession, KeptForms kept, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        switch (await signIn.RunAsync(new SignInRequest(context, page.FormToken, form["ceremony"], form["credential"]), cancellationToken))
        {
            case SignInOutcome.SignedIn signedIn:
                // A browser has one session: signing in once more renews it.
                if (page.Viewer is { } before) await endSession.RunAsync(before.Session, before, signsOut: true, cancellationToken);
                PasskeyAnswers.SetSession(context, signedIn.Secret);
                var (to, travelled) = (LocalPath.Of(form["to"]), KeptForms.TravelledIn(form));
                return PasskeyAnswers.GoTo(travelled.Count > 0 ? await kept.KeepAsync(signedIn.Person, to, travelled, cancellationToken) : to);
            case SignInOutcome.TooLate:
                return PasskeyAnswers.TooLate;
            default:
                return new Refusal(StatusCodes.Status403Forbidden, new RefusedModel("This passkey does not sign you in",
                    "It is not registered here, or not any more. If you made one on another device, use that device. Otherwise ask an administrator of your agency for an invitation."));
        }
    }

    public static async Task<IResult> SignOutAsync(HttpContext context, PageContext page, EndSession endSession, CancellationToken cancellationToken)
    {
        await endSession.RunAsync(page.Reader.Session, page.Reader, signsOut: true, cancellationToken);
        context.Response.Cookies.Delete(FormTokens.SessionCookie, FormTokens.CookieOptions);
        return Results.Redirect("/sign-in");
    }
}
