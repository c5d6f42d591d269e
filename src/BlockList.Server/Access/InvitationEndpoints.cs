using BlockList.Server.Data;
using BlockList.Server.Http.Pages;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Access;

/// <summary>What the holder of an invitation's link sees. Nobody else learns whether it ever was one.</summary>
internal static class InvitationEndpoints
{
    public static async Task<IResult> ShowAsync(string token, IDbContextFactory<BlockListDb> contexts, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (found, refusal) = await FindAsync(db, token, clock, cancellationToken);
        if (found is not var (invitation, person)) return refusal!;
        var inviter = await db.People.AsNoTracking().Where(p => p.Id == invitation.InvitedBy).Select(p => p.Name).SingleOrDefaultAsync(cancellationToken);
        var agency = await db.Agencies.AsNoTracking().Where(a => a.Id == person.Agency).Select(a => a.Name).SingleOrDefaultAsync(cancellationToken);
        var earlier = await db.Passkeys.CountAsync(p => p.Person == person.Id, cancellationToken);
        return PageResult.Of<InvitationPage>(new InvitationModel(token, person, agency, inviter, invitation, earlier));
    }

    public static async Task<IResult> BeginAsync(string token, HttpContext context, PageContext page, IDbContextFactory<BlockListDb> contexts, RegisterPasskey register, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await FindAsync(db, token, clock, cancellationToken) is ({ } found, _)
            ? PasskeyAnswers.Begun(await register.BeginAsync(found.Person, found.Invitation.Id, context, page.FormToken, cancellationToken))
            : Gone;
    }

    public static async Task<IResult> FinishAsync(string token, HttpContext context, PageContext page, IDbContextFactory<BlockListDb> contexts, RegisterPasskey register, EndSession endSession, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, token, clock, cancellationToken) is not ({ } found, _)) return Gone;
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var request = new RegisterPasskeyRequest(context, page.FormToken, form["ceremony"], form["credential"], form["name"], form["remove-earlier"] == "yes");
        switch (await register.RunAsync(request, found.Invitation, page.Viewer, cancellationToken))
        {
            case RegisterPasskeyOutcome.SignedIn signedIn:
                if (page.Viewer is { } before) await endSession.RunAsync(before.Session, before, signsOut: true, cancellationToken);
                PasskeyAnswers.SetSession(context, signedIn.Secret);
                return PasskeyAnswers.GoTo("/account?done=welcome");
            case RegisterPasskeyOutcome.TooLate:
                return PasskeyAnswers.TooLate;
            case RegisterPasskeyOutcome.TooMany many:
                return AccountEndpoints.TooMany(many.Most);
            case RegisterPasskeyOutcome.Unfit:
                return PasskeyAnswers.Unfit;
            default:
                return Gone;
        }
    }

    private static Refusal Gone => new(StatusCodes.Status410Gone, new RefusedModel("This invitation opens nothing any more", "It was used or withdrawn, waits for a second person, or is too old. Reload the page to see which."));

    private static async Task<((Invitation Invitation, Person Person)? Found, IResult? Refusal)> FindAsync(BlockListDb db, string token, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await Invitations.FindAsync(db, token, cancellationToken) is not var (invitation, person))
            return (null, new Refusal(StatusCodes.Status404NotFound, new RefusedModel("This link is no invitation", "Part of it may be missing: copy all of it from where it was sent to you, or ask the administrator who sent it for another.")));
        return Invitations.ProblemOf(invitation, person, clock.GetUtcNow()) is var (what, advice) ? (null, new Refusal(StatusCodes.Status410Gone, new RefusedModel(what, advice))) : ((invitation, person), null);
    }
}
