using BlockList.Server.Data;
using BlockList.Server.Http.Pages;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Access;

/// <summary>One's own account.</summary>
internal static class AccountEndpoints
{
    public static async Task<IResult> ShowAsync(HttpContext context, PageContext page, KeptForms kept, IDbContextFactory<BlockListDb> contexts, TimeProvider clock, CancellationToken cancellationToken)
    {
        var fields = await kept.FindAsync(context, page.Reader, cancellationToken);
        var typed = fields.ContainsKey("zone") ? RequestOf(name => fields.GetValueOrDefault(name)) : null;
        return PageResult.Of<AccountPage>(await ModelAsync(page.Reader, typed, [], context.Request.Query["done"], contexts, clock, cancellationToken));
    }

    public static async Task<IResult> SetAsync(HttpContext context, PageContext page, SetAccount setAccount, IDbContextFactory<BlockListDb> contexts, TimeProvider clock, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var request = RequestOf(name => form.TryGetValue(name, out var value) ? value.ToString() : null);
        var errors = await setAccount.RunAsync(request, page.Reader, cancellationToken);
        return errors.Count == 0 ? Results.Redirect("/account?done=settings")
            : PageResult.Of<AccountPage>(await ModelAsync(page.Reader, request, errors, null, contexts, clock, cancellationToken), StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>The present time in a zone, while it is being chosen.</summary>
    public static IResult ShowZone(HttpContext context) => PageResult.Of<ZoneSample>(new ZoneSampleModel(context.Request.Query["zone"].ToString().Trim()));

    public static async Task<IResult> BeginPasskeyAsync(HttpContext context, PageContext page, RegisterPasskey register, IDbContextFactory<BlockListDb> contexts, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await FreshSession.IsAsync(db, page.Reader, clock.GetUtcNow(), cancellationToken)) return SignInFirst;
        var person = await db.People.AsNoTracking().SingleAsync(p => p.Id == page.Reader.Person, cancellationToken);
        return PasskeyAnswers.Begun(await register.BeginAsync(person, invitation: null, context, page.FormToken, cancellationToken));
    }

    public static async Task<IResult> FinishPasskeyAsync(HttpContext context, PageContext page, RegisterPasskey register, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var request = new RegisterPasskeyRequest(context, page.FormToken, form["ceremony"], form["credential"], form["name"]);
        return await register.RunAsync(request, invitation: null, page.Reader, cancellationToken) switch
        {
            RegisterPasskeyOutcome.Added => PasskeyAnswers.GoTo("/account?done=passkey-added#passkeys"),
            RegisterPasskeyOutcome.TooLate => PasskeyAnswers.TooLate,
            RegisterPasskeyOutcome.TooMany many => TooMany(many.Most),
            _ => PasskeyAnswers.Unfit,
        };
    }

    public static async Task<IResult> RenamePasskeyAsync(string label, HttpContext context, PageContext page, RenamePasskey rename, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        return await rename.RunAsync(label, form["passkey-name"], page.Reader, cancellationToken)
            ? Results.Redirect("/account?done=passkey-named#passkeys")
            : new Refusal(StatusCodes.Status422UnprocessableEntity, new RefusedModel("The passkey keeps its name", $"A name has 1 to {RegisterPasskey.LongestName} visible characters. Go back and write another.", "/account#passkeys", "Back to your passkeys"));
    }

    public static async Task<IResult> RemovePasskeyAsync(string label, PageContext page, RemovePasskey remove, CancellationToken cancellationToken) =>
        await remove.RunAsync(label, page.Reader, cancellationToken) switch
        {
            RemovePasskeyOutcome.Removed => Results.Redirect("/account?done=passkey-removed#passkeys"),
            RemovePasskeyOutcome.LastOne => new Refusal(StatusCodes.Status409Conflict, new RefusedModel("Your last passkey stays", "Without it you could not sign in any more. Add another one first; then this one can go.", "/account#passkeys", "Back to your passkeys")),
            RemovePasskeyOutcome.SignInFirst => SignInFirst,
            _ => new Refusal(StatusCodes.Status404NotFound, new RefusedModel("There is no such passkey", "It may have been removed already.", "/account#passkeys", "Back to your passkeys")),
        };

    public static async Task<IResult> EndSessionAsync(Guid session, HttpContext context, PageContext page, EndSession endSession, CancellationToken cancellationToken)
    {
        var isThisOne = session == page.Reader.Session;
        await endSession.RunAsync(session, page.Reader, signsOut: isThisOne, cancellationToken);
        if (!isThisOne) return Results.Redirect("/account?done=session-ended#sessions");
        context.Response.Cookies.Delete(FormTokens.SessionCookie, FormTokens.CookieOptions);
        return Results.Redirect("/sign-in");
    }

    public static Refusal TooMany(int most) => new(StatusCodes.Status409Conflict, new RefusedModel($"You have {most} passkeys, which is all that one person can have", "Nothing was stored. Remove one that you do not use any more, then add this one."));

    private static Refusal SignInFirst => new(StatusCodes.Status403Forbidden, new RefusedModel("Confirm first that it is you",
        $"Passkeys change within {FreshSession.Lifetime.TotalMinutes:0} minutes of signing in only. Use “Confirm with your passkey” on your account page, then do it again; nothing was changed.", "/account#passkeys", "Back to your passkeys"));

    private static SetAccountRequest RequestOf(Func<string, string?> field) => new((field("zone") ?? "").Trim(), field("theme") ?? "", field("keys-on") == "yes", field("breaks-on") == "yes",
        KeyHelp.Keys.ToDictionary(key => key.Action, key => (field(KeyMap.FieldPrefix + key.Action) ?? "").Trim(), StringComparer.Ordinal));

    private static async Task<AccountModel> ModelAsync(Viewer viewer, SetAccountRequest? typed, IReadOnlyList<FieldError> errors, string? done, IDbContextFactory<BlockListDb> contexts, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        return new AccountModel(
            await db.Passkeys.AsNoTracking().Where(p => p.Person == viewer.Person).OrderBy(p => p.CreatedAt).ToListAsync(cancellationToken),
            await db.BrowserSessions.AsNoTracking().Where(s => s.Person == viewer.Person && s.EndedAt == null && s.ExpiresAt > now).OrderByDescending(s => s.LastSeenAt).Take(50).ToListAsync(cancellationToken),
            await db.Credentials.AsNoTracking().Where(c => c.Person == viewer.Person).Select(c => c.Roles).ToListAsync(cancellationToken) is var registered ? [.. registered.SelectMany(r => r).Distinct().Order(StringComparer.Ordinal)] : [],
            await FreshSession.IsAsync(db, viewer, now, cancellationToken),
            typed ?? new SetAccountRequest(viewer.Zone.Id, viewer.Theme, KeyMap.KeysAreOn(viewer.Keys), KeyMap.BreaksAreOn(viewer.Keys), KeyMap.Effective(viewer.Keys)),
            errors, done, now);
    }
}
