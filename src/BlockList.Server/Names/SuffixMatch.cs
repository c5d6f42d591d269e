using BlockList.Format.Names;

namespace BlockList.Server.Names;

/// <summary>Where the rule stands that made a suffix public.</summary>
internal enum SuffixSection : byte
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

/// <summary>The same as places in the text of a name, for those who ask a million times.</summary>
/// <param name="Suffix">Where the public suffix begins.</param>
/// <param name="Registrable">Where the registrable domain begins; -1 if the name is the suffix itself.</param>
/// <param name="Section">Of the rule.</param>
/// <param name="IsDynamic">The suffix is of a dynamic DNS service.</param>
/// <param name="HasSuffixBelow">Names below this one are public suffixes.</param>
internal readonly record struct SuffixPlace(int Suffix, int Registrable, SuffixSection Section, bool IsDynamic, bool HasSuffixBelow);
