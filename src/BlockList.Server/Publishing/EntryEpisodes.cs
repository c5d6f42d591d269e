using BlockList.Format.Lists;
using BlockList.Format.Statements;

namespace BlockList.Server.Publishing;

/// <summary>The episode that each entry of a list stands on, found by its line. It keeps one reference for each entry; a dictionary of a
/// million lines and ids would take a hundred megabytes.</summary>
/// <param name="list">The list.</param>
/// <param name="episodes">In the order of its lines.</param>
internal sealed class EntryEpisodes(ListFile list, EpisodeState[] episodes)
{
    public static EntryEpisodes Empty { get; } = new(ListFile.Empty, []);

    public IReadOnlyList<EpisodeState> All => episodes;

    public EpisodeState? Find(string line)
    {
        var index = list.IndexOf(line);
        return index < 0 ? null : episodes[index];
    }

    /// <summary>Those of the entries that do not stand in another list.</summary>
    public EntryEpisodes Without(ListFile others)
    {
        if (others.Count == 0) return this;
        var gone = others.Lines.Select(list.IndexOf).ToHashSet();
        return new EntryEpisodes(list.Except(others), [.. episodes.Where((_, index) => !gone.Contains(index))]);
    }
}
