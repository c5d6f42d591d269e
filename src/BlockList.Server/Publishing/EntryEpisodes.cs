using System.Collections;
using System.Diagnostics.CodeAnalysis;
using BlockList.Format.Lists;
using BlockList.Format.Statements;

namespace BlockList.Server.Publishing;

/// <summary>The episode that each entry of a list stands on, found by its line. It keeps one reference for each entry; a dictionary of a
/// million lines and ids would take a hundred megabytes.</summary>
/// <param name="list">The list.</param>
/// <param name="episodes">In the order of its lines.</param>
internal sealed class EntryEpisodes(ListFile list, EpisodeState[] episodes) : IReadOnlyDictionary<string, Guid>
{
    public int Count => episodes.Length;

    public IEnumerable<string> Keys => list.Lines;

    public IEnumerable<Guid> Values => episodes.Select(e => e.Id);

    public Guid this[string key] => TryGetValue(key, out var id) ? id : throw new KeyNotFoundException();

    public bool ContainsKey(string key) => list.Contains(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Guid value)
    {
        var index = list.IndexOf(key);
        value = index < 0 ? default : episodes[index].Id;
        return index >= 0;
    }

    public IEnumerator<KeyValuePair<string, Guid>> GetEnumerator() => list.Lines.Zip(Values, KeyValuePair.Create).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
