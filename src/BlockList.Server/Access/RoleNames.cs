namespace BlockList.Server.Access;

/// <summary>What a person may be. The database knows the same names and which of them exclude each other.</summary>
internal static class RoleNames
{
    /// <summary>Proposes and assesses.</summary>
    public const string Curator = "curator";

    /// <summary>Invites and dismisses the people of one agency; has no vote.</summary>
    public const string AgencyAdministrator = "agency-administrator";

    /// <summary>Removes entries, confirms held versions, overrides; never on a decision of their own.</summary>
    public const string ReleaseOfficer = "release-officer";

    /// <summary>Criteria and list parameters.</summary>
    public const string ListOwner = "list-owner";

    public const string ComplaintsOfficer = "complaints-officer";

    /// <summary>Appeals and samples.</summary>
    public const string Oversight = "oversight";

    public const string ProviderManager = "provider-manager";

    /// <summary>Reads everything, decides nothing.</summary>
    public const string Auditor = "auditor";

    /// <summary>Agencies' administrators and the operator's own people; has no vote.</summary>
    public const string OperatorAdministrator = "operator-administrator";

    public static readonly string[] All = [Curator, AgencyAdministrator, ReleaseOfficer, ListOwner, ComplaintsOfficer, Oversight, ProviderManager, Auditor, OperatorAdministrator];

    /// <summary>As people say it.</summary>
    public static string Describe(string role) => role.Replace('-', ' ');
}
