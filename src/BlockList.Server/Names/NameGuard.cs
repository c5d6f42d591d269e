using BlockList.Format.Names;

namespace BlockList.Server.Names;

/// <summary>
/// Keeps names off every list whose listing would hit the innocent. Asked at proposal, at import, and again for every
/// addition of a version.
/// </summary>
internal sealed class NameGuard(PublicSuffixes suffixes)
{
    internal GuardVerdict Check(DomainName name, Scope scope)
    {
        var match = suffixes.Find(name);
        return match.Registrable is null ? new GuardVerdict.Refuse(PublicSuffix(match, scope)) : new GuardVerdict.Clear();
    }

    private static NameProblem PublicSuffix(SuffixMatch match, Scope scope)
    {
        var (section, owner) = match.Section == SuffixSection.Icann ? ("ICANN", "a registry") : ("PRIVATE", "a company");
        var harm = scope == Scope.Domain
            ? "Listing it would stop all of their sites."
            : "What stands at the name itself serves them all.";
        return new NameProblem("public-suffix",
            $"{match.Suffix} is a public suffix ({section} section of the public suffix list): {owner} gives out the names below it to people who have nothing to do with each other. {harm}",
            $"Enter the name below it that carries the material, like bad.{match.Suffix}.");
    }
}
