using BlockList.Format.Lists;

namespace BlockList.Server.Publishing.Gates;

/// <summary>What people said of changes that were held and are not over yet. What was confirmed once is not discarded by an older
/// word, so the two never share an entry.</summary>
internal sealed record Settled(ListFile ConfirmedAdditions, ListFile ConfirmedRemovals, ListFile DiscardedAdditions, ListFile DiscardedRemovals)
{
    public static Settled Nothing { get; } = new(ListFile.Empty, ListFile.Empty, ListFile.Empty, ListFile.Empty);

    public static Settled Of(IEnumerable<HeldVersion> held)
    {
        var (confirmed, discarded) = (new Changes(), new Changes());
        foreach (var version in held)
        {
            if (version.IsConfirmed) confirmed.Add(version.Change);
            else if (version.IsDiscarded) discarded.Add(version.Change);
        }
        var (additions, removals) = (ListFile.OfLines(confirmed.Additions), ListFile.OfLines(confirmed.Removals));
        return new Settled(additions, removals, ListFile.OfLines(discarded.Additions).Except(additions), ListFile.OfLines(discarded.Removals).Except(removals));
    }

    private sealed class Changes
    {
        public List<string> Additions { get; } = [];

        public List<string> Removals { get; } = [];

        public void Add(Delta change)
        {
            Additions.AddRange(change.Added);
            Removals.AddRange(change.Removed);
        }
    }
}
