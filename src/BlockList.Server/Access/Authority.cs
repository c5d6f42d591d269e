namespace BlockList.Server.Access;

/// <summary>
/// Who may do what to whose account. The database knows the same rules (<c>access.change_roles</c>,
/// <c>access.check_invitation</c>); here they decide what a page offers and how a refusal is worded.
/// </summary>
internal static class Authority
{
    /// <summary>Roles that an agency gives its own people.</summary>
    private static readonly string[] OfTheAgency = [RoleNames.Curator, RoleNames.ReleaseOfficer];

    /// <summary>Roles that this administrator may give or take from people of that agency.</summary>
    public static IReadOnlyList<string> RolesToGive(Viewer viewer, string? agency) =>
    [
        .. RoleNames.All.Where(role => OfTheAgency.Contains(role)
            ? agency is not null && viewer.Is(RoleNames.AgencyAdministrator) && viewer.Agency == agency
            : viewer.Is(RoleNames.OperatorAdministrator) && RoleRules.FitsAgency(role, agency)),
    ];

    public static bool IsAdministrator(Viewer viewer) => viewer.IsAny(RoleNames.AgencyAdministrator, RoleNames.OperatorAdministrator);

    /// <summary>Lets the person make a passkey, revokes such a link, ends their sessions.</summary>
    public static bool CanInvite(Viewer viewer, Person person) => viewer.Person != person.Id && person.LeftAt is null
        && ((viewer.Is(RoleNames.AgencyAdministrator) && person.Agency == viewer.Agency)
            || (viewer.Is(RoleNames.OperatorAdministrator) && (person.Agency is null || person.Roles.Contains(RoleNames.AgencyAdministrator))));

    /// <summary>The second person of a recovery.</summary>
    public static bool CanApprove(Viewer viewer, Person person, Invitation invitation) => viewer.Person != person.Id && viewer.Person != invitation.InvitedBy
        && (viewer.Is(RoleNames.OperatorAdministrator) || (viewer.Agency is not null && viewer.Agency == person.Agency && viewer.IsAny(RoleNames.AgencyAdministrator, RoleNames.Curator)));

    public static bool CanChangeRoles(Viewer viewer, Person person) => viewer.Person != person.Id && person.LeftAt is null && RolesToGive(viewer, person.Agency).Count > 0;

    /// <summary>Leaving takes all roles, so whoever says it must be able to take each of them.</summary>
    public static bool CanDismiss(Viewer viewer, Person person) => viewer.Person != person.Id && person.LeftAt is null
        && (person.Roles.Length > 0 ? person.Roles.All(RolesToGive(viewer, person.Agency).Contains) : CanInvite(viewer, person));
}
