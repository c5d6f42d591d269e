namespace BlockList.Server.Tests.Publishing.Model;

/// <summary>A person signing for an agency, with what they may do there.</summary>
internal sealed record Signer(string Person, string Agency, string Country, bool IsCurator, bool IsReleaseOfficer);
