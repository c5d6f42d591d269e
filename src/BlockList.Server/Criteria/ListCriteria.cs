namespace BlockList.Server.Criteria;

/// <summary>A list with the versions of its criteria, the newest first.</summary>
internal sealed record ListCriteria(ListParameters List, IReadOnlyList<CriteriaVersion> Versions);
