namespace BlockList.Server.Access;

/// <summary>Which roles one person can have together, and where. The table's constraints say the same.</summary>
internal static class RoleRules
{
    private static readonly string[] Administrators = [RoleNames.AgencyAdministrator, RoleNames.OperatorAdministrator];
    private static readonly string[] Deciding = [RoleNames.Curator, RoleNames.ReleaseOfficer, RoleNames.ListOwner, RoleNames.ComplaintsOfficer, RoleNames.Oversight];
    private static readonly string[] OfAnAgency = [RoleNames.Curator, RoleNames.AgencyAdministrator, RoleNames.ReleaseOfficer];
    private static readonly string[] OfNoAgency = [RoleNames.Oversight, RoleNames.ProviderManager, RoleNames.Auditor, RoleNames.OperatorAdministrator];

    public static bool FitsAgency(string role, string? agency) => agency is null ? !OfAnAgency.Contains(role) : !OfNoAgency.Contains(role);

    /// <summary>Why these roles do not go together, as a sentence, or null where they do.</summary>
    public static string? ProblemOf(IReadOnlyCollection<string> roles, string? agency)
    {
        if (roles.FirstOrDefault(role => !RoleNames.All.Contains(role)) is { } unknown) return $"There is no role “{unknown}”. The roles are: {string.Join(", ", RoleNames.All)}.";
        if (roles.FirstOrDefault(role => !FitsAgency(role, agency)) is { } misplaced)
            return agency is null ? $"A person of the operator cannot be {RoleNames.Describe(misplaced)}: that role belongs to an agency." : $"A person of an agency cannot be {RoleNames.Describe(misplaced)}: who reads every agency's judgement, or lets people in everywhere, sits in none.";
        if (roles.Intersect(Administrators).Any() && roles.Intersect(Deciding).Any()) return "An administrator has no vote: choose either an administrator's role or one that decides.";
        if (roles.Contains(RoleNames.Auditor) && roles.Count > 1) return "An auditor decides nothing and has no other role beside.";
        return null;
    }
}
