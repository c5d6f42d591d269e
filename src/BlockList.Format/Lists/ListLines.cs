using System.Collections;
using System.Text;

namespace BlockList.Format.Lists;

/// <summary>The lines of a list as texts.</summary>
internal sealed class ListLines(ListFile list) : IReadOnlyList<string>
{
    public int Count => list.Count;

    public string this[int index] => Encoding.ASCII.GetString(list.Line(index));

    public IEnumerator<string> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
