using BlockList.Format.Names;

namespace BlockList.Server.Names;

/// <summary>Where the rule stands that made a suffix public.</summary>
internal enum SuffixSection
{
    /// <summary>In no list: the top label counts as the suffix.</summary>
    Unlisted,

    /// <summary>Registries of top-level domains.</summary>
    Icann,

    /// <summary>Companies that give out names below their own: hosters, dynamic DNS, site builders.</summary>
    Private,
}

/// <param name="Suffix">The public suffix of the name, in ASCII; it may be a single label.</param>
/// <param name="Registrable">The suffix and one label more, or null if the name is the suffix itself.</param>
internal sealed record SuffixMatch(string Suffix, SuffixSection Section, DomainName? Registrable);
