using BlockList.Server.Access;

namespace BlockList.Server.Http.Pages;

/// <summary>One entry of the navigation.</summary>
/// <param name="Section">What pages name to say where they belong; also the key of its count.</param>
/// <param name="Address">Where it leads.</param>
/// <param name="Label">Its word.</param>
/// <param name="Icon">Of <see cref="IconPaths"/>.</param>
/// <param name="Roles">Who sees it; everybody where empty. Hiding is comfort: the page itself refuses.</param>
internal sealed record NavItem(string Section, string Address, string Label, string Icon, params string[] Roles)
{
    public static readonly NavItem[] All =
    [
        new("queue", "/queue", "Queue", "queue", RoleNames.Curator, RoleNames.ReleaseOfficer, RoleNames.Auditor, RoleNames.Oversight),
        new("propose", "/propose", "Propose", "plus", RoleNames.Curator),
        new("imports", "/imports", "Import", "upload", RoleNames.Curator),
        new("entries", "/entries", "Entries", "search"),
        new("register", "/register", "Register", "hand", RoleNames.Curator, RoleNames.ReleaseOfficer, RoleNames.ListOwner, RoleNames.Oversight, RoleNames.Auditor),
        new("cases", "/cases", "Complaints", "dispute", RoleNames.ComplaintsOfficer, RoleNames.Oversight),
        new("applications", "/applications", "Providers", "people", RoleNames.ProviderManager),
        new("hosts", "/hosts", "Hosts", "hand", RoleNames.ProviderManager),
        new("lists", "/lists", "Lists", "list"),
        new("log", "/log", "Log", "eye", RoleNames.ProviderManager, RoleNames.OperatorAdministrator, RoleNames.Oversight, RoleNames.Auditor, RoleNames.ListOwner),
        new("coverage", "/coverage", "Coverage", "check", RoleNames.ProviderManager, RoleNames.OperatorAdministrator, RoleNames.Auditor),
        new("criteria", "/criteria", "Criteria", "version"),
        new("alarms", "/alarms", "Alarms", "warning", RoleNames.ReleaseOfficer, RoleNames.ListOwner, RoleNames.OperatorAdministrator, RoleNames.ProviderManager, RoleNames.Oversight, RoleNames.Auditor),
        new("people", "/people", "People", "people"),
    ];

    public bool IsFor(Viewer viewer) => Roles.Length == 0 || viewer.IsAny(Roles);
}
