using BlockList.Agent.State;
using BlockList.Format;
using BlockList.Format.Lists;

namespace BlockList.Agent.Enforcing;

/// <summary>What is to be in force: the verified list, but for what brakes hold, what the provider never blocks, a version gone
/// back to, and the end of a lease.</summary>
/// <param name="List">The entries that a resolver must enforce, and no others.</param>
/// <param name="Sha256">Hash of <paramref name="List"/>; two enforcements of one version may differ.</param>
/// <param name="Version">Serial of the zone.</param>
/// <param name="Of">The verified version that this comes from.</param>
/// <param name="LeftOut">Entries left out because of the provider's own never-block file.</param>
/// <param name="HeldAdditions">Entries of the version that a brake keeps out.</param>
/// <param name="HeldRemovals">Entries that the version does not have any more and a brake keeps in.</param>
/// <param name="HeldBecause">What is held and why, or null.</param>
/// <param name="Waiting">Entries of the version that are not enforced before the change window opens.</param>
/// <param name="Withdrawn">Nothing is enforced, because no listing is shown to stand any more.</param>
/// <param name="RolledBackFrom">The version that a person went back from, or null.</param>
internal sealed record Enforcement(
    ListFile List, string Sha256, Serial Version, ListVersion Of, int LeftOut, int HeldAdditions, int HeldRemovals,
    string? HeldBecause, int Waiting, bool Withdrawn, Serial? RolledBackFrom)
{
    /// <summary>Entries of the version that the provider's own never-block file takes out.</summary>
    public ListFile Own { get; init; } = ListFile.Empty;

    public EnforcedFacts Facts => new(Sha256, List.Count, LeftOut, HeldAdditions, HeldRemovals, HeldBecause, Withdrawn, RolledBackFrom) { Waiting = Waiting };
}
