using BlockList.Format.Rpz;

namespace BlockList.Agent.Configuration;

/// <summary>A list to fetch and the zone that it becomes.</summary>
/// <param name="Id">The list.</param>
/// <param name="Zone">Name of the response policy zone in the resolver's own configuration.</param>
/// <param name="ZoneFile">The file that the resolver reads it from, absolute.</param>
/// <param name="Resolver">Who enforces it.</param>
/// <param name="Action">What is answered for its names.</param>
internal sealed record ListSettings(string Id, string Zone, string ZoneFile, ResolverSettings Resolver, PolicyAction Action)
{
    /// <summary>Files of the provider's own names that are never blocked, absolute.</summary>
    public IReadOnlyList<string> NeverBlock { get; init; } = [];

    /// <summary>Keep enforcing when no listing is shown to stand any more, instead of withdrawing.</summary>
    public bool KeepAfterLease { get; init; }

    /// <summary>When names may be added; null for always.</summary>
    public ChangeWindows? ChangeWindows { get; init; }

    /// <summary>The other lists that the same resolver enforces.</summary>
    public IReadOnlyList<ListSettings> Neighbours { get; init; } = [];
}
