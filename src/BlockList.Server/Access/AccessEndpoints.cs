using BlockList.Server.Http.Pages;

namespace BlockList.Server.Access;

internal static class AccessEndpoints
{
    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        var signIn = routes.MapGroup("/sign-in").ForVisitors();
        signIn.MapGet("", SignInEndpoints.Show);
        signIn.MapPost("/begin", SignInEndpoints.BeginAsync).ShownAt("/sign-in");
        signIn.MapPost("/finish", SignInEndpoints.FinishAsync).ShownAt("/sign-in");

        var invitation = routes.MapGroup("/invitation/{token}").ForVisitors();
        invitation.MapGet("", InvitationEndpoints.ShowAsync);
        invitation.MapPost("/begin", InvitationEndpoints.BeginAsync);
        invitation.MapPost("/finish", InvitationEndpoints.FinishAsync);

        routes.MapPost("/sign-out", SignInEndpoints.SignOutAsync).ForPeople().ShownAt("/");

        var account = routes.MapGroup("/account").ForPeople().ShownAt("/account");
        account.MapGet("", AccountEndpoints.ShowAsync);
        account.MapPost("", AccountEndpoints.SetAsync);
        account.MapGet("/zone", AccountEndpoints.ShowZone);
        account.MapPost("/passkeys/begin", AccountEndpoints.BeginPasskeyAsync);
        account.MapPost("/passkeys/finish", AccountEndpoints.FinishPasskeyAsync);
        account.MapPost("/passkeys/{label}/name", AccountEndpoints.RenamePasskeyAsync);
        account.MapPost("/passkeys/{label}/remove", AccountEndpoints.RemovePasskeyAsync);
        account.MapPost("/sessions/{session:guid}/end", AccountEndpoints.EndSessionAsync);

        var people = routes.MapGroup("/people").ForPeople();
        people.MapGet("", PeopleEndpoints.ShowAllAsync);
        people.MapPost("", PeopleEndpoints.AddAsync).ForPeople(Administrators);
        var person = people.MapGroup("/{person}").ShownAt("/people/{person}");
        person.MapGet("", PeopleEndpoints.ShowAsync);
        person.MapPost("/invite", PeopleEndpoints.InviteAsync).ForPeople(Administrators);
        person.MapPost("/roles", PeopleEndpoints.ChangeRolesAsync).ForPeople(Administrators);
        person.MapPost("/leave", PeopleEndpoints.LeaveAsync).ForPeople(Administrators);
        person.MapPost("/sessions/end", PeopleEndpoints.EndSessionsAsync).ForPeople(Administrators);
        person.MapPost("/invitations/{invitation:guid}/approve", PeopleEndpoints.ApproveAsync).ForPeople([.. Administrators, RoleNames.Curator]);
        person.MapPost("/invitations/{invitation:guid}/revoke", PeopleEndpoints.RevokeAsync).ForPeople([.. Administrators, RoleNames.Curator]);
    }

    private static string[] Administrators => [RoleNames.AgencyAdministrator, RoleNames.OperatorAdministrator];
}
