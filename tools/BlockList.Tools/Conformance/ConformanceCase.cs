namespace BlockList.Tools.Conformance;

/// <summary>One case of the kit.</summary>
/// <param name="Id">Stable, for reports.</param>
/// <param name="Group">Which part of the design it is about.</param>
/// <param name="About">What is wrong with what the agent is given, or what is right about it.</param>
/// <param name="Steps">In order, on one machine with one state.</param>
internal sealed record ConformanceCase(string Id, string Group, string About, IReadOnlyList<CaseStep> Steps)
{
    /// <summary>The scenario of the tuf-conformance suite that it follows, or null.</summary>
    public string? Follows { get; init; }

    /// <summary>Why a stock TUF client may judge otherwise, or null where it must agree.</summary>
    public string? StockClientDiffers { get; init; }

    /// <summary>It waits for time to pass, so it begins before the others.</summary>
    public bool Slow { get; init; }
}
