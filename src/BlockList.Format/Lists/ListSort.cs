using System.Buffers.Binary;
using System.Text;
using BlockList.Format.Names;

namespace BlockList.Format.Lists;

/// <summary>Brings entries in the order of the list, and makes its file of them.</summary>
internal static class ListSort
{
    private const int UsualLine = 24;

    /// <summary>Fewer lines are not worth another processor.</summary>
    private const int LeastAtOnce = 20_000;

    /// <summary>As <see cref="ListFile.Sort"/>.</summary>
    public static ListFile Run<T>(T[] values, Func<T, ListedName> entryOf)
    {
        // Eight letters tell nearly all lines apart, and numbers are sorted many times faster than texts.
        var beginnings = new ulong[values.Length];
        Stretches.AtOnce(values.Length, LeastAtOnce, (from, to) =>
        {
            for (var i = from; i < to; i++) beginnings[i] = BeginningOf(entryOf(values[i]));
        });
        Array.Sort(beginnings, values);
        var inFull = Comparer<T>.Create((a, b) => entryOf(a).CompareTo(entryOf(b)));
        for (var (start, end) = (0, 0); start < values.Length; start = end)
        {
            for (end = start + 1; end < values.Length && beginnings[end] == beginnings[start];) end++;
            if (end > start + 1) Array.Sort(values, start, end - start, inFull);
        }
        return Join(Stretches.AtOnce(values.Length, LeastAtOnce, (from, to) =>
        {
            var part = new ListBuilder(UsualLine * (to - from), to - from);
            Span<byte> line = stackalloc byte[ListFile.LongestLine];
            foreach (var value in values.AsSpan(from..to)) part.Add(line[..Write(entryOf(value), line)]);
            return part.Build();
        }));
    }

    private static ListFile Join(ListFile[] parts)
    {
        if (parts is [var only]) return only;
        var whole = new ListBuilder(parts.Sum(part => part.Bytes.Length), parts.Sum(part => part.Count));
        foreach (var part in parts) whole.Add(part, 0, part.Count);
        return whole.Build();
    }

    /// <summary>The first eight letters, so that numbers stand in the order of the lines.</summary>
    private static ulong BeginningOf(ListedName entry)
    {
        Span<byte> line = stackalloc byte[ListFile.LongestLine];
        line[..sizeof(ulong)].Clear();
        _ = Write(entry, line);
        return BinaryPrimitives.ReadUInt64BigEndian(line);
    }

    private static int Write(ListedName entry, Span<byte> line)
    {
        line[0] = (byte)'=';
        var mark = entry.Scope == Scope.Host ? 1 : 0;
        return mark + Encoding.ASCII.GetBytes(entry.Name.Ascii, line[mark..]);
    }
}
