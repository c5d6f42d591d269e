using BlockList.Server.Criteria;

namespace BlockList.Server.Complaints.Public;

/// <summary>A list as the public sees it, with the versions of its criteria, the newest first.</summary>
internal sealed record PublicList(string Id, string? Country, int AgenciesNeeded, int CountriesNeeded, int LeaseMonths, IReadOnlyList<PublicCriteria> Versions);

/// <summary>One version of a list's criteria.</summary>
internal sealed record PublicCriteria(int Version, CriteriaText Text);
