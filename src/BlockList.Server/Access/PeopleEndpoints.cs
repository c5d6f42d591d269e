using BlockList.Server.Http.Pages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Access;

/// <summary>Agencies and people: to look at for everyone, to change for their administrators.</summary>
internal static class PeopleEndpoints
{
    public static async Task<IResult> ShowAllAsync(HttpContext context, PageContext page, KeptForms kept, ReadPeople read, CancellationToken cancellationToken)
    {
        var fields = await kept.FindAsync(context, page.Reader, cancellationToken);
        return PageResult.Of<PeoplePage>(await read.AllAsync(page.Reader, fields.Count > 0 ? RequestOf(name => fields.GetValueOrDefault(name)) : null, [], context.Request.Query["done"], cancellationToken));
    }

    public static async Task<IResult> AddAsync(HttpContext context, PageContext page, AddPerson add, InvitePerson invite, ReadPeople read, IOptions<PageOptions> options, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var request = RequestOf(name => form.TryGetValue(name, out var value) ? value.ToString() : null);
        var error = await add.RunAsync(request, page.Reader, cancellationToken) switch
        {
            AddPersonOutcome.Added => null,
            AddPersonOutcome.IdTaken => new FieldError("new-id", $"The id {request.Id} is someone's already. Choose another; it never changes."),
            AddPersonOutcome.Unfit unfit => new FieldError("new-" + unfit.Field, unfit.Problem),
            _ => new FieldError("new-roles", "One of these roles is not yours to give there. An agency's administrator gives curator and release officer in their agency; the operator's administrators give the others."),
        };
        return error is null ? await InviteAsync(request.Id, page, invite, read, options, cancellationToken)
            : PageResult.Of<PeoplePage>(await read.AllAsync(page.Reader, request, [error], null, cancellationToken), StatusCodes.Status422UnprocessableEntity);
    }

    public static async Task<IResult> ShowAsync(string person, HttpContext context, PageContext page, KeptForms kept, ReadPeople read, CancellationToken cancellationToken)
    {
        var fields = await kept.FindAsync(context, page.Reader, cancellationToken);
        var typed = fields.ContainsKey("of-roles") ? RolesIn(fields.GetValueOrDefault("roles")) : null;
        return await read.OneAsync(person, page.Reader, typed, [], context.Request.Query["done"], cancellationToken) is { } model ? PageResult.Of<PersonPage>(model) : NoSuchPerson;
    }

    public static async Task<IResult> InviteAsync(string person, PageContext page, InvitePerson invite, ReadPeople read, IOptions<PageOptions> options, CancellationToken cancellationToken) =>
        await invite.RunAsync(person, page.Reader, cancellationToken) switch
        {
            InvitePersonOutcome.Invited invited => PageResult.Of<InvitedPage>(new InvitedModel((await read.FindAsync(person, cancellationToken))!, invited.Invitation, Invitations.LinkOf(options.Value.Origin, invited.Secret))),
            InvitePersonOutcome.NoSuchPerson => NoSuchPerson,
            InvitePersonOutcome.Left => Refused(person, "Nobody is invited who has left", "Nothing was changed. Someone who comes back gets a new account with a new id."),
            _ => NotTheirs(person),
        };

    public static async Task<IResult> ChangeRolesAsync(string person, HttpContext context, PageContext page, ChangeRoles change, ReadPeople read, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var viewer = page.Reader;
        if (await read.FindAsync(person, cancellationToken) is not { } found) return NoSuchPerson;
        // What the viewer cannot give is not in the form, and stays as it is.
        var theirs = Authority.RolesToGive(viewer, found.Agency);
        var chosen = RolesIn(form["roles"]);
        var roles = found.Roles.Except(theirs).Concat(chosen).Distinct().ToArray();
        switch (await change.RunAsync(new ChangeRolesRequest(person, roles), viewer, cancellationToken))
        {
            case ChangeRolesOutcome.Changed:
                return Results.Redirect($"/people/{person}?done=roles");
            case ChangeRolesOutcome.Unfit unfit:
                return PageResult.Of<PersonPage>(await read.OneAsync(person, viewer, chosen, [new FieldError("roles", unfit.Problem)], null, cancellationToken), StatusCodes.Status422UnprocessableEntity);
            default:
                return NotTheirs(person);
        }
    }

    public static async Task<IResult> LeaveAsync(string person, HttpContext context, PageContext page, ChangeRoles change, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        if (form["confirm"] != "yes") return Refused(person, "Nothing was changed", "Tick that the person has left, and send the form again. It cannot be taken back.");
        return await change.RunAsync(new ChangeRolesRequest(person, [], Leaves: true), page.Reader, cancellationToken) switch
        {
            ChangeRolesOutcome.Changed => Results.Redirect($"/people/{person}?done=left"),
            ChangeRolesOutcome.NoSuchPerson => NoSuchPerson,
            _ => NotTheirs(person),
        };
    }

    public static async Task<IResult> EndSessionsAsync(string person, PageContext page, EndSession endSession, CancellationToken cancellationToken) =>
        await endSession.RunForAsync(person, page.Reader, cancellationToken) is null ? NotTheirs(person) : Results.Redirect($"/people/{person}?done=sessions");

    public static async Task<IResult> ApproveAsync(string person, Guid invitation, PageContext page, ApproveInvitation approve, CancellationToken cancellationToken) =>
        AnswerOf(await approve.RunAsync(invitation, page.Reader, cancellationToken), person, "approved");

    public static async Task<IResult> RevokeAsync(string person, Guid invitation, PageContext page, RevokeInvitation revoke, CancellationToken cancellationToken) =>
        AnswerOf(await revoke.RunAsync(invitation, page.Reader, cancellationToken), person, "revoked");

    private static IResult AnswerOf(InvitationChange outcome, string person, string done) => outcome switch
    {
        InvitationChange.Done => Results.Redirect($"/people/{person}?done={done}"),
        InvitationChange.NotOpen => Refused(person, "This invitation is not open any more", "It was used, approved or withdrawn a moment ago, or is too old. Look at the person's page."),
        InvitationChange.NotTheirs => NotTheirs(person),
        _ => NoSuchPerson,
    };

    private static AddPersonRequest RequestOf(Func<string, string?> field) => new((field("new-id") ?? "").Trim(), (field("new-name") ?? "").Trim(), field("new-agency") is { Length: > 0 } agency ? agency : null, RolesIn(field("new-roles")));

    private static string[] RolesIn(string? roles) => (roles ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static Refusal NoSuchPerson => new(StatusCodes.Status404NotFound, new RefusedModel("There is no such person", "The address may be old. All people stand on one page.", "/people", "Agencies and people"));

    private static Refusal NotTheirs(string person) => Refused(person, "This is not yours to change",
        "Nothing was changed. Nobody changes their own account's roles or approves what they asked for themselves; an agency's administrator acts for that agency, the operator's administrators for the operator's people and for agencies' administrators.");

    private static Refusal Refused(string person, string what, string advice) => new(StatusCodes.Status403Forbidden, new RefusedModel(what, advice, $"/people/{Uri.EscapeDataString(person)}", "Back to the person"));
}
