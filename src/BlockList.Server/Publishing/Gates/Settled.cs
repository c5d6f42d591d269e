using BlockList.Format.Lists;

namespace BlockList.Server.Publishing.Gates;

/// <summary>What people said of changes that were held and are not over yet. What was confirmed once is not discarded by an older
/// word, so the two never share an entry.</summary>
/// <param name="ConfirmedAdditions">May come, however many.</param>
/// <param name="ConfirmedRemovals">May go, however many.</param>
/// <param name="OwnersRemovals">Those of them that may go although nothing is left then: confirmed where emptiness was what was asked about,
/// which the list's owner alone can. Whoever confirmed that much goes while much comes did not say what is to be when nothing comes.</param>
/// <param name="DiscardedAdditions">Wait until they are decided anew.</param>
/// <param name="DiscardedRemovals">As above.</param>
internal sealed record Settled(ListFile ConfirmedAdditions, ListFile ConfirmedRemovals, ListFile OwnersRemovals, ListFile DiscardedAdditions, ListFile DiscardedRemovals)
{
    public static Settled Nothing { get; } = new(ListFile.Empty, ListFile.Empty, ListFile.Empty, ListFile.Empty, ListFile.Empty);

    /// <summary>The same for a version that would leave nothing: the owner's word alone counts.</summary>
    public Settled OfOwner => this with { ConfirmedRemovals = OwnersRemovals };

    /// <param name="held">All that is not over.</param>
    /// <param name="waits">Whether a removal that was discarded waits still; see <see cref="Gates.DiscardedRemovals"/>.</param>
    public static Settled Of(IReadOnlyCollection<HeldVersion> held, Func<HeldVersion, string, bool> waits)
    {
        var (confirmed, discarded) = (held.Where(version => version.IsConfirmed).ToArray(), held.Where(version => version.IsDiscarded).ToArray());
        var additions = ListFile.OfLines(confirmed.SelectMany(version => version.Change.Added));
        var removals = ListFile.OfLines(confirmed.SelectMany(version => version.Change.Removed));
        return new Settled(additions, removals, ListFile.OfLines(confirmed.Where(version => version.Gates.HasFlag(Gate.Empty)).SelectMany(version => version.Change.Removed)),
            ListFile.OfLines(discarded.SelectMany(version => version.Change.Added)).Except(additions),
            ListFile.OfLines(discarded.SelectMany(version => version.Change.Removed.Where(line => waits(version, line)))).Except(removals));
    }
}
