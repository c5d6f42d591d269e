using System.Collections;
using BlockList.Format.Statements;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>Episodes by a key that they carry themselves: half of what a dictionary takes, which keeps every key once more.</summary>
internal sealed class EpisodeTable<TKey> : IEnumerable<EpisodeState> where TKey : notnull
{
    private readonly HashSet<EpisodeState> episodes;
    private readonly HashSet<EpisodeState>.AlternateLookup<TKey> byKey;

    public EpisodeTable(Func<EpisodeState, TKey> keyOf)
    {
        episodes = new HashSet<EpisodeState>(new ByKey(keyOf));
        byKey = episodes.GetAlternateLookup<TKey>();
    }

    public EpisodeState? Find(TKey key) => byKey.TryGetValue(key, out var episode) ? episode : null;

    /// <summary>Takes an episode in, and the one of the same key out.</summary>
    public void Put(EpisodeState episode)
    {
        // Nearly always there is none.
        if (episodes.Add(episode)) return;
        episodes.Remove(episode);
        episodes.Add(episode);
    }

    public IEnumerator<EpisodeState> GetEnumerator() => episodes.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class ByKey(Func<EpisodeState, TKey> keyOf) : IEqualityComparer<EpisodeState>, IAlternateEqualityComparer<TKey, EpisodeState>
    {
        public bool Equals(EpisodeState? x, EpisodeState? y) => ReferenceEquals(x, y) || (x is not null && y is not null && Equals(keyOf(x), y));

        public int GetHashCode(EpisodeState obj) => GetHashCode(keyOf(obj));

        public bool Equals(TKey alternate, EpisodeState other) => EqualityComparer<TKey>.Default.Equals(alternate, keyOf(other));

        public int GetHashCode(TKey alternate) => alternate.GetHashCode();

        public EpisodeState Create(TKey alternate) => throw new NotSupportedException("an episode is more than its key");
    }
}
