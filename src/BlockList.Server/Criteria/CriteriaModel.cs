namespace BlockList.Server.Criteria;

/// <summary>One version of a list's criteria.</summary>
/// <param name="List">The list.</param>
/// <param name="Version">As it is stored.</param>
/// <param name="Text">The same, taken apart.</param>
/// <param name="Others">Numbers of the other versions of the list.</param>
internal sealed record CriteriaModel(ListParameters List, CriteriaVersion Version, CriteriaText Text, IReadOnlyList<int> Others)
{
    /// <summary>Whether no later version is accepted.</summary>
    public bool IsNewest => Others.All(other => other < Version.Version);
}
