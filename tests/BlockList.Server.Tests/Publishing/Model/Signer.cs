namespace BlockList.Server.Tests.Publishing.Model;

/// <summary>A person signing for an agency, with what they may do there.</summary>
/// <param name="Person">Id of the person.</param>
/// <param name="Agency">Null of people who belong to none, and then decide about complaints only.</param>
/// <param name="Country">Of the agency.</param>
/// <param name="IsCurator">Votes and sights.</param>
/// <param name="IsReleaseOfficer">Removes, overrides, enforces.</param>
/// <param name="IsComplaintsOfficer">Decides complaints.</param>
/// <param name="IsOversight">Decides complaints, and appeals too.</param>
internal sealed record Signer(string Person, string? Agency, string? Country, bool IsCurator, bool IsReleaseOfficer, bool IsComplaintsOfficer = false, bool IsOversight = false)
{
    public bool DecidesComplaints => IsComplaintsOfficer || IsOversight;
}
