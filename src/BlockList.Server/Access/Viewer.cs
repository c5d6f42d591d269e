namespace BlockList.Server.Access;

/// <summary>Who makes this request: read from the database with the request, so that what was withdrawn a moment ago is gone.</summary>
/// <param name="Session">Row of the session.</param>
/// <param name="Person">Id of the person.</param>
/// <param name="Name">As people know them.</param>
/// <param name="Agency">Id of their agency; null for people of the operator.</param>
/// <param name="AgencyName">As people know it.</param>
/// <param name="Country">Of the agency.</param>
/// <param name="Roles">Of <see cref="RoleNames"/>.</param>
/// <param name="Zone">In which times are shown beside UTC.</param>
/// <param name="Theme"><c>system</c>, <c>light</c> or <c>dark</c>.</param>
/// <param name="Keys">JSON object of changed keys, <c>{"assess":"x"}</c>.</param>
internal sealed record Viewer(Guid Session, string Person, string Name, string? Agency, string? AgencyName, string? Country,
    IReadOnlySet<string> Roles, TimeZoneInfo Zone, string Theme, string Keys)
{
    public bool Is(string role) => Roles.Contains(role);

    public bool IsAny(params ReadOnlySpan<string> roles)
    {
        foreach (var role in roles)
            if (Roles.Contains(role)) return true;
        return false;
    }

    /// <summary>Reads every agency's judgement at once, and sits in none of them.</summary>
    public bool ReadsEverything => IsAny(RoleNames.Auditor, RoleNames.Oversight);
}
